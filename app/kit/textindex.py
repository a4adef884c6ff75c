"""Search text: German stems in one document per public subject; FTS5 on SQLite, tsvector on PostgreSQL.

Writing: `put(idea.id, "idea", title=…, body=…, at=…, slug=…, tags=[tag("topic", 7)])` makes a subject findable or
renews it, `remove(idea.id)` makes it unfindable; both in the transaction that publishes or hides it. Documents
exist only for what everybody may read, so what they hold may be shown to everybody.

Reading: `kit.searching`. Tags stand in the index, so that a filter loses nothing to a limit.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import vocabulary
from app.kit.base import Base
from app.kit.clauses import tag
from app.kit.db import db
from app.kit.german import joined_stems, plain, stems_of, words
from app.kit.inserting import insert_or_update_all
from app.kit.text import excerpt

FORMAT = 4
"""Counts up when documents are written differently; `flask init` then writes all of them anew."""
MOST_STEMS = 8000
MOST_SHOWN = 20_000


class Document(Base):
    """What can be found of one public subject (stems and tags), and what a hit shows of it."""

    __tablename__ = "documents"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]
    tags: Mapped[str] = mapped_column(default="", server_default="")
    heading: Mapped[str] = mapped_column(default="", server_default="")
    slug: Mapped[str] = mapped_column(default="", server_default="")
    shown: Mapped[str] = mapped_column(default="", server_default="")
    format: Mapped[int] = mapped_column(default=1, server_default="1")


Waiting = list[tuple[dict[str, Any], set[str]]]
_waiting: ContextVar[Waiting | None] = ContextVar("documents_waiting", default=None)


def put(
    subject_id: int, kind: str, *, title: str, body: str, at: datetime, slug: str = "", tags: Collection[str] = ()
) -> None:
    """Make a subject findable, or renew what is found of it; in the writer's transaction.

    Args:
        title, body: as people read them; hits show the title and a piece of the body.
        at: when it was published; newer ones stand first among equals.
        slug: the readable part of its address.
        tags: what it can be filtered by, each made by `tag`; its kind is added here.
    """
    title_words, body_words = list(words(title)), list(words(body))
    values = {
        "subject_id": subject_id,
        "kind": kind,
        "title": _indexed(title, title_words),
        "body": _indexed(body, body_words),
        "at": at,
        "tags": " ".join(dict.fromkeys((tag("kind", kind), *tags))),
        "heading": title,
        "slug": slug,
        "shown": plain(excerpt(_without_repetition(body), MOST_SHOWN)),
        "format": FORMAT,
    }
    with in_bulk() as waiting:
        waiting.append((values, {*title_words, *body_words}))


@contextmanager
def in_bulk() -> Iterator[Waiting]:
    """Gather what is `put` within, and write it in one go at the end: many times as fast for hundreds."""
    if (outer := _waiting.get()) is not None:
        yield outer
        return
    waiting: Waiting = []
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)
    insert_or_update_all(Document, unique=["subject_id"], rows=[values for values, _found in waiting])
    vocabulary.learn(set().union(*(found for _values, found in waiting)))


def remove(subject_id: int) -> None:
    """Make a subject unfindable at once."""
    db.session.execute(delete(Document).where(Document.subject_id == subject_id))


def is_outdated() -> bool:
    """Whether documents were written by a release that wrote them differently, or none was written yet."""
    old = select(Document.subject_id).where(Document.format != FORMAT).limit(1)
    return db.session.scalar(old) is not None or db.session.scalar(select(Document.subject_id).limit(1)) is None


def _without_repetition(body: str) -> str:
    """A summary that is the beginning of the text below it is shown once."""
    first, _line, rest = body.partition("\n")
    return rest if " ".join(rest[:200].split()).startswith(" ".join(first.removesuffix(" …").split())[:80]) else body


def _indexed(text_: str, found: Sequence[str]) -> str:
    # Words with hyphens stand at the end once more, in one: phrases keep their order.
    joined = joined_stems(text_)[:MOST_STEMS] if "-" in text_ else []
    return " ".join([*stems_of(found)[:MOST_STEMS], *filter(None, joined)])
