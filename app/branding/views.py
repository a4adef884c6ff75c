"""The brand's style sheet and pictures, and the page where an administrator changes the look."""

from flask import Blueprint, Response, abort, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.branding import commands, policy, queries
from app.branding.forms import LookForm
from app.branding.models import Logo, Look
from app.kit import palette, storage
from app.kit.access import access, anyone, current_actor
from app.kit.colours import Colour, parse
from app.kit.identity import identity
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to

bp = Blueprint("branding", __name__)
FOR_EVER = "public, max-age=31536000, immutable"
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


@bp.get("/admin/appearance")
@access(policy.can_edit)
def edit() -> ResponseReturnValue:
    return _page(LookForm.filled(queries.current_look()))


@bp.post("/admin/appearance")
@access(policy.can_edit)
def save() -> ResponseReturnValue:
    form = LookForm().of(queries.current_look())
    is_right = form.check()
    commands.keep_logos(form.pictures, by=current_actor())
    if not is_right or form.partners.asks_for_more:
        return _page(form), 200 if is_right else 422
    commands.save_look(form.to_look(), based_on=form.newest.version, by=current_actor())
    notify(_("Gespeichert. So sieht die Plattform ab jetzt für alle aus."))
    return redirect_to(url_for(".edit"))


@bp.post("/admin/appearance/preview")
@limiter.limit("60/minute")
@access(policy.can_edit)
def preview() -> ResponseReturnValue:
    """The form again, with how it would look; nothing is saved."""
    form = LookForm().of(queries.current_look())
    is_right = form.check()
    commands.keep_logos(form.pictures, by=current_actor())
    return _page(form), 200 if is_right else 422


def brand_sheet() -> str:
    """The address of the style sheet with the operator's colour; "" for the colour the house comes with."""
    look: Look = identity()
    return _sheet("branding", look.colour) if look.colour != palette.SHIPPED else ""


def logo_src(logo: Logo) -> str:
    """The address of a logo."""
    return url_for("branding.logo", name=logo.name)


def _page(form: LookForm) -> str:
    look = form.to_look()
    colour = _colour(look.colour)
    sheet = _sheet("branding-preview", look.colour)
    return render_template("branding/form.html", form=form, look=look, palette=palette.palette(colour), sheet=sheet)


def _sheet(name: str, text: str) -> str:
    colour = _colour(text)
    digest = palette.digest(SHEETS[name](colour))
    return url_for("branding.stylesheet", sheet=name, digits=colour.hex[1:], digest=digest)


def _colour(text: str) -> Colour:
    colour = parse(text)
    assert colour is not None, text
    return colour
