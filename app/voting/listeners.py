"""Whoever supports something follows it; what the platform holds about a person's votes."""

from typing import Any

from sqlalchemy import select

from app.follows import commands as follows
from app.follows.models import Because
from app.kit import personal_data
from app.kit.db import db
from app.subjects.activities import within
from app.voting.activities import SupportGiven, SupportWithdrawn
from app.voting.models import Support


@within(SupportGiven)
def follow_supported(fact: SupportGiven) -> None:
    """Whoever supports something hears what becomes of it."""
    follows.follow_by_itself(fact.subject_id, fact.actor_id, Because.SUPPORT)


@within(SupportWithdrawn)
def end_following_supported(fact: SupportWithdrawn) -> None:
    follows.end_support_follow(fact.subject_id, fact.actor_id)


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Support).where(Support.person_id == person_id).order_by(Support.id))
    return [{"subject": row.subject_id, "at": row.created_at.isoformat()} for row in rows]


def _keep(person_id: int) -> None:
    """A vote stays counted; the account behind it no longer has a name."""


personal_data.register("supports", export=_export, anonymise=_keep)
