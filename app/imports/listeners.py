"""The way to imports for administrators."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from app.imports import policy
from app.kit.access import current_actor
from app.kit.slots import fills


@fills("header.staff")
def link(_subjects: Sequence[Any]) -> str:
    """For administrators, beside the way to the moderation."""
    return render_template("imports/_link.html") if policy.can_run(current_actor()) else ""
