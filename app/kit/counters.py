"""Counters kept beside what they count, and the check that they are right: `flask recount [--fix]`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, inspect, select, update

from app.kit.db import db


@dataclass(frozen=True, slots=True)
class Counter:
    """A counting column and the sub-query that says what it should be."""

    column: Any
    truth: ScalarSelect[int]

    @property
    def name(self) -> str:
        return f"{self.column.class_.__tablename__}.{self.column.key}"


_counters: dict[str, Counter] = {}


def register(column: Any, truth: ScalarSelect[int]) -> None:
    """Register a counter at start-up."""
    counter = Counter(column, truth)
    _counters[counter.name] = counter


def differences() -> list[tuple[str, int, int, int]]:
    """Every counter that is wrong: (name, id of the row, stored, true)."""
    found = []
    for counter in _counters.values():
        key = inspect(counter.column.class_).primary_key[0]
        wrong = select(key, counter.column, counter.truth).where(counter.column != counter.truth)
        found += [(counter.name, *row) for row in db.session.execute(wrong)]
    return found


def mend() -> None:
    """Set every wrong counter right, in the current writing transaction."""
    for counter in _counters.values():
        table = counter.column.class_
        db.session.execute(
            update(table).where(counter.column != counter.truth).values({counter.column.key: counter.truth})
        )
