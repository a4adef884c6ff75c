"""What the job runner does about ideas."""

from app.ideas import commands, queries
from app.kit import jobs, tallies
from app.kit.db import about, command, guests_may_wait, unit_of_work


@jobs.sweep
def follow_counts() -> None:
    """Have lists sort by what was counted meanwhile."""
    commands.follow_counts()


@jobs.now_and_then
def note_whether_many() -> None:
    """Note that there are too many ideas for lists to count, or no longer; lists tell it until then."""
    with unit_of_work(writes=False):
        are_many, known = queries.are_many(), tallies.last(queries.MANY) is not None
    if are_many != known:
        with unit_of_work():
            _note(are_many)


@command
@guests_may_wait
def _note(are_many: bool) -> None:
    about()  # only lists tell how many there are
    tallies.keep(queries.MANY, {}) if are_many else tallies.forget(queries.MANY)


@jobs.daily
def mix_fair_order() -> None:
    """Give every idea another place in the fair order."""
    commands.mix_fair_order()


@jobs.daily
def forget_invitations() -> None:
    """Forget the addresses of old invitations to write along."""
    with unit_of_work():
        commands.forget_old_invitations()
