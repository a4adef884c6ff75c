"""What is held about those who ran an import."""

from typing import Any

from sqlalchemy import select

from app.imports.models import ImportRun
from app.kit import personal_data
from app.kit.db import db


def _export(person_id: int) -> list[dict[str, Any]]:
    runs = db.session.scalars(select(ImportRun).where(ImportRun.author_id == person_id).order_by(ImportRun.id)).unique()
    return [{"file": run.file_name, "source": run.system, "at": run.created_at.isoformat()} for run in runs]


def _keep(person_id: int) -> None:
    """Who brought what stays in the books; the account behind it no longer has a name."""


personal_data.register("imports", export=_export, anonymise=_keep)
