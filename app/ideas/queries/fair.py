"""The fair order: one round of all ideas, which each reader enters somewhere else (`app/kit/shuffling.py`)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.ideas.models import FairOrder, Idea
from app.ideas.models.listing import listed
from app.kit import clock, shuffling
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.paging import read_key, write_key


@dataclass(frozen=True, slots=True)
class Round:
    """The order of today: its number, how many places it has, and whether it is being mixed right now."""

    number: int
    places: int
    is_mixing: bool

    def entry(self, reader: Actor) -> int:
        """The place a reader begins at: members by day and person, guests by the quarter of the hour."""
        now = clock.now()
        share = shuffling.entry_of(reader.id, clock.today()) if reader.id else shuffling.entry_at(now)
        return int(share * self.places)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: where they entered, and the last idea seen."""

    round: int
    entry: int
    rank: int
    idea_id: int

    @property
    def key(self) -> str:
        return write_key([self.round, self.entry, self.rank, self.idea_id])


def current_round() -> Round:
    """The order that counts now."""
    latest = select(FairOrder.id, FairOrder.finished_at).order_by(FairOrder.id.desc()).limit(1).subquery()
    last = select(func.max(Idea.fair_rank)).where(listed(())).scalar_subquery()
    row = db.session.execute(
        select(last.label("last"), latest.c.id, latest.c.finished_at)
        .select_from(select(1).subquery())
        .outerjoin(latest, latest.c.id.is_not(None))
    ).one()
    return Round(row.id or 0, (row.last or 0) + 1, row.id is not None and row.finished_at is None)


def place_in(key: str | None) -> Place | None:
    """What the key of a page says; None for one that says nothing."""
    values = read_key(key, [int] * 4)
    return Place(*values) if values else None


def next_rank() -> int:
    """The place behind all others, for what is published now."""
    last = db.session.scalar(select(func.max(Idea.fair_rank)).where(listed(())))
    return 0 if last is None else last + 1
