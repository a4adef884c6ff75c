"""Who supports what."""

from collections.abc import Collection

from sqlalchemy import select

from app.kit.actor import Actor
from app.kit.db import db
from app.voting.models import Support


def supported_by(actor: Actor, subject_ids: Collection[int]) -> set[int]:
    """Which of these subjects the person supports; none for a guest, without a query."""
    if not actor.is_signed_in or not subject_ids:
        return set()
    mine = select(Support.subject_id).where(Support.person_id == actor.id, Support.subject_id.in_(subject_ids))
    return set(db.session.scalars(mine))
