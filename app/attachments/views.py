"""Serving pictures, as visible as what they belong to."""

from flask import Blueprint, Response, abort, send_file, url_for

from app.attachments import queries
from app.attachments.models import Picture
from app.kit import storage
from app.kit.access import access, anyone

bp = Blueprint("attachments", __name__)


@bp.get("/pictures/<id:picture_id>/<id:width>.<any(webp, avif):kind>")
@access(anyone, of=queries.picture_for)
def picture(picture: Picture, width: int, kind: str) -> Response:
    if width not in picture.widths or kind not in picture.formats:
        abort(404)
    # Asked anew each time (ETag answers 304): a hidden idea's picture is gone the same second.
    path = storage.path_of(picture.key(width, kind))
    return send_file(path, mimetype=f"image/{kind}", etag=f"{picture.stem[3:]}-{width}-{kind}", max_age=0)


def picture_src(picture: Picture, width: int) -> str:
    """The address of the file nearest to a width in pixels, not smaller where there is one."""
    fitting = [own for own in picture.widths if own >= width]
    return _address(picture, min(fitting) if fitting else max(picture.widths))


def picture_srcset(picture: Picture, kind: str = "webp") -> str:
    """The `srcset` of all its files of one format; empty where there are none."""
    widths = picture.widths if kind in picture.formats else []
    return ", ".join(f"{_address(picture, width, kind)} {width}w" for width in widths)


def _address(picture: Picture, width: int, kind: str = "webp") -> str:
    return url_for("attachments.picture", picture_id=picture.id, width=width, kind=kind)
