"""What browsers fetch of the look: its style sheet and its pictures, under addresses that say what is in them."""

from flask import Response, abort, send_file, url_for

from app.branding.models import Logo, Look
from app.branding.views.blueprint import FOR_EVER, bp
from app.kit import palette, storage
from app.kit.access import access, anyone
from app.kit.colours import Colour, parse
from app.kit.identity import identity

SHEETS = {"branding": palette.brand_sheet, "branding-preview": palette.preview_sheet}


@bp.get('/<any("branding", "branding-preview"):sheet>-<string(length=6):digits>-<string(length=10):digest>.css')
@access(anyone)
def stylesheet(sheet: str, digits: str, digest: str) -> Response:
    """Everything in it follows from its address, so it may be kept for ever; asked by an older release's page, not."""
    colour = parse(digits)
    if colour is None:
        abort(404)
    text = SHEETS[sheet](colour)
    response = Response(text, mimetype="text/css")
    response.headers["Cache-Control"] = FOR_EVER if palette.digest(text) == digest else "no-cache"
    return response


@bp.get("/branding/<string(length=32):name>.webp")
@access(anyone)
def logo(name: str) -> Response:
    try:
        path = storage.path_of(Logo(name, 0, 0).key)
    except ValueError:
        abort(404)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype="image/webp", etag=name, max_age=0)
    response.headers["Cache-Control"] = FOR_EVER
    return response


def brand_sheet() -> str:
    """The address of the style sheet with the operator's colour; "" for the colour the house comes with."""
    look: Look = identity()
    return sheet_src("branding", look.colour) if look.colour != palette.SHIPPED else ""


def logo_src(logo: Logo) -> str:
    """The address of a logo."""
    return url_for("branding.logo", name=logo.name)


def sheet_src(name: str, text: str) -> str:
    """The address of the style sheet of this name for a colour."""
    colour = colour_of(text)
    digest = palette.digest(SHEETS[name](colour))
    return url_for("branding.stylesheet", sheet=name, digits=colour.hex[1:], digest=digest)


def colour_of(text: str) -> Colour:
    """A colour of a look: it has been read before."""
    colour = parse(text)
    assert colour is not None, text
    return colour
