"""What the job runner does about ideas."""

from app.ideas import commands
from app.kit import jobs


@jobs.daily
def mix_fair_order() -> None:
    """Give every idea another place in the fair order."""
    commands.mix_fair_order()
