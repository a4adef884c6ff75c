"""What the job runner does for the home page."""

from app.home import queries
from app.kit import jobs, tallies
from app.kit.db import unit_of_work


@jobs.now_and_then
def count() -> None:
    """Count what the home page tells of a large platform; where nothing changed, guests' pages stay as they are."""
    with unit_of_work(writes=False):
        numbers, before = queries.counted(), tallies.last(queries.TALLY)
    if numbers != before:
        with unit_of_work():
            tallies.keep(queries.TALLY, numbers)
