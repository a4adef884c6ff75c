"""What the job runner does about ideas."""

from app.ideas import commands
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.sweep
def follow_counts() -> None:
    """Have lists sort by what was counted meanwhile."""
    commands.follow_counts()


@jobs.daily
def mix_fair_order() -> None:
    """Give every idea another place in the fair order."""
    commands.mix_fair_order()


@jobs.daily
def forget_invitations() -> None:
    """Forget the addresses of old invitations to write along."""
    with unit_of_work():
        commands.forget_old_invitations()
