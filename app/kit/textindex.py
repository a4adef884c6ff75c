"""Search text: German stems in one document per public subject; FTS5 on SQLite, tsvector on PostgreSQL.

Writing: `put(idea.id, "idea", title=…, body=…, at=…, slug=…, tags=[tag("topic", 7)])` makes a subject findable or
renews it, `remove(idea.id)` makes it unfindable; both in the transaction that publishes or hides it. Documents
exist only for what everybody may read, so what they hold may be shown to everybody.

Reading: `Search("fahrradstraße", tags=[…])`. A text is found when it holds every term: the word itself, a word
that begins so, or a compound with it. Order: first all words in the title, then the words themselves
anywhere, then beginnings and compounds; in each group the newest. Only the newest 400 of each group are looked at:
ranking all hits of a common word took 160 ms at 100,000 documents. Tags stand in the index, so that a filter
loses nothing to this limit. Both databases compare ASCII stems, so they find and sort alike.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ForeignKey, Index, TextualSelect, column, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import vocabulary
from app.kit.db import Base, db, is_sqlite
from app.kit.fetching import rows_of
from app.kit.german import joined_stems, plain, stems_of, words
from app.kit.inserting import insert_or_update_all
from app.kit.matching import CANDIDATES, Alternatives, Clause, document_counts, fts5, newest, source, tsquery
from app.kit.text import excerpt
from app.kit.textquery import Query, Term, parse

FORMAT = 4
"""Counts up when documents are written differently; `flask init` then writes all of them anew."""
RELATED = 150
RELATED_OF_EACH = 40
ENOUGH = 60
"""Hits of several whole words from which on nobody is helped by compounds with each of them."""
MOST_STEMS = 8000
MOST_SHOWN = 20_000


class Document(Base):
    """What can be found of one public subject (stems and tags), and what a hit shows of it."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_subject_id_kind_at", "subject_id", "kind", "at"),)

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


