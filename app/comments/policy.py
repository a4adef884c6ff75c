"""Who may comment and delete."""

from typing import Any

from app.comments.models import Authored, CommentState
from app.kit.actor import Actor, is_member, is_staff
from app.subjects import registry
from app.subjects.acts import Act


def can_create(actor: Actor, thing: Any) -> bool:
    """Members, while the subject takes comments."""
    return is_member(actor) and registry.allows(thing, Act.COMMENT)


def can_begin(actor: Actor, thing: Any) -> bool:
    """Everyone where comments are taken; guests sign in when they send."""
    return not actor.suspended and registry.allows(thing, Act.COMMENT)


def can_read(actor: Actor, comment: Authored) -> bool:
    """Everyone what is public; what waits for a moderator, its author and staff."""
    if comment.state != CommentState.PENDING:
        return bool(comment.state == CommentState.PUBLISHED)
    return is_staff(actor) or (actor.id != 0 and actor.id == comment.author_id)


def can_delete(actor: Actor, comment: Authored) -> bool:
    """Its author, as long as it has words: one's own words stay one's own, also those for an organisation."""
    return is_member(actor) and actor.id == comment.author_id and comment.state != CommentState.DELETED
