"""Comments as a reader may see them: threads of a subject, and single ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.comments.models import Comment, CommentOrigin, CommentState
from app.kit import clock
from app.kit.actor import Acting, Actor, is_staff
from app.kit.db import db, is_sqlite
from app.kit.errors import Gone, NotFound
from app.kit.paging import read_key, write_key
from app.organisations.models import Organisation
from app.subjects import registry

THREADS = 20
FIRST_REPLIES = 5
REPLIES = 100
DEEP = 3
TWINS = timedelta(minutes=10)


@dataclass(slots=True)
class Line:
    """A comment as one reader sees it. `depth` is 0 for the beginning of a thread; unreadable ones hold a place only.

    `answers_to` is the comment a reply answers; `says_whom` where the place on the page does not show that well enough.
    """

    comment: Comment
    readable: bool
    depth: int = 0
    answers_to: Comment | None = None
    says_whom: bool = False
    is_parent_readable: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """A beginning and replies to it, each below what it answers, oldest first; `more` replies stand on other pages."""

    lines: list[Line]
    more: int = 0

    @property
    def start(self) -> Comment:
        return self.lines[0].comment


@dataclass(frozen=True, slots=True)
class Threads:
    """A page of threads, newest first; `after` is the key of the next page."""

    threads: list[Thread]
    after: str | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some replies of one long thread: page `number` of `count`."""

    thread: Thread
    number: int
    count: int


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


def twin_of(actor: Actor, subject_id: int, parent_id: int | None, body: str) -> Comment | None:
    """What the person said here within ten minutes with the same words; locks their row (PostgreSQL)."""
    if not is_sqlite() and not isinstance(actor, Acting):  # who acts at once is locked already
        db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    values = {"author": actor.id, "about": subject_id, "parent": parent_id, "words": body, "since": clock.now() - TWINS}
    found = db.session.connection().execute(_twin(), values).scalar()
    return db.session.get(Comment, found) if found else None


@cache
def _twin() -> Any:
    """What was said about the subject lately is little, of whoever it is."""
    lately = Comment.created_at > bindparam("since", type_=Comment.created_at.type)
    about = Comment.subject_id == bindparam("about", type_=BigInteger)
    same = (Comment.author_id == bindparam("author", type_=BigInteger)) & (Comment.body == bindparam("words"))
    parent = Comment.parent_id.is_not_distinct_from(bindparam("parent", type_=BigInteger))
    return select(Comment.id).where(about, lately, same, parent).limit(1)


def threads_of(reader: Actor, thing: Any, after: str | None) -> Threads:
    """A page of the threads about a subject, each with its first replies. One query, a second for distant parents."""
    starts, found = _newest_threads(thing.id, after)
    elsewhere = _parents_elsewhere([*starts, *(reply for reply, _total in found)])
    threads = []
    for start in starts[:THREADS]:
        replies = [reply for reply, _total in found if reply.thread_id == start.id]
        total = next((total for reply, total in found if reply.thread_id == start.id), 0)
        more = total - sum(reply.state == CommentState.PUBLISHED for reply in replies)
        if lines := _lines(reader, start, replies, elsewhere, keep_start=more > 0):
            threads.append(Thread(lines, more))
    last = starts[THREADS - 1] if len(starts) > THREADS else None
    return Threads(threads, write_key([last.created_at, last.id]) if last else None)


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
    if start.state == CommentState.PENDING and not _may_read(reader, start):
        raise NotFound
    return start


