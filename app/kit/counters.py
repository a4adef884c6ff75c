"""Counters kept beside what they count, and the check that they are right: `flask recount [--fix]`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, inspect, select, update
from sqlalchemy.orm import class_mapper

from app.kit.db import db, known_session
from app.kit.prepared import PreparedChange


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


def add(column: Any, row_id: int, change: int, **values: Any) -> None:
    """SET n = n + change in one row, and these values; an object of it in the session reads them anew when asked."""
    changed = {f"new_{name}": value for name, value in values.items()}
    _adding.soon({"row_id": row_id, "change": change, **changed}, column, tuple(values))
    if (session := known_session()) is not None:
        known = session.identity_map.get(class_mapper(column.class_).identity_key_from_primary_key((row_id,)))
        if known is not None:
            session.expire(known, [column.key, *values])


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


def _one_more(column: Any, names: tuple[str, ...]) -> Any:
    table = column.class_.__table__
    own = table.c[column.key]
    values = {own: own + bindparam("change")} | {table.c[name]: bindparam(f"new_{name}") for name in names}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)


_adding = PreparedChange(_one_more)
