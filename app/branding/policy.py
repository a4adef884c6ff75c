"""Who may change how the site looks."""

from app.kit.actor import Actor, is_administrator


def can_edit(actor: Actor) -> bool:
    """Administrators: the look speaks for the operator."""
    return is_administrator(actor)
