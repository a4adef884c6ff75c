"""Single comments as a reader may see them, and where each stands."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.comments import policy
from app.comments.models import Comment, CommentOrigin, CommentState
from app.comments.queries.threads import FIRST_REPLIES, REPLIES, THREADS, thread_of
from app.kit import clock
from app.kit.actor import Acting, Actor, is_staff
from app.kit.db import db, is_sqlite
from app.kit.errors import Gone, NotFound
from app.kit.prepared import Prepared
from app.subjects import registry

TWINS = timedelta(minutes=10)


def comment_for(reader: Actor, comment_id: int) -> Comment:
    """A comment on something the reader may see.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden or deleted since.
    """
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        raise NotFound
    registry.load(reader, comment.subject_id)
    if comment.state == CommentState.PUBLISHED or reader.id == comment.author_id or is_staff(reader):
        return comment
    if comment.state == CommentState.PENDING:
        raise NotFound
    raise Gone.since(comment.state, comment.state_reason)


def comments_for(reader: Actor, comment_ids: Collection[int]) -> Sequence[Comment]:
    """Several comments, those the reader may see on things the reader may see."""
    found = db.session.scalars(select(Comment).where(Comment.id.in_(comment_ids), _visible(reader))).unique().all()
    about = registry.load_many(reader, {comment.subject_id for comment in found})
    return [comment for comment in found if comment.subject_id in about]


def comment_headings(reader: Actor, ids: Any) -> Any:
    """What lines say of several, those the reader may see."""
    return select(Comment.id, Comment.body, literal_column("''").label("slug"), Comment.subject_id).where(
        Comment.id.in_(ids), _visible(reader)
    )


def twin_of(actor: Actor, subject_id: int, parent_id: int | None, body: str) -> Comment | None:
    """What the person said here within ten minutes with the same words; locks their row (PostgreSQL)."""
    if not is_sqlite() and not isinstance(actor, Acting):  # who acts at once is locked already
        db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    values = {"author": actor.id, "about": subject_id, "parent": parent_id, "words": body, "since": clock.now() - TWINS}
    found = _twin.rows(values)
    return db.session.get(Comment, found[0].id) if found else None


def _same_words() -> Any:
    """What was said about the subject lately is little, of whoever it is."""
    lately = Comment.created_at > bindparam("since", type_=Comment.created_at.type)
    about = Comment.subject_id == bindparam("about", type_=BigInteger)
    same = (Comment.author_id == bindparam("author", type_=BigInteger)) & (Comment.body == bindparam("words"))
    parent = Comment.parent_id.is_not_distinct_from(bindparam("parent", type_=BigInteger))
    return select(Comment.id).where(about, lately, same, parent).limit(1)


_twin = Prepared(_same_words)


def thread_for(reader: Actor, comment_id: int) -> Comment:
    """The beginning of a thread about something the reader may see; its own words may be gone.

    Raises:
        NotFound: no beginning of a thread, or not public yet.
        Gone: what it is about is.
    """
    start = db.session.get(Comment, comment_id)
    if start is None or start.thread_id != start.id:
        raise NotFound
    registry.load(reader, start.subject_id)
    if start.state == CommentState.PENDING and not policy.can_read(reader, start):
        raise NotFound
    return start


def page_with(comment: Comment) -> int:
    """The page of its thread a comment stands on, from 1; 0 if it stands among the first on its subject's page."""
    start = comment if comment.id == comment.thread_id else db.session.get_one(Comment, comment.thread_id)
    key = tuple_(Comment.created_at, Comment.id)
    before = 0
    if comment is not start:
        earlier = (*thread_of(start), Comment.id != start.id, key < tuple_(*_key(comment)))
        before = db.session.scalar(select(func.count()).select_from(Comment).where(*earlier)) or 0
    newer = (Comment.subject_id == start.subject_id) & (Comment.id == Comment.thread_id) & (key > tuple_(*_key(start)))
    threads_before = db.session.scalar(select(func.count()).select_from(Comment).where(newer)) or 0
    return 0 if before < FIRST_REPLIES and threads_before < THREADS else before // REPLIES + 1


def brought_among(
    about_id: int, system: str, external_ids: Collection[str] | None = None
) -> dict[str, tuple[int, bool]]:
    """Comments on something brought along from a source, by their id there: our id, and whether it is no kept place."""
    found = select(CommentOrigin.external_id, CommentOrigin.comment_id, CommentOrigin.is_missing)
    found = found.where(CommentOrigin.subject_id == about_id, CommentOrigin.system == system)
    if external_ids is not None:
        found = found.where(CommentOrigin.external_id.in_(external_ids))
    return {
        external_id: (comment_id, not is_missing) for external_id, comment_id, is_missing in db.session.execute(found)
    }


def brought_comment(about_id: int, system: str, external_id: str) -> CommentOrigin | None:
    """The origin of one comment brought along from a source."""
    wanted = (CommentOrigin.subject_id == about_id) & (CommentOrigin.system == system)
    wanted &= CommentOrigin.external_id == external_id
    return db.session.scalars(select(CommentOrigin).where(wanted).options(joinedload(CommentOrigin.comment))).first()


def _key(comment: Comment) -> tuple[Any, Any]:
    return literal(comment.created_at, Comment.created_at.type), literal(comment.id, Comment.id.type)


def _visible(reader: Actor) -> Any:
    if is_staff(reader):
        return Comment.state != CommentState.DELETED
    return or_(
        Comment.state == CommentState.PUBLISHED,
        (Comment.author_id == reader.id) & (Comment.state != CommentState.DELETED),
    )
