"""Many rows at once, and the indexes that are left out meanwhile; in the current writing transaction.

Rows go in by the driver's own means (SQLite's executemany, PostgreSQL's COPY), past SQLAlchemy's compiler: a million
rows take seconds. Constraints and foreign keys are checked as always.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import JSON, Column, bindparam, text

from app.kit.base import Base
from app.kit.db import db, is_sqlite
from app.kit.units import note_written
from app.kit.utc import UtcDateTime

PAGES_KEPT_KIB = 256 * 1024
DAY_SECONDS = 24 * 60 * 60


def insert_rows(model: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """INSERT rows whose values stand in the order of `names`; other columns get their fixed default, or none.

    A moment may be given in whole seconds since 1970, too: for millions of them that takes a third of the time.

    Raises:
        TypeError: a column that is missing in `names` has a default that is computed for each row.
    """
    table: Any = model.__table__
    columns = [table.c[name] for name in names]
    fixed = {column: _fixed(column) for column in table.c if column not in columns and column.default is not None}
    if rows:
        prepared = _prepared([*columns, *fixed], rows, list(fixed.values()))
        listed = ", ".join(f'"{column.name}"' for column in (*columns, *fixed))
        (_insert_sqlite if is_sqlite() else _copy)(table.name, listed, len(columns) + len(fixed), prepared)
        note_written(table.name)


def index_definitions(tables: Collection[str]) -> dict[str, str]:
    """The statement of each index of these tables, by name; those of constraints left out."""
    found = text(_INDEXES_SQLITE if is_sqlite() else _INDEXES)
    rows = db.session.execute(found.bindparams(bindparam("tables", expanding=True)), {"tables": list(tables)})
    return {row.name: row.statement for row in rows}


def drop_indexes(names: Iterable[str]) -> None:
    """Leave indexes out."""
    for name in names:
        db.session.connection().exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')


def make_index(statement: str) -> None:
    """Make one again, as `index_definitions` gave it."""
    connection = db.session.connection()
    _keep_pages()
    if not is_sqlite():
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    connection.exec_driver_sql(statement.replace("%", "%%"))


def analyze() -> None:
    """Let the planner know what there is now."""
    db.session.connection().exec_driver_sql("ANALYZE")


def reserve_ids(model: type[Base], last: int) -> None:
    """Give out no id up to `last` by itself any more."""
    name = model.__tablename__
    if is_sqlite():
        statement = "UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"
    else:
        statement = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"
    db.session.execute(text(statement), {"name": name, "last": last})


def _fixed(column: Column[Any]) -> Any:
    default: Any = column.default
    if not default.is_scalar:
        raise TypeError(f"{column} has a default for each row: give its values")
    return default.arg


def _prepared(
    columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]], fixed: Sequence[Any]
) -> Iterable[Sequence[Any]]:
    """The rows as the driver takes them: moments as text for SQLite, dictionaries as JSON. Column by column."""
    values: list[Iterable[Any]] = [*zip(*rows, strict=True), *(repeat(one, len(rows)) for one in fixed)]
    for place, column in enumerate(columns):
        if prepare := _preparer(column):
            values[place] = map(prepare, values[place])
    return zip(*values, strict=True)


def _preparer(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, UtcDateTime):
        return _moment_in_words if is_sqlite() else _moment
    dialect = db.engine.dialect
    found: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _once_each(found) if found and isinstance(column.type, JSON) else found


def _once_each(prepare: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An object that many rows share is prepared once; it is known by its id, for the rows hold it meanwhile."""
    known: dict[int, Any] = {}

    def prepared(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = prepare(value)
        return known[id(value)]

    return prepared


def _moment(value: datetime | int | None) -> datetime | None:
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    if value is not None and value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value


def _moment_in_words(value: datetime | int | None) -> str | None:
    """What SQLAlchemy writes for SQLite; a day and a time of it are put into words once."""
    if isinstance(value, int):
        day, second = divmod(value, DAY_SECONDS)
        return _day(day) + _time(second)
    moment = _moment(value)
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26] if moment else None


@lru_cache(maxsize=10_000)
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY_SECONDS, UTC).date().isoformat()


@lru_cache(maxsize=DAY_SECONDS)
def _time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime(" %H:%M:%S.000000")


def _insert_sqlite(table: str, listed: str, width: int, rows: Iterable[Sequence[Any]]) -> None:
    _keep_pages()
    marks = ", ".join("?" * width)
    driver: Any = db.session.connection().connection.driver_connection
    driver.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows).close()  # noqa: S608 (our own names)


def _copy(table: str, listed: str, _width: int, rows: Iterable[Sequence[Any]]) -> None:
    driver: Any = db.session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _keep_pages() -> None:
    """SQLite keeps 2 MB of pages by itself; with more, each is written once in a transaction."""
    if is_sqlite():
        db.session.connection().exec_driver_sql(f"PRAGMA cache_size = -{PAGES_KEPT_KIB}")


_INDEXES_SQLITE = """
    SELECT name, sql AS statement FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables ORDER BY name"""
_INDEXES = """
    SELECT relname AS name, pg_get_indexdef(indexrelid) AS statement FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE indrelid::regclass::text IN :tables AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY relname"""
