"""The page of the timeline."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone, current_actor
from app.kit.guest_pages import kept_for_guests
from app.timeline import queries

bp = Blueprint("timeline", __name__)


@bp.get("/activity")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    page = queries.entries(current_actor(), request.args.get("after"))
    return render_template("timeline/index.html", page=page)
