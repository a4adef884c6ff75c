"""Who moderates, who may read a statement of reasons."""

from typing import Any

from app.kit.actor import Actor, is_staff


def can_work(actor: Actor, *_things: Any) -> bool:
    """Moderators and administrators."""
    return is_staff(actor)


def can_read_decision(actor: Actor, thing: Any) -> bool:
    """Its author, those who write it along, and staff."""
    concerned = (thing.author_id, *getattr(thing, "coauthor_ids", ()))
    return is_staff(actor) or (actor.is_signed_in and actor.id in concerned)


def must_wait(actor: Actor, moderate_new: bool) -> bool:
    """Whether this person's posts wait for a moderator first (the operator's setting)."""
    return moderate_new and not actor.trusted and not is_staff(actor)
