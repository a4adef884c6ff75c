"""The threads about a subject, as one reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, null, or_, select, tuple_

from app.comments import policy
from app.comments.models import Comment, CommentState
from app.comments.queries.rows import Said, ask, ask_for_text, read, said_of
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.fetching import Together
from app.kit.paging import read_key, write_key

THREADS = 20
FIRST_REPLIES = 5
REPLIES = 100
DEEP = 3
WORTH_KEEPING = 5
"""Comments on a page from which on it is worth remembering how they look."""


@dataclass(slots=True)
class Line:
    """A comment as one reader sees it. `depth` is 0 for the beginning of a thread; unreadable ones hold a place only.

    `answers_to` is the comment a reply answers; `says_whom` where the place on the page does not show that well enough;
    `is_own`: the reader may delete it.
    """

    comment: Said
    readable: bool
    is_own: bool = False
    depth: int = 0
    answers_to: Said | None = None
    says_whom: bool = False
    is_parent_readable: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """A beginning and replies to it, each below what it answers, oldest first; `more` replies stand on other pages."""

    lines: list[Line]
    more: int = 0

    @property
    def start(self) -> Said:
        return self.lines[0].comment


@dataclass(frozen=True, slots=True)
class Threads:
    """A page of threads, newest first; `after` is the key of the next page.

    `words`: what was read, in short, where it looks the same to all members to whom none of it belongs; else None.
    """

    threads: list[Thread]
    after: str | None
    words: bytes | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some replies of one long thread: page `number` of `count`."""

    thread: Thread
    number: int
    count: int


def threads_of(reader: Actor, thing: Any, after: str | None) -> Threads:
    """A page of the threads about a subject, each with its first replies. One query, a second for distant parents."""
    newest, values = _asked(thing, after)
    text = ask_for_text(newest, **values)
    found = read(newest, text)
    starts = [comment for comment in found if comment.id == comment.thread_id][::-1]
    below: dict[int, list[Said]] = {start.id: [] for start in starts}
    for comment in found:
        if comment.id != comment.thread_id:
            below[comment.thread_id].append(comment)
    elsewhere = _parents_elsewhere(found)
    look = _Look(reader, elsewhere)
    threads = []
    for start in starts[:THREADS]:
        replies = below[start.id]
        more = start.total - sum(reply.state == PUBLISHED for reply in replies)
        if lines := look.lines(start, replies, keep_start=more > 0):
            threads.append(Thread(lines, more))
    last = starts[THREADS - 1] if len(starts) > THREADS else None
    words = None if elsewhere or not _look_alike(reader, found) else blake2b(text.encode(), digest_size=16).digest()
    return Threads(threads, write_key([last.created_at, last.id]) if last else None, words)


def foresee_threads(thing: Any, after: str | None) -> None:
    """Tell that `threads_of` will be asked."""
    newest, values = _asked(thing, after)
    newest.foresee(values)


def _asked(thing: Any, after: str | None) -> tuple[Together, dict[str, Any]]:
    seen = read_key(after, [datetime, int])
    values: dict[str, Any] = {"about": thing.id} | ({"moment": seen[0], "last_id": seen[1]} if seen else {})
    return _newest(goes_on=seen is not None), values


def _look_alike(reader: Actor, found: Sequence[Said]) -> bool:
    """Whether others see these comments like this reader: a member who neither wrote any nor moderates."""
    stranger = reader.is_signed_in and not is_staff(reader)
    return stranger and len(found) >= WORTH_KEEPING and all(one.author_id != reader.id for one in found)


