"""Telling recorded activities as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kit.actor import Actor
from app.kit.paging import Page, page_of
from app.kit.text import excerpt
from app.subjects import activities, registry
from app.subjects.headings import headings
from app.subjects.models import ActivityRow
from app.subjects.queries import told

PAGE = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: who did what to which thing, with the step's colour and icon."""

    at: datetime
    icon: str
    step: str
    actor: str
    verb: str
    title: str
    url: str


def entries(reader: Actor, after: str | None = None, size: int = PAGE) -> Page[Entry]:
    """A page of what happened, as far as the reader may see the things it happened to."""
    page = page_of(told(), (ActivityRow.at, ActivityRow.id), after=after, size=size)
    return Page(_told(reader, page.items), page.after, page.is_first)


def _told(reader: Actor, rows: Sequence[ActivityRow]) -> list[Entry]:
    facts = [fact for row in rows if (fact := activities.from_row(row)) is not None]
    speakers = {id_ for fact in facts for id_ in (fact.actor_id, fact.organisation_id) if id_}
    things, names = headings(reader, {fact.subject_id for fact in facts}, speakers)
    lines = []
    for fact in facts:
        thing, actor = things.get(fact.subject_id), fact.speaker(names)
        if thing is None:
            continue
        title, url = excerpt(thing.title, 90), registry.url_of(thing)
        lines.append(Entry(fact.at, fact.icon, fact.colour, actor, f"{fact.sentence}:", title, url))
    return lines
