"""What the job runner does about pictures."""

from app.attachments import commands
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.daily
def sweep_loose_pictures() -> None:
    """Remove pictures nobody attached."""
    with unit_of_work():
        commands.sweep_loose_pictures()