def thread_page(reader: Actor, start: Comment, number: int) -> ThreadPage:
    """A page of one thread, in the order the replies were written; a number out of range counts as the nearest."""
    answers = select(Comment).where(*_thread_of(start), Comment.id != start.id)
    total = db.session.scalar(select(func.count()).select_from(answers.subquery())) or 0
    count = max(1, -(-total // REPLIES))
    number = min(max(number, 1), count)
    chosen = answers.order_by(Comment.created_at, Comment.id).offset((number - 1) * REPLIES).limit(REPLIES)
    replies = db.session.scalars(chosen.options(_with_logo())).unique().all()
    lines = _lines(reader, start, replies, _parents_elsewhere([start, *replies]), keep_start=True)
    return ThreadPage(Thread(lines), number, count)


def page_with(comment: Comment) -> int:
    """The page of its thread a comment stands on, from 1; 0 if it stands among the first on its subject's page."""
    start = comment if comment.id == comment.thread_id else db.session.get_one(Comment, comment.thread_id)
    key = tuple_(Comment.created_at, Comment.id)
    before = 0
    if comment is not start:
        earlier = (*_thread_of(start), Comment.id != start.id, key < tuple_(*_key(comment)))
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


def _thread_of(start: Comment) -> tuple[Any, Any]:
    """A whole thread; the subject is named too, because the index begins with it."""
    return Comment.subject_id == start.subject_id, Comment.thread_id == start.id


def _key(comment: Comment) -> tuple[Any, Any]:
    return literal(comment.created_at, Comment.created_at.type), literal(comment.id, Comment.id.type)


def _newest_threads(subject_id: int, after: str | None) -> tuple[list[Comment], list[tuple[Comment, int]]]:
    """The beginnings of the threads of a page and of one more, newest first; the first replies of each, oldest first,
    with how many public ones their thread has."""
    seen = read_key(after, [datetime, int])
    values: dict[str, Any] = {"about": subject_id} | ({"moment": seen[0], "last_id": seen[1]} if seen else {})
    rows = db.session.execute(_threads(goes_on=seen is not None), values).unique().all()
    begun = [comment for comment, _total in rows if comment.id == comment.thread_id]
    return begun[::-1], [(comment, total) for comment, total in rows if comment.id != comment.thread_id]


@cache
def _threads(*, goes_on: bool) -> Any:
    key, is_start = (Comment.created_at, Comment.id), Comment.id == Comment.thread_id
    about = bindparam("about", type_=BigInteger)
    begun = select(Comment.id).where(Comment.subject_id == about, is_start)
    if goes_on:
        moment = bindparam("moment", type_=Comment.created_at.type)
        begun = begun.where(tuple_(*key) < tuple_(moment, bindparam("last_id", type_=BigInteger)))
    starts = begun.order_by(*(column.desc() for column in key)).limit(THREADS + 1).subquery()
    place = func.row_number().over(partition_by=Comment.thread_id, order_by=(is_start.desc(), *key))
    public = func.count().filter(Comment.state == CommentState.PUBLISHED.value, ~is_start)
    numbered = select(Comment.id, place.label("place"), public.over(partition_by=Comment.thread_id).label("total"))
    numbered = numbered.where(Comment.subject_id == about)
    ranked = numbered.join(starts, starts.c.id == Comment.thread_id).subquery()
    chosen = select(Comment, ranked.c.total).join(ranked, ranked.c.id == Comment.id).options(_with_logo())
    return chosen.where(ranked.c.place <= 1 + FIRST_REPLIES).order_by(*key)


def _with_logo() -> ORMOption:
    return joinedload(Comment.organisation).joinedload(Organisation.pictures)


def _parents_elsewhere(comments: Sequence[Comment]) -> dict[int, Comment]:
    """The parents that do not stand on the same page."""
    here = {comment.id for comment in comments}
    wanted = {comment.parent_id for comment in comments if comment.parent_id} - here
    if not wanted:
        return {}
    found = db.session.scalars(select(Comment).where(Comment.id.in_(wanted)).options(_with_logo())).unique()
    return {comment.id: comment for comment in found}


def _lines(
    reader: Actor, start: Comment, replies: Sequence[Comment], elsewhere: dict[int, Comment], *, keep_start: bool
) -> list[Line]:
    """The thread from top to bottom, without recursion: threads may be deeper than Python's stack."""
    lines = {comment.id: Line(comment, _may_read(reader, comment)) for comment in (start, *replies)}
    below: dict[int, list[Line]] = {comment_id: [] for comment_id in lines}
    for reply in replies:
        here = reply.parent_id in lines and reply.parent_id != reply.id
        below[reply.parent_id if here and reply.parent_id else start.id].append(lines[reply.id])
    ordered, waiting = [], [lines[start.id]]
    while waiting:
        line = waiting.pop()
        ordered.append(line)
        for child in reversed(below[line.comment.id]):
            child.depth = line.depth + 1
            waiting.append(child)
        _say_whom(reader, line, lines, elsewhere)
    return _worth_showing(ordered, below, keep=start.id if keep_start else 0)


def _say_whom(reader: Actor, line: Line, lines: dict[int, Line], elsewhere: dict[int, Comment]) -> None:
    parent_id = line.comment.parent_id or 0
    near = lines.get(parent_id)
    line.answers_to = near.comment if near else elsewhere.get(parent_id)
    line.says_whom = line.answers_to is not None and (line.depth > DEEP or near is None)
    line.is_parent_readable = line.answers_to is not None and _may_read(reader, line.answers_to)


def _worth_showing(ordered: list[Line], below: dict[int, list[Line]], *, keep: int) -> list[Line]:
    """A comment nobody may read keeps its place only where a readable reply hangs on it."""
    shown: set[int] = {keep}
    for line in reversed(ordered):
        if line.readable or any(child.comment.id in shown for child in below[line.comment.id]):
            shown.add(line.comment.id)
    return [line for line in ordered if line.comment.id in shown]


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
