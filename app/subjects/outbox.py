"""Deliveries: every activity reaches every listener after it, in the database exactly once.

A delivery is claimed, its listener runs, and `done_at` is set, all in one transaction; a process
that dies in between leaves the row as it was. huey only wakes this up, the sweep finds the rest.
"""

from datetime import timedelta

from sqlalchemy import select, update

from app.kit import clock, jobs
from app.kit.db import after_commit, command, db, unit_of_work
from app.kit.logs import log
from app.subjects.activities import from_row, listeners_after
from app.subjects.models import Delivery

LONGEST_WAIT = timedelta(hours=6)


def wake_after_commit() -> None:
    """Have the job runner look for deliveries once this transaction has been committed."""
    after_commit(_wake)


@command
def settle() -> None:
    """Count every delivery as done: what was brought in after the fact is no news to anyone."""
    db.session.execute(update(Delivery).where(Delivery.done_at.is_(None)).values(done_at=clock.now()))


def _wake() -> None:
    jobs.enqueue(deliver_due)


@jobs.job
@jobs.sweep
def deliver_due() -> None:
    """Carry out every delivery that is due."""
    while (delivery_id := _next_due()) is not None:
        _deliver(delivery_id)


def _next_due() -> int | None:
    with unit_of_work(writes=False):
        due = select(Delivery.id).where(Delivery.done_at.is_(None), Delivery.due_at <= clock.now())
        return db.session.scalars(due.order_by(Delivery.due_at).limit(1)).first()


def _deliver(delivery_id: int) -> None:
    try:
        with unit_of_work():
            claim = select(Delivery).where(Delivery.id == delivery_id, Delivery.done_at.is_(None))
            delivery = db.session.scalars(claim.with_for_update(of=Delivery)).first()
            if delivery is None:
                return
            listener = listeners_after(delivery.activity.name).get(delivery.listener)
            activity = from_row(delivery.activity)
            if listener is not None and activity is not None:
                listener(activity)
            delivery.done_at = clock.now()
    except Exception as error:
        log.exception("delivery failed", delivery=delivery_id, error=type(error).__name__)
        _postpone(delivery_id, type(error).__name__)


def _postpone(delivery_id: int, error: str) -> None:
    with unit_of_work():
        delivery = db.session.get_one(Delivery, delivery_id)
        wait = min(timedelta(seconds=5 * 3**delivery.attempts), LONGEST_WAIT)
        values = {"attempts": Delivery.attempts + 1, "due_at": clock.now() + wait, "error": error}
        db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))
