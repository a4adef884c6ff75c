"""Hits with what their page says around the words, what else may be meant, and suggestions while typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from app.kit import offers, snippets, textindex
from app.kit.textindex import CANDIDATES, Search, tag
from app.kit.textquery import Query
from app.places.queries import place_names
from app.subjects import registry
from app.topics.queries import all_topics

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
        return (self.kind,) if self.kind else registry.indexed_kinds()

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
    """A page of hits; `after` is where the next page begins. Counts above 400 only say that there are more.

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


def find(wanted: Wanted, *, start: int = 0) -> Results:
    """The hits for words, best first."""
    search = Search(wanted.words, tags=wanted.tags)
    hits = search.hits(kinds=registry.indexed_kinds())
    counts = _counts(search, hits)
    chosen = hits.items
    if wanted.kind:
        chosen = [hit for hit in chosen if hit.kind == wanted.kind]
        chosen = search.hits(kinds=[wanted.kind]).items if hits.is_capped else chosen
    total = counts[wanted.kind] if wanted.kind else CANDIDATES + 1 if hits.is_capped else len(chosen)
    return Results(
        _shown([hit.subject_id for hit in chosen[start : start + PAGE]], search.query),
        total,
        str(start + PAGE) if len(chosen) > start + PAGE else None,
        start == 0,
        counts | {"": CANDIDATES + 1 if hits.is_capped else len(hits.items)},
        offers.did_you_mean(wanted.words, tags=wanted.tags, kinds=wanted.kinds, found=total),
        0 if chosen or not wanted.is_filtered else _without_filters(wanted.words),
        search.query.has_only_stop_words,
    )


def suggest(words: str) -> tuple[Sequence[Found], Sequence[str]]:
    """Titles and whole queries that may complete what was typed so far."""
    suggested = offers.suggestions(words)
    query = Search(words).query
    rows = textindex.documents(suggested.subject_ids)
    return [_found(rows[one], query, {}, {}) for one in suggested.subject_ids if one in rows], suggested.queries


def _counts(search: Search, hits: textindex.Hits) -> dict[str, int]:
    if hits.is_capped:
        return {name: search.count(name) for name in registry.indexed_kinds()}
    return {name: sum(hit.kind == name for hit in hits.items) for name in registry.indexed_kinds()}


def _without_filters(words: str) -> int:
    hits = Search(words).hits(kinds=registry.indexed_kinds())
    return len(hits.items) + hits.is_capped


def _shown(subject_ids: Sequence[int], query: Query) -> list[Found]:
    rows = textindex.documents(subject_ids)
    topics = {topic.id: topic for topic in all_topics()} if rows else {}
    places = place_names({one for row in rows.values() if (one := _tagged(row.tags, "place"))})
    return [_found(rows[one], query, topics, places) for one in subject_ids if one in rows]


def _found(row: Any, query: Query, topics: dict[int, Any], places: dict[int, str]) -> Found:
    topic, place = topics.get(_tagged(row.tags, "topic")), places.get(_tagged(row.tags, "place"), "")
    url = registry.url_of(SimpleNamespace(kind=row.kind, id=row.subject_id, slug=row.slug, title=row.heading))
    title, snippet = snippets.marked(row.heading, query), snippets.snippet(row.shown, query)
    return Found(row.kind, title, url, snippet, row.at, topic, place)


def _tagged(tags: str, name: str) -> int:
    """The first value of a tag; of places the one it is in itself, places around it follow."""
    start = f"_{name}_"
    return next((int(one.removeprefix(start)) for one in tags.split() if one.startswith(start)), 0)
