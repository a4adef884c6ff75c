"""Who may vote."""

from typing import Any

from app.kit.actor import Actor, is_member
from app.subjects import registry
from app.subjects.acts import Act


def can_support(actor: Actor, thing: Any) -> bool:
    """Members, while the subject takes support; the author too, as in most votes."""
    return is_member(actor) and registry.allows(thing, Act.SUPPORT)
