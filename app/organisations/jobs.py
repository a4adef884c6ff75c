"""What the job runner does about organisations."""

from app.kit import jobs
from app.kit.db import unit_of_work
from app.organisations.commands import forget_old_invitations


@jobs.daily
def forget_invitations() -> None:
    """Forget the addresses of old invitations."""
    with unit_of_work():
        forget_old_invitations()
