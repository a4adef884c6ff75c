"""The way to the office, in the header of every page of an administrator."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from app.kit.access import current_actor
from app.kit.actor import is_administrator
from app.kit.slots import fills


@fills("header.staff")
def link(_subjects: Sequence[Any]) -> str:
    """Beside the way to the moderation."""
    return render_template("admin/_link.html") if is_administrator(current_actor()) else ""
