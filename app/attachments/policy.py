"""Who may do what with pictures and files."""

from app.kit.actor import Actor, is_member


def can_upload(actor: Actor) -> bool:
    """Every member; files of people we do not know are not kept."""
    return is_member(actor)
