"""Taking messages about barriers, and being done with them."""

import secrets
from datetime import timedelta

from app.barriers import policy, queries
from app.barriers.activities import BarrierDone, BarrierReported
from app.barriers.models import Barrier
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.i18n import language
from app.subjects.commands import new_subject, record

KEPT = timedelta(days=180)


@command
def report_barrier(*, text: str, page: str, email: str, by: Actor) -> Barrier:
    """Take a message, from anyone; its receipt is for whoever wrote it."""
    barrier = Barrier(id=new_subject("barrier"), receipt=f"B-{secrets.token_hex(5).upper()}", language=language())
    barrier.text, barrier.page, barrier.email = text, page, email
    db.session.add(barrier)
    db.session.flush()
    record(BarrierReported(subject_id=barrier.id, actor_id=by.id))
    return barrier


@command
def finish(barrier: Barrier, *, by: Actor) -> None:
    """Somebody has answered it or had it mended; once more changes nothing."""
    require(policy.can_work(by), by)
    if barrier.done_at is None:
        barrier.done_at, barrier.done_by_id = clock.now(), by.id or None
        record(BarrierDone(subject_id=barrier.id, actor_id=by.id))


@command
def forget_addresses() -> int:
    """Half a year after it was done nobody needs the address any more; returns how many were forgotten."""
    old = queries.to_forget(clock.now() - KEPT)
    for barrier in old:
        barrier.email = ""
    return len(old)
