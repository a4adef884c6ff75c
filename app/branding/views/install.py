"""What makes the platform installable: the manifest, and icons made of logo or initial."""

import hashlib
from typing import Any

from flask import Response, abort, jsonify, send_file, url_for

from app.branding.models import Look
from app.branding.views.blueprint import FOR_EVER, bp
from app.branding.views.files import colour_of
from app.kit import icons, storage
from app.kit.access import access, anyone
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.kit.identity import identity, site_claim
from app.kit.palette import WHITE, Theme, palette

# kind: width in pixels, whether it is maskable, the number in its storage key
SIZES = {"192": (192, False, 192), "512": (512, False, 512), "maskable": (512, True, 513)}
SHAPE = {"id": "/", "start_url": "/", "scope": "/", "display": "standalone", "dir": "ltr"}
FORMAT = 1


@bp.get("/manifest.webmanifest")
@access(anyone)
@kept_for_guests
def manifest() -> Response:
    answer = jsonify(_manifest(identity()))
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get('/icon-<string(length=32):digest>-<any("192", "512", "maskable"):kind>.png')
@access(anyone)
def icon(digest: str, kind: str) -> Response:
    """Made when it is first asked for, and kept; an address of an older look shows today's."""
    look: Look = identity()
    today = _digest(look)
    key = f"{today[:2]}/{today[2:]}-{SIZES[kind][2]}.png"
    path = storage.path_of(key)
    if not path.is_file():
        storage.save(key, _drawn(look, kind))
    if not path.is_file():
        abort(404)
    response = send_file(path, "image/png", etag=f"{today}-{kind}", max_age=0)
    response.headers["Cache-Control"] = FOR_EVER if digest == today else "no-cache"
    return response


def icon_src(kind: str = "192") -> str:
    """The address of the site's icon of a kind."""
    return url_for("branding.icon", digest=_digest(identity()), kind=kind)


def _manifest(look: Look) -> dict[str, Any]:
    """What browsers read, as https://www.w3.org/TR/appmanifest/ has it."""
    colours = {"background_color": _theme(look).ground.grounds[0].hex, "theme_color": _theme(look).tokens["wall"].hex}
    begin = {"name": _("Idee einreichen"), "url": url_for("ideas.new")}
    return (
        SHAPE
        | colours
        | {
            "name": look.name,
            "short_name": look.name if len(look.name) <= 24 else look.name.split()[0],
            "description": site_claim(),
            "lang": language(),
            "icons": [_icon_entry(kind) for kind in SIZES],
            "shortcuts": [begin, {"name": _("Alle Ideen"), "url": url_for("ideas.index")}],
        }
    )


def _icon_entry(kind: str) -> dict[str, Any]:
    size, is_maskable, _number = SIZES[kind]
    purpose = "maskable" if is_maskable else "any"
    return {"src": icon_src(kind), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _drawn(look: Look, kind: str) -> bytes:
    size, fills, _number = SIZES[kind]
    path = storage.path_of(look.logo.key) if look.logo else None
    if path is not None and path.is_file():
        return icons.logo_icon(path.read_bytes(), size, ground=WHITE, fills=fills)
    own = _theme(look).tokens
    return icons.letter_icon(_initial(look), size, ground=own["brand"], ink=own["on-brand"], fills=fills)


def _initial(look: Look) -> str:
    return next((letter for letter in look.name if letter.isalnum()), "?").upper()[:1]


def _digest(look: Look) -> str:
    """Everything an icon follows from."""
    made_of = look.logo.name if look.logo else f"{_initial(look)} {look.colour}"
    return hashlib.sha256(f"{FORMAT} {made_of}".encode()).hexdigest()[:32]


def _theme(look: Look) -> Theme:
    return palette(colour_of(look.colour)).light
