"""Many small rows at once, and small things of several tables.

Python's sqlite3 lets go of the interpreter for each row and waits for it again: with eight threads at work four
hundred rows meant four hundred turns, and half the time of a search. As one row of JSON they come in one turn.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import JSON, Boolean, Select, Text, literal_column, select, text, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kit.db import db, is_sqlite


def rows_of(statement: str, values: Mapping[str, Any], *columns: str) -> list[list[Any]]:
    """The rows of a SELECT in its order, each a list of these columns: texts, whole numbers or NULL."""
    if not is_sqlite():
        return [list(row) for row in db.session.execute(text(statement), values)]
    names = ", ".join(columns)
    in_one = f"SELECT json_group_array(json_array({names})) FROM ({statement})"  # noqa: S608
    found: list[list[Any]] = json.loads(db.session.scalar(text(in_one), values) or "[]")
    return found


def column_of(statement: str, values: Mapping[str, Any], column: str) -> list[Any]:
    """The one column of a SELECT, in its order."""
    return [row[0] for row in rows_of(statement, values, column)]


class Together:
    """Several selects as one statement, put together once and asked many times."""

    def __init__(self, parts: Mapping[str, Select[Any]]) -> None:
        """Parts by their names; columns hold texts, numbers, moments, truths or JSON, values are bound parameters."""
        inner = {name: part.subquery() for name, part in parts.items()}
        each: Any = ((literal_column(f"'{name}'"), part) for name, part in inner.items())
        self._statement = union_all(*(select(name, _InOne(*part.c)).select_from(part) for name, part in each))
        self._names = {name: [str(one.key) for one in part.c] for name, part in inner.items()}
        self._readers = {name: _readers(part.c) for name, part in inner.items()}

    def rows(self, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The rows of each part: namespaces with what its columns are called."""
        return {name: self.named(name, rows) for name, rows in self.lists(values).items()}

    def named(self, part: str, rows: Iterable[list[Any]]) -> list[Any]:
        """Rows of a part as namespaces."""
        names = self._names[part]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]

    def lists(self, values: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
        """The rows of each part as lists, in the order of its columns."""
        found = {name: json.loads(text_) for name, text_ in db.session.execute(self._statement, values)}
        for name, rows in found.items():
            for place, read in self._readers[name]:
                for row in rows:
                    row[place] = read(row[place])
        return found


class _InOne(FunctionElement[str]):
    """All rows of a select as one JSON list of lists, in the words of each database."""

    name = "in_one"
    type = Text()
    inherit_cache = True


@compiles(_InOne, "sqlite")
def _in_one_on_sqlite(element: _InOne, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_InOne, "postgresql")
def _in_one_on_postgresql(element: _InOne, compiler: Any, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_array({compiler.process(element.clauses, **options)}))::text, '[]')"


def _readers(columns: Iterable[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """How values are read that JSON has no word for, by their place in a row."""
    found = ((place, _reader(one.type)) for place, one in enumerate(columns))
    return [(place, read) for place, read in found if read is not None]


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, Boolean):
        return lambda value: None if value is None else bool(value)
    if isinstance(kind, JSON):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return _moment if kind.python_type is datetime else None


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
