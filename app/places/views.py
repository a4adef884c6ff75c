"""The region's outlines for maps, from this platform and nobody else's."""

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone
from app.places.queries import DISTRICTS, MUNICIPALITIES

bp = Blueprint("places", __name__)
LEVELS = {"districts": DISTRICTS, "municipalities": MUNICIPALITIES}
WEEK_SECONDS = 7 * 24 * 3600


@bp.get("/places/outlines/<level>.json")
@access(anyone)
def outlines(level: str) -> ResponseReturnValue:
    if level not in LEVELS:
        abort(404)
    answer: Response = send_file(LEVELS[level], "application/geo+json", conditional=True, max_age=WEEK_SECONDS)
    return answer
