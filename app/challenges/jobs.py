"""What the job runner does about challenges."""

from app.challenges import commands, queries
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.sweep
def tell_changes_of_phases() -> None:
    """Write down every beginning and end whose moment has come, in their order, each in a transaction of its own."""
    last = None
    while True:
        with unit_of_work(writes=False):
            change = queries.next_change()
        if change is None or change == last:
            return
        with unit_of_work():
            commands.tell_change(change)
        last = change
