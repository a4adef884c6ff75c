"""Who may follow."""

from typing import Any

from app.kit.actor import Actor, is_member
from app.subjects import registry
from app.subjects.acts import Act


def can_follow(actor: Actor, thing: Any) -> bool:
    """Members, what can be followed and is public."""
    return is_member(actor) and registry.allows(thing, Act.FOLLOW)


def can_press(actor: Actor, thing: Any) -> bool:
    """Every member may press the button; what cannot be followed, the command says in words (409)."""
    return is_member(actor)


def can_end(actor: Actor, _thing: Any) -> bool:
    """Everybody may stop following, suspended people too."""
    return actor.is_signed_in
