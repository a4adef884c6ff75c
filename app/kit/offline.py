"""Without a connection: the service worker, and the page it shows then."""

from flask import Blueprint, Response, current_app, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone
from app.kit.guest_pages import kept_for_guests

bp = Blueprint("offline", __name__)


@bp.get("/sw.js")
@access(anyone)
def worker() -> Response:
    """At the root of the site, for a worker looks after what lies below its own address."""
    response = send_from_directory(f"{current_app.static_folder}/js", "sw.js", mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@access(anyone)
@kept_for_guests
def show() -> ResponseReturnValue:
    return render_template("kit/offline.html")
