"""Writing and deleting comments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from app.comments import policy, queries
from app.comments.activities import CommentImported, CommentPublished, CommentShownAgain, CommentUnpublished
from app.comments.models import Comment, CommentOrigin, CommentState
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import about, command, db, guests_may_wait
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.inserting import foresee_new_id, insert_thing
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.commands import speak_as
from app.subjects import registry
from app.subjects.acts import Act
from app.subjects.commands import new_subject, record
from app.subjects.models import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtComment:
    """What a comment said on another platform, and the votes for and against it there."""

    external_id: str
    body: str
    created_at: datetime
    author_name: str = ""
    up: int = 0
    down: int = 0


@command
@guests_may_wait
def write_comment(
    thing: Any,
    body: str,
    *,
    by: Actor,
    parent_id: int | None = None,
    organisation_id: int | None = None,
    moderate_new: bool = True,
) -> Comment:
    """Say something about a subject, or in reply; a new member's words wait for a moderator first.

    Where nobody has asked for a session the comment is in none: it has what was written, and no relationships.

    `organisation_id` is whom the person speaks for.

    Raises:
        Conflict: the subject takes no comments now, or the comment answered to is gone.
    """
    _guard(thing, by)
    about(thing.id)
    foresee_new_id(Subject)
    if twin := queries.twin_of(by, thing.id, parent_id, body):
        return twin  # sent twice: a double click, or "back" and once more
    speaker, parent = speak_as(organisation_id, by=by), _parent(thing, parent_id, by)
    comment_id = new_subject("comment")
    state = CommentState.PENDING if must_wait(by, moderate_new) else CommentState.PUBLISHED
    place = {"subject_id": thing.id, "thread_id": parent.thread_id if parent else comment_id, "parent_id": parent_id}
    said = {"author_id": by.id, "organisation_id": speaker, "body": body, "state": state.value}
    comment = insert_thing(Comment, id=comment_id, **place, **said)
    if state is CommentState.PENDING:
        open_case(comment_id, Cause.NEW)
    else:
        _tell_published(comment, CommentPublished)
    return comment


def _guard(thing: Any, by: Actor) -> None:
    registry.hold(thing)
    if by.is_signed_in and not by.suspended and not registry.allows(thing, Act.COMMENT):
        raise Conflict(_("Hier kann zurzeit nicht kommentiert werden."))
    require(policy.can_create(by, thing), by)


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
    db.session.add(comment)  # one that was written just now may be in none
    before, comment.state, comment.state_reason = comment.state, str(state), reason
    was_public = before == CommentState.PUBLISHED
    db.session.flush()
    is_public = comment.state == CommentState.PUBLISHED
    if is_public and not was_public:
        _tell_published(comment, CommentPublished if before == CommentState.PENDING else CommentShownAgain)
    if was_public and not is_public:
        about, author = comment.subject_id, comment.author_id or 0
        record(CommentUnpublished(subject_id=comment.id, actor_id=author, about_id=about))


def _tell_published(comment: Comment, fact: type[CommentPublished] | type[CommentShownAgain]) -> None:
    about, author, speaker = comment.subject_id, comment.author_id or 0, comment.organisation_id or 0
    record(fact(subject_id=comment.id, actor_id=author, organisation_id=speaker, about_id=about))


@command
def bring_comment(brought: BroughtComment, *, about_id: int, system: str, parent: Comment | None) -> Comment:
    """Bring a public comment along from another platform; the caller knows which were brought before.

    Where others had answered to it before it came, it takes the place that was kept for it.
    """
    origin = queries.brought_comment(about_id, system, brought.external_id)
    comment = origin.comment if origin else keep_place(brought.external_id, about_id=about_id, system=system).comment
    comment.body, comment.author_name, comment.state = brought.body, brought.author_name, CommentState.PUBLISHED.value
    comment.created_at = brought.created_at
    origin = comment.origin
    assert origin is not None
    origin.up, origin.down, origin.is_missing = brought.up, brought.down, False
    if parent is not None and parent.thread_id != comment.id:
        comment.parent_id = parent.id
        whole = update(Comment).where(Comment.subject_id == about_id, Comment.thread_id == comment.id)
        db.session.execute(whole.values(thread_id=parent.thread_id), execution_options={"synchronize_session": "fetch"})
    db.session.flush()
    record(CommentImported(subject_id=comment.id, actor_id=0, at=clock.now(), about_id=about_id, system=system))
    return comment


@command
def keep_place(external_id: str, *, about_id: int, system: str, at: datetime | None = None) -> CommentOrigin:
    """Keep the place of a comment others answered to, as one that was deleted: it may still come."""
    comment_id = new_subject("comment")
    comment = Comment(id=comment_id, subject_id=about_id, thread_id=comment_id, body="", created_at=at or clock.now())
    comment.state, comment.author_name = CommentState.DELETED.value, ""
    origin = CommentOrigin(comment=comment, subject_id=about_id, system=system, external_id=external_id)
    origin.up, origin.down, origin.is_missing = 0, 0, True
    db.session.add(origin)
    db.session.flush()
    return origin


def _parent(thing: Any, parent_id: int | None, by: Actor) -> Comment | None:
    """The comment that is answered: one whoever answers may read."""
    if parent_id is None:
        return None
    parent = db.session.get(Comment, parent_id)
    if parent is None or parent.subject_id != thing.id or not policy.can_read(by, parent):
        raise Conflict(_("Der Kommentar, auf den Sie antworten, ist nicht mehr da."))
    return parent
