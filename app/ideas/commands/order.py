"""Lists are put in order after what was counted: at once where little happens, every half minute where much does.

Counts are added to past what lists sort by (`app/ideas/models/listing.py`). Which ideas moved the activities tell; up
to which one they were looked at is kept, so that none is forgotten when the job runner is started anew.
"""

import time
from collections.abc import Sequence

from sqlalchemy import BigInteger, cast, func, or_, select, union, update
from sqlalchemy.sql import Update

from app.ideas.models import Idea
from app.ideas.models.listing import LISTED
from app.kit import jobs, tallies
from app.kit.db import about, command, db, guests_may_wait, unit_of_work
from app.subjects.models import ActivityRow

TALLY = "ideas in order"
AGAIN = 500
"""So many activities are looked at twice: of two PostgreSQL numbers the later one may be seen first."""
AT_FIRST = 10_000
FEW, LONGEST_SECONDS = 50, 30.0
BATCH = 50
_OUT_OF_ORDER = or_(*(getattr(Idea, name) != getattr(Idea, after) for name, after in LISTED.items()))
_waits_until = [0.0]


def follow_counts() -> None:
    """Put in order what moved since it was last looked, unless much is going on and that was a moment ago."""
    if time.monotonic() >= _waits_until[0]:
        _waits_until[0] = time.monotonic() + (LONGEST_SECONDS if put_in_order() > FEW else 0)


def put_in_order() -> int:
    """Have lists sort by what is counted now; how many ideas had moved."""
    with unit_of_work(writes=False):
        newest = db.session.scalar(select(func.max(ActivityRow.id))) or 0
        known = tallies.last(TALLY)
        since = known["activity"] if known else newest - AT_FIRST
        moved = _moved(since - AGAIN) if newest > since else []
    for start in range(0, len(moved), BATCH):
        with jobs.in_between():
            _sort(moved[start : start + BATCH])
    if moved or newest - since > AGAIN:
        with unit_of_work():
            _keep(newest)
    return len(moved)


@command
def put_all_in_order() -> None:
    """The same for every idea, looking at each: after counters were wrong."""
    db.session.execute(_sorted_anew().where(_OUT_OF_ORDER))


def _moved(since: int) -> Sequence[int]:
    """The ideas that activities after this one are about and that are out of order."""
    new = select(ActivityRow.subject_id).where(ActivityRow.id > since)
    about_id = cast(ActivityRow.facts["about_id"].as_string(), BigInteger)
    of_new = select(about_id).where(ActivityRow.id > since, about_id.is_not(None))
    return db.session.scalars(select(Idea.id).where(Idea.id.in_(union(new, of_new)), _OUT_OF_ORDER)).all()


@command
@guests_may_wait
def _sort(ids: Sequence[int]) -> None:
    about()  # pages of ideas tell what is counted, lists what is sorted
    db.session.execute(_sorted_anew().where(Idea.id.in_(ids)))


@command
@guests_may_wait
def _keep(activity_id: int) -> None:
    about()
    tallies.keep(TALLY, {"activity": activity_id})


def _sorted_anew() -> Update:
    values = {after: getattr(Idea, name) for name, after in LISTED.items()}
    return update(Idea).values(values).execution_options(synchronize_session=False)
