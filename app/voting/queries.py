"""Who supports what."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select

from app.accounts.models import User
from app.kit import clock
from app.kit.access import person_of_session
from app.kit.actor import Acting, Actor
from app.kit.db import db, is_sqlite
from app.kit.prepared import Prepared
from app.subjects.registry import Ballot
from app.voting.models import Support


def supported_by(actor: Actor, subject_ids: Collection[int]) -> set[int]:
    """Which of these subjects the person supports; none for a guest, without a query."""
    if not actor.is_signed_in or not subject_ids:
        return set()
    mine = select(Support.subject_id).where(Support.person_id == actor.id, Support.subject_id.in_(subject_ids))
    return set(db.session.scalars(mine))


def supported_at(actor: Actor, subject_id: int) -> datetime | None:
    """Since when the person supports a subject; None if not, for a guest without a query."""
    if not actor.is_signed_in:
        return None
    mine = (Support.person_id == actor.id) & (Support.subject_id == subject_id)
    return db.session.scalar(select(Support.created_at).where(mine))


def supports_by_day(subject_id: int) -> list[tuple[date, int]]:
    """How many supports were given on each day of the operator's zone on which there were any, oldest first."""
    hour = (
        func.strftime("%Y-%m-%dT%H", Support.created_at)
        if is_sqlite()
        else func.to_char(func.timezone("UTC", Support.created_at), 'YYYY-MM-DD"T"HH24')
    )
    rows = db.session.execute(select(hour, func.count()).where(Support.subject_id == subject_id).group_by(hour))
    days: Counter[date] = Counter()
    for text, number in rows:
        days[clock.day_of(datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC))] += number
    return sorted(days.items())


def votes_given(actor: Actor, ballot: Ballot) -> int:
    """How many votes of a ballot the person has given."""
    mine = select(func.count(Support.id)).where(Support.person_id == actor.id, Support.subject_id.in_(ballot.of))
    return db.session.scalar(mine) or 0


def has_given(actor: Actor, subject_id: int) -> bool:
    """Whether the person supports a subject; decided for this transaction where they are locked (`lock_person`)."""
    return bool(_given.rows({"person": actor.id, "subject": subject_id}))


def foresee_given(subject_id: int) -> None:
    """Tell that `has_given` will be asked of the person of this session."""
    if person_id := person_of_session():
        _given.foresee({"person": person_id, "subject": subject_id})


def _support_of() -> Any:
    person, subject = bindparam("person", type_=BigInteger), bindparam("subject", type_=BigInteger)
    return select(Support.id).where(Support.person_id == person, Support.subject_id == subject)


_given = Prepared(_support_of)


def lock_person(actor: Actor) -> None:
    """One person's votes come one after another, however many windows they have open (PostgreSQL)."""
    if not is_sqlite() and not isinstance(actor, Acting):  # who acts at once is locked already
        db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
