"""The way to imports for administrators, and what is held about those who ran one."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.imports import policy
from app.imports.models import ImportRun
from app.kit import personal_data
from app.kit.access import current_actor
from app.kit.db import db
from app.kit.slots import fills


@fills("header.staff")
def link(_subjects: Sequence[Any]) -> str:
    """For administrators, beside the way to the moderation."""
    return render_template("imports/_link.html") if policy.can_run(current_actor()) else ""


def _export(person_id: int) -> list[dict[str, Any]]:
    runs = db.session.scalars(select(ImportRun).where(ImportRun.author_id == person_id).order_by(ImportRun.id)).unique()
    return [{"file": run.file_name, "source": run.system, "at": run.created_at.isoformat()} for run in runs]


def _keep(person_id: int) -> None:
    """Who brought what stays in the books; the account behind it no longer has a name."""


personal_data.register("imports", export=_export, anonymise=_keep)
