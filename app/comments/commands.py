"""Writing and deleting comments."""

from typing import Any

from flask_babel import gettext as _

from app.comments import policy, queries
from app.comments.activities import CommentPublished, CommentShownAgain, CommentUnpublished
from app.comments.models import Comment, CommentState
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.subjects import registry
from app.subjects.acts import Act
from app.subjects.commands import new_subject, record


@command
def write_comment(
    thing: Any, body: str, *, by: Actor, parent_id: int | None = None, moderate_new: bool = True
) -> Comment:
    """Say something about a subject, or in reply; a new member's words wait for a moderator first.

    Raises:
        Conflict: the subject takes no comments now, or the comment answered to is gone.
    """
    if by.is_signed_in and not by.suspended and not registry.allows(thing, Act.COMMENT):
        raise Conflict(_("Hier kann zurzeit nicht kommentiert werden."))
    require(policy.can_create(by, thing), by)
    if twin := queries.twin_of(by, thing.id, parent_id, body):
        return twin  # sent twice: a double click, or "back" and once more
    parent = _parent(thing, parent_id)
    comment_id = new_subject("comment")
    comment = Comment(
        id=comment_id, subject_id=thing.id, thread_id=parent.thread_id if parent else comment_id, author_id=by.id
    )
    comment.parent_id, comment.body, comment.state = parent_id, body, CommentState.PENDING.value
    db.session.add(comment)
    db.session.flush()
    if must_wait(by, moderate_new):
        open_case(comment.id, Cause.NEW)
    else:
        set_state(comment, CommentState.PUBLISHED, "")
    return comment


@command
def delete_comment(comment: Comment, *, by: Actor) -> None:
    """Take one's own words away."""
    require(policy.can_delete(by, comment), by)
    set_state(comment, CommentState.DELETED, "")
    comment.delete()
    close_cases(comment.id)


@command
def set_state(comment: Comment, state: str, reason: str) -> None:
    """Publish or hide a comment; the counters of what it is about follow."""
    before, comment.state, comment.state_reason = comment.state, str(state), reason
    was_public = before == CommentState.PUBLISHED
    db.session.flush()
    is_public = comment.state == CommentState.PUBLISHED
    if is_public and not was_public:
        fact = CommentPublished if before == CommentState.PENDING else CommentShownAgain
        record(fact(subject_id=comment.id, actor_id=comment.author_id, about_id=comment.subject_id))
    if was_public and not is_public:
        record(CommentUnpublished(subject_id=comment.id, actor_id=comment.author_id, about_id=comment.subject_id))


def _parent(thing: Any, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = db.session.get(Comment, parent_id)
    if (
        parent is None
        or parent.subject_id != thing.id
        or parent.state not in (CommentState.PUBLISHED, CommentState.PENDING)
    ):
        raise Conflict(_("Der Kommentar, auf den Sie antworten, ist nicht mehr da."))
    return parent