class Hit(NamedTuple):
    """A subject that was found."""

    subject_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, best first; when `is_capped` there is more than this."""

    items: Sequence[Hit]
    is_capped: bool


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
def in_bulk(*, learns: bool = True) -> Iterator[Waiting]:
    """Gather what is `put` within, and write it in one go at the end: many times as fast for hundreds.

    Without `learns`, whoever calls has had all words learnt (`vocabulary.learn`).
    """
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
    if learns:
        vocabulary.learn(set().union(*(found for _values, found in waiting)))


def remove(subject_id: int) -> None:
    """Make a subject unfindable at once."""
    db.session.execute(delete(Document).where(Document.subject_id == subject_id))


def tag(name: str, value: int | str) -> str:
    """Something to filter by, such as `tag("topic", 7)`: letters and digits only; no word of a text is a tag."""
    return f"_{name}_{value}"


def is_outdated() -> bool:
    """Whether documents were written by a release that wrote them differently, or none was written yet."""
    old = select(Document.subject_id).where(Document.format != FORMAT).limit(1)
    return db.session.scalar(old) is not None or db.session.scalar(select(Document.subject_id).limit(1)) is None


class Search:
    """One query over the documents with all `tags`. Finding is lazy: each method asks the database."""

    def __init__(self, text_: str, *, tags: Collection[str] = ()) -> None:
        self.query: Query = parse(text_)
        self.tags = tuple(sorted(tags))
        self._whole = tuple(_whole(term) for term in self.query.terms)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.query.terms

    def hits(self, *, kinds: Collection[str] = (), most: int = CANDIDATES) -> Hits:
        """What is found of these kinds (of all when none is named), best first."""
        found = [] if self.is_empty else self._ranked(kinds, most + 1)
        if self.query.terms and len(found) < (most + 1 if len(self.query.terms) == 1 else ENOUGH):
            known = {row.subject_id for row in found}
            wider = self._wider(kinds, most + 1)
            found = [*found, *(row for row in wider if row.subject_id not in known)]
        return Hits(found[:most], len(found) > most)

    def titles(self, most: int, *, beginnings: Collection[str] = ()) -> list[int]:
        """The newest documents with all terms in their title; for the last term one of `beginnings` will do."""
        if self.is_empty:
            return []
        *terms, last = self._whole
        clauses = [Clause(term, title_only=True) for term in (*terms, (*last, *((one,) for one in beginnings)))]
        return newest([*clauses, *self._clauses((), ())], most)

    def newest(self, most: int) -> list[int]:
        """The newest documents with all terms as whole words."""
        return [] if self.is_empty else newest(self._clauses(self._whole, ()), most)

    def all_ids(self, kind: str) -> TextualSelect:
        """A select of the ids of everything of a kind that is found, for lists with an order of their own."""
        clauses = self._clauses(self._widened, [kind])
        if is_sqlite():
            statement = text("SELECT rowid FROM documents_fts WHERE documents_fts MATCH :found_by")
        else:
            statement = text("SELECT subject_id FROM documents WHERE words @@ CAST(:found_by AS tsquery)")
        if self.is_empty:
            statement = text("SELECT subject_id FROM documents WHERE subject_id < :found_by AND subject_id > 0")
        found_by: Any = 0 if self.is_empty else fts5(clauses) if is_sqlite() else tsquery(clauses)
        return statement.bindparams(found_by=found_by).columns(column("subject_id", BigInteger))

    @cached_property
    def _widened(self) -> tuple[Alternatives, ...]:
        """Beginnings and compounds too. Among several words, one that is common by itself is not asked for them."""
        words_ = [term.word for term in self.query.terms if term.word]
        several = len(self.query.terms) > 1
        counts = vocabulary.documents_with(words_) if several else {}
        asked = [word for word in words_ if counts.get(word, 0) <= CANDIDATES]
        found = vocabulary.related(asked, RELATED_OF_EACH if several else RELATED)
        return tuple(
            (*whole, *((other,) for other in found.get(term.word, ())))
            for term, whole in zip(self.query.terms, self._whole, strict=True)
        )

    def _ranked(self, kinds: Collection[str], most: int) -> list[Hit]:
        """Whole words: those in the title first, then the newest."""
        clauses = self._clauses(self._whole, kinds)
        in_title = [Clause(clause.alternatives, clause.is_tag, title_only=not clause.is_tag) for clause in clauses]
        counts = document_counts(clauses)
        titles, title_values = source(in_title, most, "t", counts=counts)
        texts, text_values = source(clauses, most, "a", counts=counts)
        statement = _RANKED.format(titles=titles, texts=texts, covered=_COVERED if is_sqlite() else "")
        return _hits(statement, title_values | text_values | {"shown": most})

    def _wider(self, kinds: Collection[str], most: int) -> list[Hit]:
        """Beginnings and compounds too: the newest."""
        if self._widened == self._whole:
            return []
        clauses = self._clauses(self._widened, kinds)
        found, values = source(clauses, most, counts=document_counts(clauses))
        return _hits(_NEWEST.format(texts=found, covered=_COVERED if is_sqlite() else ""), values)

    def _clauses(self, terms: Sequence[Alternatives], kinds: Collection[str]) -> list[Clause]:
        tags = [Clause(((one,),), is_tag=True) for one in self.tags]
        if kinds:
            tags.append(Clause(tuple((tag("kind", kind),) for kind in sorted(kinds)), is_tag=True))
        return [*(Clause(term) for term in terms), *tags]


def search(text_: str, *, kinds: Collection[str] = (), tags: Collection[str] = ()) -> Sequence[Hit]:
    """The best 400 subjects of these kinds for a query, best first."""
    return Search(text_, tags=tags).hits(kinds=kinds).items


def documents(subject_ids: Collection[int]) -> dict[int, Any]:
    """What hits show, by subject: kind, heading, slug, shown, at, tags."""
    shown = (Document.kind, Document.heading, Document.slug, Document.shown, Document.at, Document.tags)
    rows = db.session.execute(select(Document.subject_id, *shown).where(Document.subject_id.in_(subject_ids)))
    return {row.subject_id: row for row in rows}


def stems_in_titles(subject_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The stems in the titles of these documents, by subject."""
    rows = db.session.execute(select(Document.subject_id, Document.title).where(Document.subject_id.in_(subject_ids)))
    return {row.subject_id: frozenset(row.title.split()) for row in rows}


def _whole(term: Term) -> Alternatives:
    joined = ((term.joined,),) if term.joined else ()
    return (term.stems, *joined)


def _hits(statement: str, values: Mapping[str, Any]) -> list[Hit]:
    return list(starmap(Hit, rows_of(statement, values, "subject_id", "kind")))


def _without_repetition(body: str) -> str:
    """A summary that is the beginning of the text below it is shown once."""
    first, _line, rest = body.partition("\n")
    return rest if " ".join(rest[:200].split()).startswith(" ".join(first.removesuffix(" …").split())[:80]) else body


def _indexed(text_: str, found: Sequence[str]) -> str:
    # Words with hyphens stand at the end once more, in one: phrases keep their order.
    joined = joined_stems(text_)[:MOST_STEMS] if "-" in text_ else []
    return " ".join([*stems_of(found)[:MOST_STEMS], *filter(None, joined)])


# SQLite would read the long rows themselves, where the index holds all that is asked for.
_COVERED = "INDEXED BY ix_documents_subject_id_kind_at"
_RANKED = """
    SELECT documents.subject_id, documents.kind
    FROM (SELECT min(place) AS place, subject_id FROM (
            SELECT 0 AS place, subject_id FROM ({titles}) AS titles
            UNION ALL SELECT 1, subject_id FROM ({texts}) AS texts) AS found
          GROUP BY subject_id) AS ranked
    JOIN documents {covered} ON documents.subject_id = ranked.subject_id
    ORDER BY ranked.place, documents.at DESC, documents.subject_id DESC LIMIT :shown"""
_NEWEST = """
    SELECT documents.subject_id, documents.kind FROM ({texts}) AS found
    JOIN documents {covered} ON documents.subject_id = found.subject_id
    ORDER BY documents.at DESC, documents.subject_id DESC"""
