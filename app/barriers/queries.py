"""Messages about barriers, for staff; one of them by its receipt, for whoever wrote it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.barriers import policy
from app.barriers.models import Barrier
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound

MOST = 200


def barrier_for(reader: Actor, barrier_id: int) -> Barrier:
    """A message.

    Raises:
        NotFound: there is none, or the reader is not of the staff.
    """
    found = db.session.get(Barrier, barrier_id) if policy.can_work(reader) else None
    if found is None:
        raise NotFound
    return found


def barriers_for(reader: Actor, ids: Collection[int]) -> Sequence[Barrier]:
    """Several of them; none for anybody but staff."""
    return db.session.scalars(select(Barrier).where(Barrier.id.in_(ids))).all() if policy.can_work(reader) else []


def by_receipt(receipt: str) -> Barrier:
    """The message with this receipt.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Barrier).where(Barrier.receipt == receipt)).first()
    if found is None:
        raise NotFound
    return found


def open_barriers() -> Sequence[Barrier]:
    """Those that wait, the oldest first; two hundred at most."""
    waiting = select(Barrier).where(Barrier.done_at.is_(None)).order_by(Barrier.id)
    return db.session.scalars(waiting.limit(MOST)).all()


def done_barriers() -> Sequence[Barrier]:
    """Those that are done, the newest first; two hundred at most."""
    done = select(Barrier).where(Barrier.done_at.is_not(None)).order_by(Barrier.done_at.desc(), Barrier.id.desc())
    return db.session.scalars(done.limit(MOST)).all()


def open_count() -> int:
    """How many wait."""
    return db.session.scalar(select(func.count()).select_from(Barrier).where(Barrier.done_at.is_(None))) or 0


def to_forget(before: datetime) -> Sequence[Barrier]:
    """Those done before this moment that still hold an address."""
    return db.session.scalars(select(Barrier).where(Barrier.done_at < before, Barrier.email != "")).all()
