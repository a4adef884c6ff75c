"""Serving pictures, as visible as what they belong to."""

from flask import Blueprint, Response, abort, send_file, url_for

from app.attachments import queries
from app.attachments.models import Picture
from app.kit import storage
from app.kit.access import access, anyone

bp = Blueprint("attachments", __name__)


@bp.get("/pictures/<id:picture_id>/<id:width>.webp")
@access(anyone, of=queries.picture_for)
def picture(picture: Picture, width: int) -> Response:
    if width not in picture.widths:
        abort(404)
    # Asked anew each time (ETag answers 304): a hidden idea's picture is gone the same second.
    path = storage.path_of(picture.key(width))
    return send_file(path, mimetype="image/webp", etag=f"{picture.stem[3:]}-{width}", max_age=0)


def picture_src(picture: Picture, width: int) -> str:
    """The address of the file nearest to a width in pixels, not smaller where there is one."""
    fitting = [own for own in picture.widths if own >= width]
    return url_for("attachments.picture", picture_id=picture.id, width=min(fitting) if fitting else max(picture.widths))


def picture_srcset(picture: Picture) -> str:
    """The `srcset` of all its files."""
    address = [(url_for("attachments.picture", picture_id=picture.id, width=width), width) for width in picture.widths]
    return ", ".join(f"{url} {width}w" for url, width in address)
