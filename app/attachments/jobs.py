"""What the job runner does about pictures and files."""

from app.attachments import commands
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.daily
def sweep_loose() -> None:
    """Remove what nobody attached."""
    with unit_of_work():
        commands.sweep_loose()
