"""What the job runner does for the home page."""

import time

from app.home import queries
from app.kit import jobs, tallies
from app.kit.db import unit_of_work

COUNTED_EVERY_SECONDS = 600.0
_counted_at = [-COUNTED_EVERY_SECONDS]


@jobs.sweep
def count_now_and_then() -> None:
    """Count what the home page tells, unless that was done some minutes ago."""
    if time.monotonic() - _counted_at[0] >= COUNTED_EVERY_SECONDS:
        _counted_at[0] = time.monotonic()
        count()


def count() -> None:
    """Count what the home page tells of a large platform; where nothing changed, guests' pages stay as they are."""
    with unit_of_work(writes=False):
        numbers, before = queries.counted(), tallies.last(queries.TALLY)
    if numbers != before:
        with unit_of_work():
            tallies.keep(queries.TALLY, numbers)
