"""What is done once a day."""

from app.barriers import commands
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.daily
def forget_addresses() -> None:
    """Forget addresses nobody needs any more."""
    with unit_of_work():
        commands.forget_addresses()
