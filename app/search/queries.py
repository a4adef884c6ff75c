"""Hits with what their page says around the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from app.kit import textindex
from app.kit.actor import Actor
from app.kit.text import excerpt
from app.subjects import registry

KINDS = ("challenge", "idea", "project")
PAGE = 20
AROUND = 90
LENGTH = 220


@dataclass(frozen=True, slots=True)
class Found:
    """A hit: kind, title, address, the words around the first match, when it was published."""

    kind: str
    title: Markup
    url: str
    snippet: Markup
    at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits; `after` is where the next page begins."""

    items: Sequence[Found]
    total: int
    after: str | None
    is_first: bool
    counts: dict[str, int]


def find(reader: Actor, words: str, *, kind: str = "", start: int = 0) -> Results:
    """The hits for words, best first; one query for the hits, one and a few for what they are."""
    hits = textindex.search(words, kinds=KINDS)
    counts = {name: sum(hit.kind == name for hit in hits) for name in KINDS}
    chosen = [hit for hit in hits if not kind or hit.kind == kind]
    shown = chosen[start : start + PAGE]
    things = registry.load_many(reader, [hit.subject_id for hit in shown])
    wanted = textindex.stems(words)
    items = [_found(things[hit.subject_id], hit.at, wanted) for hit in shown if hit.subject_id in things]
    after = str(start + PAGE) if len(chosen) > start + PAGE else None
    return Results(items, len(chosen), after, start == 0, counts)


def _found(thing: Any, at: datetime, wanted: Sequence[str]) -> Found:
    texts = [
        getattr(thing, name, "") for name in ("summary", "problem", "solution", "benefit", "description", "good_answer")
    ]
    snippet = _snippet("\n".join(text for text in texts if text), wanted)
    return Found(thing.kind, _marked(thing.title, wanted), registry.url_of(thing), snippet, at)


def _snippet(text: str, wanted: Sequence[str]) -> Markup:
    line = excerpt(text, 100_000)
    first = next((match.start() for match in textindex.WORD.finditer(line) if textindex.matches(match[0], wanted)), 0)
    begin = line.rfind(" ", 0, max(0, first - AROUND)) + 1 if first > AROUND else 0
    piece = excerpt(line[begin:], LENGTH)
    return _marked(f"… {piece}" if begin else piece, wanted)


def _marked(text: str, wanted: Sequence[str]) -> Markup:
    out, end = Markup(""), 0
    for match in textindex.WORD.finditer(text):
        if textindex.matches(match[0], wanted):
            out += Markup("{}<mark>{}</mark>").format(text[end : match.start()], match[0])
            end = match.end()
    return out + text[end:]
