"""Who may do what with pages."""

from app.kit.actor import ADMINISTRATOR, Actor


def can_edit(actor: Actor) -> bool:
    """Administrators: these texts bind the operator."""
    return ADMINISTRATOR in actor.role_names and not actor.suspended
