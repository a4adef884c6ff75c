"""Comments as a reader may see them: threads of a subject, and single ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from app.accounts.models import User
from app.comments.models import Comment, CommentState
from app.kit import clock
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.paging import page_of
from app.subjects import registry

THREADS = 20
REPLIES = 400
TWINS = timedelta(minutes=10)


@dataclass(slots=True)
class Node:
    """A comment as one reader sees it, and the replies to it, oldest first. Unreadable ones hold a place only."""

    comment: Comment
    readable: bool
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Threads:
    """A page of threads, newest first; `after` is the key of the next page."""

    nodes: list[Node]
    after: str | None


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
    raise Gone(comment.state_reason)


def comments_for(reader: Actor, comment_ids: Collection[int]) -> Sequence[Comment]:
    """Several comments, those the reader may see on things the reader may see."""
    found = db.session.scalars(select(Comment).where(Comment.id.in_(comment_ids), _visible(reader))).unique().all()
    about = registry.load_many(reader, {comment.subject_id for comment in found})
    return [comment for comment in found if comment.subject_id in about]


def twin_of(actor: Actor, subject_id: int, parent_id: int | None, body: str) -> Comment | None:
    """What the person said here within ten minutes with the same words; locks their row (PostgreSQL)."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(Comment).where(Comment.author_id == actor.id, Comment.subject_id == subject_id, Comment.body == body)
    recent = same.where(Comment.parent_id.is_(None) if parent_id is None else Comment.parent_id == parent_id)
    return db.session.scalars(recent.where(Comment.created_at > clock.now() - TWINS).limit(1)).first()


def threads_of(reader: Actor, thing: Any, after: str | None) -> Threads:
    """A page of the threads about a subject. Two queries: beginnings, and all their replies."""
    about = select(Comment).where(Comment.subject_id == thing.id)
    starts = page_of(about.where(Comment.id == Comment.thread_id), (Comment.id,), after=after, size=THREADS)
    ids = [comment.id for comment in starts.items]
    answers = about.where(Comment.thread_id.in_(ids), Comment.id != Comment.thread_id)
    replies = db.session.scalars(answers.order_by(Comment.id).limit(REPLIES)).unique().all() if ids else []
    return Threads(_tree(reader, starts.items, replies), starts.after)


def _tree(reader: Actor, starts: Sequence[Comment], replies: Sequence[Comment]) -> list[Node]:
    nodes = {comment.id: Node(comment, _may_read(reader, comment)) for comment in (*starts, *replies)}
    for comment in replies:
        parent = nodes.get(comment.parent_id or 0) or nodes[comment.thread_id]
        parent.children.append(nodes[comment.id])
    return [node for comment in starts if _worth_showing(node := nodes[comment.id])]


def _worth_showing(node: Node) -> bool:
    """A comment nobody may read keeps its place only where a readable reply hangs on it."""
    node.children = [child for child in node.children if _worth_showing(child)]
    return bool(node.children) or node.readable


def _may_read(reader: Actor, comment: Comment) -> bool:
    own = comment.author_id == reader.id or is_staff(reader)
    return comment.state == CommentState.PUBLISHED or (comment.state == CommentState.PENDING and own)


def _visible(reader: Actor) -> Any:
    if is_staff(reader):
        return Comment.state != CommentState.DELETED
    return or_(
        Comment.state == CommentState.PUBLISHED,
        (Comment.author_id == reader.id) & (Comment.state != CommentState.DELETED),
    )
