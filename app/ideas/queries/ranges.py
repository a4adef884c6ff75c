"""Ranges of the lists' indexes: read in their order, merged where a filter means several values.

A statement visits what it returns and one row more for each range, whatever the number of ideas. Filters that no
index has together are looked at in Python, in a window of at most `WINDOW` rows; a list that needs more goes on
where the window ended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from sqlalchemy import Row, Select, func, literal_column, select, tuple_, union_all

from app.ideas.models import Idea
from app.ideas.models.listing import FILTERS, listed
from app.ideas.queries.filters import Values
from app.kit.db import db, is_sqlite

WINDOW = 800
"""PostgreSQL reads and sorts a whole range that is up to twice as long as what is wanted of it."""
MOST_RANGES = 300
COUNTED = 1000
"""Lists say "over 1,000" from here on, and do not count further."""


@dataclass(frozen=True)
class Bounds:
    """A stretch of a range: its values equal one, or lie from one, above one, below one; ids on from one of them."""

    equal: Any = None
    behind_id: int | None = None
    behind: tuple[Any, int] | None = None
    least: Any = None
    above: Any = None
    below: Any = None


def behind_row(value: Any, idea_id: int, *, down: bool, below: Any = None) -> list[Bounds]:
    """What comes after a row in the order read.

    PostgreSQL compares the pair in the index. SQLite does not where the second is the row's id, and would look at all
    that share the value; it reads two stretches: the rest of those with the value, then what comes after.
    """
    if not is_sqlite():
        return [Bounds(behind=(value, idea_id), below=below)]
    further = Bounds(below=value) if down else Bounds(above=value, below=below)
    return [Bounds(equal=value, behind_id=idea_id), further]


EVERYTHING = Bounds()


class Ranges:
    """The public ideas whose columns have these values."""

    def __init__(self, values: Values) -> None:
        self.values = values

    @cached_property
    def driving(self) -> dict[str, Sequence[int]]:
        """The filters an index has together: the challenge's and one more, of several the one with the fewest ideas."""
        base = {"challenge_id": self.values["challenge_id"]} if "challenge_id" in self.values else {}
        other = [name for name in FILTERS[1:] if len(self.values.get(name, ())) in range(1, MOST_RANGES + 1)]
        if len(other) > 1:
            counts = self._counts(base, other)
            other = sorted(other, key=lambda name: counts[name])
        return base | {name: self.values[name] for name in other[:1]}

    @cached_property
    def left(self) -> dict[str, frozenset[int]]:
        """The filters that are looked at row by row."""
        return {name: frozenset(values) for name, values in self.values.items() if name not in self.driving}

    def rows(
        self,
        key: str,
        most: int,
        parts: Sequence[Bounds] = (EVERYTHING,),
        *,
        down: bool = True,
        beside: Sequence[Any] = (),
    ) -> Sequence[Row[Any]]:
        """(id, sort_key, what is left to look at, `beside`) of the next rows: of one part after the other.

        A part is read only if those before have too few. Within one the rows are in the order of the key.
        """
        columns = [getattr(Idea, name) for name in self.left]
        found = [self._first(columns, key, most, one, down=down).subquery() for one in parts]
        each = [select(*one.c, *beside).select_from(one) for one in found]
        return db.session.execute(_cut(union_all(*each) if len(each) > 1 else each[0], most)).all()

    def fit(self, row: Row[Any]) -> bool:
        """Whether a row has the values that are left to look at."""
        return all(getattr(row, name) in values for name, values in self.left.items())

    @property
    def number(self) -> Any:
        """How many there are, `COUNTED` + 1 if there are more, as a column; only where nothing is left to look at."""
        return select(func.count()).select_from(self._for_counting(COUNTED + 1)).scalar_subquery().label("number")

    def _first(
        self, columns: Sequence[Any], key: str, most: int, bounds: Bounds = EVERYTHING, *, down: bool = True
    ) -> Any:
        """The first rows in the order of a key."""
        shown = [getattr(Idea, key).label("sort_key"), Idea.id, *columns]
        merged = self._merged(shown, key, most, _within(key, bounds, down=down), down=down)
        return _cut(_sorted(merged, down=down), most)

    def _for_counting(self, most: int) -> Any:
        """Some rows to count."""
        shown, key = [Idea.published_at.label("sort_key"), Idea.id], "published_at"
        merged = self._merged(shown, key, most, [], down=True)
        return _cut(_sorted(merged, down=True) if len(_each(self.driving)) == 1 else merged, most).subquery()

    def _merged(self, columns: Sequence[Any], key: str, most: int, conditions: Sequence[Any], *, down: bool) -> Any:
        """All ranges. SQLite merges them by itself; PostgreSQL does what each of them says to be sorted and cut."""
        ranges: list[Any] = [self._range(columns, one, conditions) for one in _each(self.driving)]
        if len(ranges) == 1:
            return ranges[0]
        return union_all(*(ranges if is_sqlite() else [_cut(_sorted(one, down=down), most) for one in ranges]))

    def _range(self, columns: Sequence[Any], equal: Mapping[str, int], conditions: Sequence[Any]) -> Select[Any]:
        equals = [getattr(Idea, name) == value for name, value in equal.items()]
        return select(*columns).select_from(Idea).where(listed(equal), *equals, *conditions)

    def _counts(self, base: Mapping[str, Sequence[int]], names: Sequence[str]) -> Mapping[str, int]:
        """How many ideas each of several filters leaves, none counted further than a window."""
        parts = []
        for name in names:
            inner = Ranges({**base, name: self.values[name]})._for_counting(WINDOW // len(names))
            parts.append(select(func.count()).select_from(inner).scalar_subquery().label(name))
        return dict(db.session.execute(select(*parts)).one()._mapping)


def _sorted(statement: Any, *, down: bool) -> Any:
    order = "DESC" if down else "ASC"
    return statement.order_by(literal_column(f"sort_key {order}"), literal_column(f"id {order}"))


def _cut(statement: Any, most: int) -> Any:
    """Only so many rows; the number stands in the statement, so that a plan kept for all values knows it, too."""
    return statement.limit(literal_column(str(most)))


def _each(values: Values) -> list[dict[str, int]]:
    return [dict(zip(values, one, strict=True)) for one in product(*values.values())]


def _within(key: str, bounds: Bounds, *, down: bool) -> list[Any]:
    column: Any = getattr(Idea, key)
    said: list[tuple[Any, Callable[[Any], Any]]] = [
        (bounds.equal, column.__eq__),
        (bounds.behind_id, Idea.id.__lt__ if down else Idea.id.__gt__),
        (bounds.behind, lambda pair: _pair_beyond(column, pair, down=down)),
        (bounds.least, column.__ge__),
        (bounds.above, column.__gt__),
        (bounds.below, column.__lt__),
    ]
    return [compare(value) for value, compare in said if value is not None]


def _pair_beyond(column: Any, pair: tuple[Any, int], *, down: bool) -> Any:
    here, there = tuple_(column, Idea.id), tuple_(*pair)
    return here < there if down else here > there
