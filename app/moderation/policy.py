"""Who moderates, who may read a statement of reasons."""

from typing import Any

from app.kit.actor import Actor, is_staff


def can_work(actor: Actor, *_things: Any) -> bool:
    """Moderators and administrators."""
    return is_staff(actor)


def can_read_decision(actor: Actor, thing: Any) -> bool:
    """Its author, those who write it along, the people of the organisation it is or was posted as, and staff."""
    concerned = (thing.author_id, *getattr(thing, "coauthor_ids", ()))
    organisation_id = thing.id if thing.kind == "organisation" else getattr(thing, "organisation_id", None)
    of_organisation = organisation_id is not None and organisation_id in actor.organisation_ids
    return is_staff(actor) or (actor.is_signed_in and (actor.id in concerned or of_organisation))


def must_wait(actor: Actor, moderate_new: bool) -> bool:
    """Whether this person's posts wait for a moderator first (the operator's setting)."""
    return moderate_new and not actor.trusted and not is_staff(actor)
