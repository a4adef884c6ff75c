"""The page administrators begin at."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kit.access import access
from app.kit.actor import is_administrator

bp = Blueprint("admin", __name__)


@bp.get("/admin")
@access(is_administrator)
def index() -> ResponseReturnValue:
    return render_template("admin/index.html")
