"""Who may bring content along and take it away."""

from app.kit.actor import Actor, is_administrator


def can_run(actor: Actor) -> bool:
    """Administrators."""
    return is_administrator(actor)
