"""Who may do what with pages."""

from app.kit.actor import Actor, is_administrator


def can_edit(actor: Actor) -> bool:
    """Administrators: these texts bind the operator."""
    return is_administrator(actor)
