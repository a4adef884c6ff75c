"""Hits with what their page says around the words, what else may be meant, and suggestions while typing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from sqlalchemy import BigInteger, bindparam, cast, func, select

from app.kit import offers, snippets
from app.kit.clauses import tag
from app.kit.db import is_sqlite
from app.kit.matching import CANDIDATES
from app.kit.prepared import Prepared
from app.kit.searching import Hits, Search
from app.kit.textindex import Document
from app.kit.textquery import Query
from app.places.models import Place
from app.subjects import registry
from app.topics.queries import TopicName

PAGE = 20
FURTHEST = CANDIDATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address of the search asks for; an unset part does not narrow it. `place_id` includes places within."""

    words: str
    kind: str = ""
    topic_id: int | None = None
    place_id: int | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.topic_id or self.place_id)

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.kind,) if self.kind else ()

    @property
    def tags(self) -> list[str]:
        chosen = (("topic", self.topic_id), ("place", self.place_id))
        return [tag(name, value) for name, value in chosen if value]


@dataclass(frozen=True, slots=True)
class Found:
    """A hit: kind, title, address, the words around the first match, when it was published, what and where."""

    kind: str
    title: Markup
    url: str
    snippet: Markup
    at: datetime
    topic: Any
    place: str


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits; `after` is where the next page begins. A count of 201 says that there are more than 200.

    offers: queries that may be meant. elsewhere: how much is found without the filters, where they are the
    reason that nothing is. only_stop_words: nothing was looked for.
    """

    items: Sequence[Found]
    total: int
    after: str | None
    is_first: bool
    counts: dict[str, int]
    offers: Sequence[str] = ()
    elsewhere: int = 0
    only_stop_words: bool = False


def find(wanted: Wanted, topics: Sequence[TopicName], *, start: int = 0) -> Results:
    """The hits for words, best first; `topics` are all there are."""
    search = Search(wanted.words, tags=wanted.tags)
    doubts = offers.Doubts(search, wanted.kinds)
    everything, *of_kind = search.hits_of([(), *([wanted.kinds] if wanted.kind else [])], beside=doubts.beside)
    hits = of_kind[0] if of_kind else everything
    counts = _counts(everything) | {wanted.kind: _count(hits)}
    chosen, total = hits.items, _count(hits)
    return Results(
        _shown([hit.subject_id for hit in chosen[start : start + PAGE]], search.query, topics),
        total,
        str(start + PAGE) if len(chosen) > start + PAGE else None,
        start == 0,
        counts,
        doubts.offers(total),
        0 if chosen or not wanted.is_filtered else _without_filters(wanted.words),
        search.query.has_only_stop_words,
    )


def suggest(words: str) -> tuple[Sequence[Found], Sequence[str]]:
    """Titles and whole queries that may complete what was typed so far."""
    suggested = offers.suggestions(words)
    query = Search(words).query
    rows = _documents(suggested.subject_ids)
    return [_found(row, query, {}) for row in rows], suggested.queries


def _counts(hits: Hits) -> dict[str, int]:
    """How many there are of each kind, and of all; with more than 200 it is not known of each kind."""
    if hits.is_capped:
        return {"": _count(hits)}
    counts = Counter(hit.kind for hit in hits.items)
    return {"": _count(hits)} | {name: counts[name] for name in registry.indexed_kinds()}


def _count(hits: Hits) -> int:
    return len(hits.items) + hits.is_capped


def _without_filters(words: str) -> int:
    return _count(Search(words).hits())


def _shown(subject_ids: Sequence[int], query: Query, topics: Sequence[TopicName]) -> list[Found]:
    by_id = {topic.id: topic for topic in topics}
    return [_found(row, query, by_id) for row in _documents(subject_ids)]


def _documents(subject_ids: Sequence[int]) -> list[Any]:
    """What hits show, in this order, with the name of the place each is in itself."""
    if not subject_ids:
        return []
    rows = {row.subject_id: row for row in _shown_of_documents.rows({"ids": list(subject_ids)})}
    return [rows[one] for one in subject_ids if one in rows]


def _statement() -> Any:
    shown = (Document.kind, Document.heading, Document.slug, Document.shown, Document.at, Document.tags)
    return (
        select(Document.subject_id, *shown, Place.name.label("place"))
        .outerjoin(Place, Place.id == _own_place())
        .where(Document.subject_id.in_(bindparam("ids", expanding=True)))
    )


def _own_place() -> Any:
    """The number of the first tag of a place: those around it follow."""
    tags, start = Document.tags, tag("place", "")
    if is_sqlite():  # reads as far as there are digits
        return cast(func.substr(tags, func.instr(tags, start) + len(start)), BigInteger)
    return cast(func.substring(tags, f"{start}([0-9]+)"), BigInteger)


_shown_of_documents = Prepared(_statement)


def _found(row: Any, query: Query, topics: dict[int, Any]) -> Found:
    topic = topics.get(_tagged(row.tags, "topic"))
    url = _address(row.kind, row.subject_id, row.slug)
    title, snippet = snippets.marked(row.heading, query), snippets.snippet(row.shown, query)
    return Found(row.kind, title, url, snippet, row.at, topic, row.place or "")


def _address(kind: str, subject_id: int, slug: str) -> str:
    """An address is made of these alone."""
    return registry.url_of(SimpleNamespace(kind=kind, id=subject_id, slug=slug))


def _tagged(tags: str, name: str) -> int:
    """The first value of a tag."""
    start = f"_{name}_"
    return next((int(one.removeprefix(start)) for one in tags.split() if one.startswith(start)), 0)
