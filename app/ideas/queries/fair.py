"""The fair order: one round of all ideas, which each reader enters somewhere else (`app/kit/shuffling.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, cast, func, literal, select

from app.ideas.models import FairOrder, Idea
from app.ideas.models.listing import listed
from app.kit import clock, shuffling
from app.kit.actor import Actor
from app.kit.db import db, is_sqlite
from app.kit.paging import read_key, write_key

KEY = "fair_rank"


@dataclass(frozen=True, slots=True)
class Round:
    """The order of today: its number, how many places it has, and whether it is being mixed right now."""

    number: int
    places: int
    is_mixing: bool

    def entry(self, share: float) -> int:
        """The place a reader begins at."""
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


def share_of(reader: Actor) -> float:
    """How far into the round a reader enters it: members by day and person, guests by the quarter of the hour."""
    if reader.id:
        return shuffling.entry_of(reader.id, clock.today())
    now = clock.peek()
    clock.good_until(shuffling.next_entry(now))
    return shuffling.entry_at(now)


def columns() -> list[ColumnElement[Any]]:
    """What a statement says of the round beside its rows, for `round_of`."""
    latest = select(FairOrder).order_by(FairOrder.id.desc()).limit(1)
    number = latest.with_only_columns(FairOrder.id).scalar_subquery()
    finished = latest.with_only_columns(FairOrder.finished_at).scalar_subquery()
    return [_last().label("last"), number.label("round"), finished.label("finished_at")]


def round_of(rows: Sequence[Row[Any]]) -> Round:
    """The order that counts now, by a row with the `columns`; without one it is asked for."""
    row = rows[0] if rows else db.session.execute(select(*columns())).one()
    return Round(row.round or 0, _places(row.last), row.round is not None and row.finished_at is None)


def entry_sql(share: float) -> ColumnElement[int]:
    """`Round.entry`, computed by the database."""
    places = func.coalesce(_last() + 1, 1)
    return cast(func.trunc(literal(share) * places) if not is_sqlite() else literal(share) * places, Integer)


def place_in(key: str | None) -> Place | None:
    """What the key of a page says; None for one that says nothing."""
    values = read_key(key, [int] * 4)
    return Place(*values) if values else None


def next_rank() -> int:
    """The place behind all others, for what is published now."""
    last = db.session.scalar(select(_last()))
    return 0 if last is None else last + 1


def _last() -> Any:
    return select(func.max(Idea.fair_rank)).where(listed(())).scalar_subquery()


def _places(last: int | None) -> int:
    return 1 if last is None else last + 1