def thread_page(reader: Actor, start: Comment, number: int) -> ThreadPage:
    """A page of one thread, in the order the replies were written; a number out of range counts as the nearest."""
    answers = select(Comment.id).where(*thread_of(start), Comment.id != start.id)
    total = db.session.scalar(select(func.count()).select_from(answers.subquery())) or 0
    count = max(1, -(-total // REPLIES))
    number = min(max(number, 1), count)
    found = ask(_page(), about=start.subject_id, start=start.id, ahead=(number - 1) * REPLIES)
    first = next(comment for comment in found if comment.id == start.id)
    replies = [comment for comment in found if comment.id != start.id]
    lines = _Look(reader, _parents_elsewhere(found)).lines(first, replies, keep_start=True)
    return ThreadPage(Thread(lines), number, count)


def thread_of(start: Comment) -> tuple[Any, Any]:
    """A whole thread; the subject is named too, because the index begins with it."""
    return Comment.subject_id == start.subject_id, Comment.thread_id == start.id


KEY = (Comment.created_at, Comment.id)
PUBLISHED = CommentState.PUBLISHED.value


@cache
def _newest(*, goes_on: bool) -> Together:
    """The beginnings of the threads of a page and of one more, the newest; the first replies of each, the oldest, and
    how many public ones their thread has."""
    about, is_start = bindparam("about", type_=BigInteger), Comment.id == Comment.thread_id
    begun = select(Comment.id).where(Comment.subject_id == about, is_start)
    if goes_on:
        moment = bindparam("moment", type_=Comment.created_at.type)
        begun = begun.where(tuple_(*KEY) < tuple_(moment, bindparam("last_id", type_=BigInteger)))
    starts = begun.order_by(*(column.desc() for column in KEY)).limit(THREADS + 1).subquery()
    place = func.row_number().over(partition_by=Comment.thread_id, order_by=(is_start.desc(), *KEY))
    public = func.count().filter(Comment.state == PUBLISHED, ~is_start).over(partition_by=Comment.thread_id)
    numbered = select(Comment.id, place.label("place"), public.label("total")).where(Comment.subject_id == about)
    ranked = numbered.join(starts, starts.c.id == Comment.thread_id).subquery()
    return said_of(select(ranked.c.id, ranked.c.total).where(ranked.c.place <= 1 + FIRST_REPLIES))


@cache
def _page() -> Together:
    about, start, ahead = (bindparam(name, type_=BigInteger) for name in ("about", "start", "ahead"))
    answers = select(Comment.id).where(Comment.subject_id == about, Comment.thread_id == start, Comment.id != start)
    chosen = answers.order_by(*KEY).offset(ahead).limit(REPLIES).subquery()
    here = or_(Comment.id == start, Comment.id.in_(select(chosen.c.id)))
    return said_of(select(Comment.id, null().label("total")).where(here))


@cache
def _named() -> Together:
    named = Comment.id.in_(bindparam("ids", expanding=True))
    return said_of(select(Comment.id, null().label("total")).where(named))


def _parents_elsewhere(comments: Sequence[Said]) -> dict[int, Said]:
    """The parents that do not stand on the same page."""
    wanted = {comment.parent_id for comment in comments if comment.parent_id} - {comment.id for comment in comments}
    return {comment.id: comment for comment in ask(_named(), ids=list(wanted))} if wanted else {}


class _Look:
    """How one reader sees threads; `elsewhere`: comments on other pages that are answered here."""

    def __init__(self, reader: Actor, elsewhere: dict[int, Said]) -> None:
        self._reader, self._reader_id = reader, reader.id
        self._elsewhere = elsewhere

    def lines(self, start: Said, replies: Sequence[Said], *, keep_start: bool) -> list[Line]:
        """The thread from top to bottom, without recursion: threads may be deeper than Python's stack."""
        lines = {comment.id: self._line(comment) for comment in (start, *replies)}
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
            if line.comment.parent_id:
                self._say_whom(line, lines)
        return _worth_showing(ordered, below, keep=start.id if keep_start else 0)

    def _line(self, comment: Said) -> Line:
        return Line(
            comment,
            policy.can_read(self._reader, comment),
            self._reader_id != 0 and policy.can_delete(self._reader, comment),
        )

    def _say_whom(self, line: Line, lines: dict[int, Line]) -> None:
        parent_id = line.comment.parent_id or 0
        near = lines.get(parent_id)
        line.answers_to = near.comment if near else self._elsewhere.get(parent_id)
        line.says_whom = line.answers_to is not None and (line.depth > DEEP or near is None)
        line.is_parent_readable = line.answers_to is not None and policy.can_read(self._reader, line.answers_to)


def _worth_showing(ordered: list[Line], below: dict[int, list[Line]], *, keep: int) -> list[Line]:
    """A comment nobody may read keeps its place only where a readable reply hangs on it."""
    shown: set[int] = {keep}
    for line in reversed(ordered):
        if line.readable or any(child.comment.id in shown for child in below[line.comment.id]):
            shown.add(line.comment.id)
    return [line for line in ordered if line.comment.id in shown]
