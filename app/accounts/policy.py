"""Who may do what with accounts."""

from app.accounts.models import User
from app.kit.actor import ADMINISTRATOR, Actor


def can_delete(actor: Actor, user: User) -> bool:
    """People delete their own account; the last administrator stays (see `commands.delete_account`)."""
    return actor.is_signed_in and actor.id == user.id


def can_administer(actor: Actor) -> bool:
    """Give roles, trust and suspend."""
    return ADMINISTRATOR in actor.role_names and not actor.suspended
