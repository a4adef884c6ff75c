"""Who looks after barriers."""

from app.kit.actor import Actor, is_staff


def can_work(actor: Actor, *_barriers: object) -> bool:
    """Moderators and administrators."""
    return is_staff(actor)
