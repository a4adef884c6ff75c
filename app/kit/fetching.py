"""Many small rows at once, and small things of several tables.

Python's sqlite3 lets go of the interpreter for each row and waits for it again: with eight threads at work four
hundred rows meant four hundred turns, and half the time of a search. As one row of JSON they come in one turn.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import JSON, Boolean, Text, literal_column, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kit.db import connection, is_sqlite
from app.kit.prepared import Prepared, fetched

VALUE = re.compile(r"(?<!:):([a-z_]\w*)")


def rows_of(statement: str, values: Mapping[str, Any], *columns: str) -> list[list[Any]]:
    """The rows of a SELECT in its order, each a list of these columns: texts, whole numbers or NULL.

    Statements go to the driver as they are, values by `:name`: SQLAlchemy would take apart each text anew.
    """
    if not is_sqlite():
        return [list(row) for row in _sent(statement, values)]
    rows: list[list[Any]] = parts_of({"": Part(statement, columns)}, values)[""]
    return rows


@dataclass(frozen=True, slots=True)
class Part:
    """A SELECT among several, its columns; `only_if`: a condition in SQL without which it is not carried out.

    named: what conditions of others call its rows.
    """

    statement: str
    columns: tuple[str, ...]
    only_if: str = ""
    named: str = ""


@dataclass(slots=True)
class Beside:
    """Selects that are to be carried out beside others, and what came of it."""

    parts: dict[str, Part] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)


def parts_of(parts: Mapping[str, Part], values: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of several SELECTs, as `rows_of` gives them, by one statement; None for one that was left out."""
    if not parts:
        return {}
    (row,) = _sent(_in_one_row(tuple(parts.values()), is_sqlite()), values)
    return {name: None if text is None else json.loads(text) for name, text in zip(parts, row, strict=True)}


@lru_cache(maxsize=1000)
def _in_one_row(parts: tuple[Part, ...], for_sqlite: bool) -> str:
    listed = "json_group_array(json_array({}))"
    if not for_sqlite:
        listed = "coalesce(json_agg(json_build_array({})), '[]')::text"
    named = ", ".join(f"{part.named} AS MATERIALIZED ({part.statement})" for part in parts if part.named)
    return f"{f'WITH {named} ' if named else ''}SELECT {', '.join(_scalar(part, listed) for part in parts)}"


def _scalar(part: Part, listed: str) -> str:
    rows = f"(SELECT {listed.format(', '.join(part.columns))} FROM {part.named or f'({part.statement})'} AS part)"  # noqa: S608
    return f"CASE WHEN {part.only_if} THEN {rows} END" if part.only_if else rows


def among(name: str) -> str:
    """A condition: what stands before it is one of a list of values, made by `listed`."""
    return f"IN (SELECT value FROM json_each(:{name}))" if is_sqlite() else f"= ANY(:{name})"  # noqa: S608


def listed(values: Iterable[int] | Iterable[str]) -> Any:
    """Several values as one, for `among`."""
    return json.dumps(list(values)) if is_sqlite() else list(values)


def ids_among(name: str) -> str:
    """As `among`, of ids, for a statement that SQLAlchemy sends: the same whatever their number."""
    return f"IN (SELECT value FROM json_each(:{name}))" if is_sqlite() else f"= ANY(CAST(:{name} AS bigint[]))"  # noqa: S608


def ids_listed(ids: Iterable[int]) -> str:
    """Several ids as one value, for `ids_among`."""
    listed_ = ",".join(map(str, ids))
    return f"[{listed_}]" if is_sqlite() else f"{{{listed_}}}"


def _sent(statement: str, values: Mapping[str, Any]) -> list[Any]:
    if is_sqlite():
        return fetched(connection(), statement, values)[0]
    text, names = _numbered(statement)
    return fetched(connection(), text, tuple([values[name] for name in names]))[0]


@lru_cache(maxsize=1000)
def _numbered(statement: str) -> tuple[str, list[str]]:
    """With values by their number, as PostgreSQL knows them, and their names in this order."""
    names = list(dict.fromkeys(VALUE.findall(statement)))
    return VALUE.sub(lambda found: f"${names.index(found[1]) + 1}", statement), names


class Together:
    """Several selects as one statement, put together once and asked many times."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        """Parts by their names; columns hold texts, numbers, moments, truths or JSON, values are bound parameters."""
        inner = {name: part.subquery() for name, part in parts.items()}
        each: Any = ((literal_column(f"'{name}'"), part) for name, part in inner.items())
        whole = union_all(*(select(name, _InOne(*part.c)).select_from(part) for name, part in each))
        self._statement = Prepared(lambda: whole)
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
        return self.read(self.texts(values))

    def foresee(self, values: Mapping[str, Any]) -> None:
        """Tell that this will be asked."""
        self._statement.foresee(values)

    def texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The rows of each part as the text they come in: what `read` makes lists of."""
        return dict(self._statement.rows(values))

    def read(self, texts: Mapping[str, str]) -> dict[str, list[list[Any]]]:
        found = {name: json.loads(text_) for name, text_ in texts.items()}
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


def moment_of(value: str) -> datetime:
    """A moment as it came in JSON: with its zone on PostgreSQL, without on SQLite."""
    return datetime.fromisoformat(value if value[-6] in "+-" else f"{value}+00:00")


def _moment(value: str | None) -> datetime | None:
    return None if value is None else moment_of(value)
