"""The region's outlines for maps, from this platform and nobody else's."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone
from app.kit.guest_pages import kept_for_guests
from app.places.queries import DISTRICTS, MUNICIPALITIES

bp = Blueprint("places", __name__)
LEVELS = {"districts": DISTRICTS, "municipalities": MUNICIPALITIES}
WEEK_SECONDS = 7 * 24 * 3600


@bp.get("/places/outlines/<level>.json")
@access(anyone)
@kept_for_guests
def outlines(level: str) -> ResponseReturnValue:
    if level not in LEVELS:
        abort(404)
    answer = Response(_content(LEVELS[level]), mimetype="application/geo+json")
    answer.cache_control.public, answer.cache_control.max_age = True, WEEK_SECONDS
    answer.add_etag()
    return answer.make_conditional(request)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()
