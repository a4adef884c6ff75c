"""What the platform holds about a person's votes."""

from typing import Any

from sqlalchemy import select

from app.kit import personal_data
from app.kit.db import db
from app.voting.models import Support


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Support).where(Support.person_id == person_id).order_by(Support.id))
    return [{"subject": row.subject_id, "at": row.created_at.isoformat()} for row in rows]


def _keep(person_id: int) -> None:
    """A vote stays counted; the account behind it no longer has a name."""


personal_data.register("supports", export=_export, anonymise=_keep)
