"""Statements that are put together and compiled once, and asked many times with other values.

SQLAlchemy takes longer to see that it knows a statement, and to set up its rows, than SQLite takes to answer it. Here
a statement is known by its shape alone; what it gives are plain rows, with the values its columns' types say.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping
from typing import Any, cast

from sqlalchemy import Dialect

from app.kit.db import db

MOST_KEPT = 500
Convert = Callable[[Any], Any]


class Prepared:
    """What `build(*shape)` makes: a select whose values are named `bindparam`s, lists of them expanding ones."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._known: dict[Hashable, _Compiled] = {}

    def rows(self, values: Mapping[str, Any], *shape: Hashable) -> list[Any]:
        """The rows, their values by the names of the columns; of several columns of one name the first has it."""
        db.session.flush()
        dialect = db.engine.dialect
        lengths = tuple(len(value) for value in values.values() if type(value) is list)
        key = (dialect.name, shape, lengths)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[key] = _Compiled(self.build(*shape), values, dialect)
        return known.rows(values)


class _Compiled:
    """The text of a statement in a database's own words, where its values go and what becomes of its columns."""

    def __init__(self, statement: Any, values: Mapping[str, Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        state = compiled.construct_expanded_state(values)
        self.text = state.statement
        places = {
            name: (key, index)
            for key, value in values.items()
            for index, name in (enumerate(state.parameter_expansion[key]) if type(value) is list else [(-1, key)])
        }
        self.names = tuple(state.positiontup or state.parameters)
        self.by_position = state.positiontup is not None
        # Those of spelled-out lists are told; the others know their type.
        written = {name: _impl(bound.type, dialect).bind_processor(dialect) for name, bound in compiled.binds.items()}
        written |= state.processors
        self.binds = [(*places.get(name, ("", -1)), state.parameters[name], written.get(name)) for name in self.names]
        self.reads = [
            (index, read)
            for index, column in enumerate(statement.selected_columns)
            if (read := _impl(column.type, dialect).result_processor(dialect, None))
        ]
        self.make: Convert | None = None

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        given = [self._bound(values, *one) for one in self.binds]
        found = db.session.connection().exec_driver_sql(
            self.text, tuple(given) if self.by_position else dict(zip(self.names, given, strict=True))
        )
        make = self._row(list(found.keys()))
        return [make(self._read(row)) for row in found]

    @staticmethod
    def _bound(values: Mapping[str, Any], key: str, index: int, constant: Any, convert: Convert | None) -> Any:
        if not key:
            return constant if convert is None else convert(constant)
        value = values[key] if index < 0 else values[key][index]
        return value if convert is None else convert(value)

    def _row(self, names: list[str]) -> Convert:
        if self.make is None:
            first = [name if name not in names[:place] else f"_{place}" for place, name in enumerate(names)]
            kind = cast(Any, namedtuple)("Row", first, rename=True)
            self.make = kind._make
        return self.make

    def _read(self, row: Any) -> Any:
        if not self.reads:
            return row
        values = list(row)
        for index, read in self.reads:
            values[index] = read(values[index])
        return values


def _impl(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect)
