"""Agreeing that staff gets in touch about an idea, and taking that back."""

from sqlalchemy import delete

from app.ideas import policy
from app.ideas.models import ContactWay, Idea, IdeaContact
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.inserting import insert_or_update


@command
def keep_contact(idea: Idea, way: ContactWay, phone: str, *, by: Actor) -> None:
    """Let staff get in touch with this person about their idea; the number is kept for that way only."""
    require(policy.can_be_contacted(by, idea), by)
    keys = {"idea_id": idea.id, "person_id": by.id}
    values = {"way": way.value, "phone": phone if way is ContactWay.PHONE else "", "given_at": clock.now()}
    insert_or_update(IdeaContact, unique=list(keys), values=keys | values)


@command
def forget_contact(idea: Idea, *, by: Actor) -> None:
    """Take back that staff may get in touch; without a consent nothing changes."""
    require(by.is_signed_in, by)
    mine = (IdeaContact.idea_id == idea.id) & (IdeaContact.person_id == by.id)
    db.session.execute(delete(IdeaContact).where(mine))
