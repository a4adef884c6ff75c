"""Ranges of the lists' indexes: read in their order, merged where a filter means several values.

A statement visits what it returns and one row more for each range, whatever the number of ideas. Filters that no
index has together are looked at in Python, in a window of at most `WINDOW` rows; a list that needs more goes on
where the window ended.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, literal_column, select, tuple_, union_all

from app.ideas.models import Idea
from app.ideas.models.listing import FILTERS, listed
from app.ideas.queries.filters import Values
from app.kit import tallies
from app.kit.db import db, is_sqlite
from app.kit.prepared import Prepared

Lengths = tuple[tuple[str, int], ...]
WINDOW = 800
"""PostgreSQL reads and sorts a whole range that is up to twice as long as what is wanted of it."""
MOST_RANGES = 300
COUNTED = 1000
"""Lists say "over 1,000" from here on, and do not count further."""
MANY = "many ideas"
"""What the job runner keeps a note under while there are far more: then nobody counts a thousand for each list."""


@dataclass(frozen=True)
class Bounds:
    """A stretch of a range: its values equal one, or lie from one, above one, below one; ids on from one of them."""

    equal: Any = None
    behind_id: int | None = None
    behind: tuple[Any, int] | None = None
    least: Any = None
    above: Any = None
    below: Any = None

    @property
    def sides(self) -> tuple[str, ...]:
        """What is said of it."""
        return tuple(name for name, value in vars(self).items() if value is not None)

    def named(self, at: int) -> Iterator[tuple[str, Any]]:
        """What is said, as parameters of the part at this place."""
        for name in self.sides:
            value = getattr(self, name)
            yield from zip((f"{name}_{at}", f"{name}_row_{at}"), value if name == "behind" else (value,), strict=False)

    @classmethod
    def of_parameters(cls, key: str, sides: Sequence[str], at: int) -> "Bounds":
        """The same, its values parameters."""
        column, row = getattr(Idea, key).type, Idea.id.type
        said: dict[str, Any] = {
            name: bindparam(f"{name}_{at}", type_=row if name == "behind_id" else column) for name in sides
        }
        if "behind" in said:
            said["behind"] = (said["behind"], bindparam(f"behind_row_{at}", type_=row))
        return cls(**said)


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


@dataclass(frozen=True)
class Number:
    """How many ideas there are, as a column of another statement: the lengths of the filters that drive it, by name.

    `values`: what the column's parameters are.
    """

    lengths: Lengths
    values: Mapping[str, int] = field(compare=False)

    def column(self) -> Any:
        """The count, `COUNTED` + 1 if there are more."""
        some = _for_counting(_asked(self.lengths), COUNTED + 1)
        number: Any = select(func.count()).select_from(some).scalar_subquery()
        if not self.lengths:
            number = case((tallies.is_kept(MANY), literal_column(str(COUNTED + 1))), else_=number)
        return number.label("number")


def are_many() -> bool:
    """Whether there are twice as many public ideas as lists count."""
    some = _for_counting({}, 2 * COUNTED)
    return db.session.scalar(select(func.count()).select_from(some)) == 2 * COUNTED


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
    ) -> Sequence[Any]:
        """(id, sort_key, what is left to look at, `beside`) of the next rows: of one part after the other.

        A part is read only if those before have too few. Within one the rows are in the order of the key.
        """
        if beside:  # whose bounds may be columns
            columns = [getattr(Idea, name) for name in self.left]
            return db.session.execute(_rows(self.driving, columns, key, most, parts, beside, down=down)).all()
        values = dict(chain(self.number.values.items(), *(one.named(at) for at, one in enumerate(parts))))
        shape = (self.number.lengths, tuple(self.left), key, most, tuple(one.sides for one in parts), down)
        return _prepared.rows(values, *shape)

    def fit(self, row: Row[Any]) -> bool:
        """Whether a row has the values that are left to look at."""
        return all(getattr(row, name) in values for name, values in self.left.items())

    @property
    def number(self) -> Number:
        """How many there are; only where nothing is left to look at."""
        values = {f"{name}_is_{at}": value for name, each in self.driving.items() for at, value in enumerate(each)}
        return Number(tuple((name, len(each)) for name, each in self.driving.items()), values)

    def _counts(self, base: Mapping[str, Sequence[int]], names: Sequence[str]) -> Mapping[str, int]:
        """How many ideas each of several filters leaves, none counted further than a window."""
        parts = []
        for name in names:
            inner = _for_counting({**base, name: self.values[name]}, WINDOW // len(names))
            parts.append(select(func.count()).select_from(inner).scalar_subquery().label(name))
        return dict(db.session.execute(select(*parts)).one()._mapping)


def _of_shape(
    lengths: Lengths, left: Sequence[str], key: str, most: int, sides: Sequence[Sequence[str]], down: bool
) -> Any:
    """The statement for `Ranges.rows` whose values are parameters."""
    parts = [Bounds.of_parameters(key, one, at) for at, one in enumerate(sides)]
    return _rows(_asked(lengths), [getattr(Idea, name) for name in left], key, most, parts, (), down=down)


_prepared = Prepared(_of_shape)


def _rows(
    driving: Values,
    columns: Sequence[Any],
    key: str,
    most: int,
    parts: Sequence[Bounds],
    beside: Sequence[Any],
    *,
    down: bool,
) -> Any:
    found = [_first(driving, columns, key, most, one, down=down).subquery() for one in parts]
    each = [select(*one.c, *beside).select_from(one) for one in found]
    return _cut(union_all(*each) if len(each) > 1 else each[0], most)


def _first(driving: Values, columns: Sequence[Any], key: str, most: int, bounds: Bounds, *, down: bool) -> Any:
    """The first rows in the order of a key."""
    shown = [getattr(Idea, key).label("sort_key"), Idea.id, *columns]
    merged = _merged(driving, shown, key, most, _within(key, bounds, down=down), down=down)
    return _cut(_sorted(merged, down=down), most)


def _for_counting(driving: Values, most: int) -> Any:
    """Some rows to count."""
    shown, key = [Idea.published_at.label("sort_key"), Idea.id], "published_at"
    merged = _merged(driving, shown, key, most, [], down=True)
    return _cut(_sorted(merged, down=True) if len(_each(driving)) == 1 else merged, most).subquery()


def _merged(
    driving: Values, columns: Sequence[Any], key: str, most: int, conditions: Sequence[Any], *, down: bool
) -> Any:
    """All ranges. SQLite merges them by itself; PostgreSQL does what each of them says to be sorted and cut."""
    ranges: list[Any] = [_range(columns, one, conditions) for one in _each(driving)]
    if len(ranges) == 1:
        return ranges[0]
    return union_all(*(ranges if is_sqlite() else [_cut(_sorted(one, down=down), most) for one in ranges]))


def _range(columns: Sequence[Any], equal: Mapping[str, int], conditions: Sequence[Any]) -> Select[Any]:
    equals = [getattr(Idea, name) == value for name, value in equal.items()]
    return select(*columns).select_from(Idea).where(listed(equal), *equals, *conditions)


def _asked(lengths: Lengths) -> Any:
    """Filters of so many values each, all of them parameters."""
    return {
        name: [bindparam(f"{name}_is_{at}", type_=getattr(Idea, name).type) for at in range(many)]
        for name, many in lengths
    }


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
