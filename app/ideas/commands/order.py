"""Lists are put in order after what was counted: soon where little happens, every minute where much does.

Counts are added to past what lists sort by (`app/ideas/models/listing.py`). Which ideas moved the activities tell. Each
is looked at for a minute, since PostgreSQL may show one later than others with higher numbers; up to which one all is
done is kept, for when the job runner starts anew. Whatever may be missed all the same, mixing the fair order sets right
once a day.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.sql import Update

from app.ideas.models import Idea
from app.ideas.models.listing import LISTED
from app.ideas.queries.order import (
    free_to_sort,
    ideas_moved,
    ideas_moved_among,
    last_idea,
    newest_activity,
    out_of_order,
)
from app.kit import jobs, tallies
from app.kit.db import about, command, db, guests_may_wait, unit_of_work

TALLY = "ideas in order"
OPEN_SECONDS = 60.0
"""Longer than any transaction that counts something stays open."""
PAUSE, LONGEST_SECONDS = 20, 60.0
"""How many times as long as it took nothing is put in order afterwards, and how long at most."""
BATCH, WALK = 50, 5000
AGAIN = KEPT_EVERY = 1000
COUNTED_NOW = {after: getattr(Idea, name) for name, after in LISTED.items()}


class _Look(NamedTuple):
    """When it was looked (monotonic), and the newest activity then."""

    at: float
    newest: int


@dataclass
class _Watch:
    """The looks of a process, the first a minute old: what is older has been seen. `kept`: as the tally says."""

    looks: deque[_Look] = field(default_factory=deque)
    kept: int = 0
    waits_until: float = 0.0

    def note(self, newest: int) -> None:
        now = time.monotonic()
        self.looks.append(_Look(now, newest))
        while len(self.looks) > 1 and self.looks[1].at <= now - OPEN_SECONDS:
            self.looks.popleft()


def follow_counts() -> None:
    """Put in order what moved, unless that was done a moment ago and took long: each idea writes to all its indexes."""
    watch, began = _watch(), time.monotonic()
    if began >= watch.waits_until:
        put_in_order()
        took = time.monotonic() - began
        watch.waits_until = began + took + min(PAUSE * took, LONGEST_SECONDS)


def put_in_order() -> int:
    """Have lists sort by what is counted now; how many ideas had moved."""
    watch = _watch()
    with unit_of_work(writes=False):
        newest = newest_activity()
        if watch.looks and newest < watch.looks[-1].newest:  # a backup was restored
            watch.looks.clear()
        if not watch.looks and (known := tallies.last(TALLY)) is not None:
            watch.kept = known["activity"]
            watch.note(watch.kept)
        since = watch.looks[0].newest if watch.looks else None
        found = [] if since is None or newest <= since else ideas_moved(since)
    moved = sum(map(_sorted, _all_that_moved())) if since is None else _sorted(found)
    watch.note(newest if since is not None else max(0, newest - AGAIN))  # should that fail, the next look begins anew
    if since is None or watch.looks[0].newest - watch.kept >= KEPT_EVERY:
        watch.kept = watch.looks[0].newest
        with unit_of_work():
            _keep(watch.kept)
    return moved


@command
def put_all_in_order() -> None:
    """The same for every idea at once: after counters were set right, or a whole platform was brought in."""
    db.session.execute(_sorted_anew().where(out_of_order()))


def _watch() -> _Watch:
    return jobs.remembered(TALLY, _Watch)


def _all_that_moved() -> Iterator[Sequence[int]]:
    """Whatever is out of order, where it is not known since when; in parts."""
    with unit_of_work(writes=False):
        last = last_idea()
    for first in range(0, last + 1, WALK):
        with unit_of_work(writes=False):
            found = ideas_moved_among(first, first + WALK - 1)
        yield found


def _sorted(ids: Sequence[int]) -> int:
    for start in range(0, len(ids), BATCH):
        with jobs.in_between():
            _sort(ids[start : start + BATCH])
    return len(ids)


@command
@guests_may_wait
def _sort(ids: Sequence[int]) -> None:
    """Without those that somebody is writing to: nobody waits for a batch, and the next look finds them."""
    about()  # pages of ideas tell what is counted, lists what is sorted
    db.session.execute(_sorted_anew().where(Idea.id.in_(free_to_sort(ids))))


@command
@guests_may_wait
def _keep(activity_id: int) -> None:
    about()
    tallies.keep(TALLY, {"activity": activity_id})


def _sorted_anew() -> Update:
    return update(Idea).values(COUNTED_NOW).execution_options(synchronize_session=False)
