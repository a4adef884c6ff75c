"""Many rows at once, and the indexes that are left out meanwhile; in the current writing transaction.

Rows go in by the driver's own means (SQLite's executemany, PostgreSQL's COPY), past SQLAlchemy's compiler: a million
rows take seconds. Constraints and foreign keys are checked as always.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, bindparam, text

from app.kit.db import Base, db, is_sqlite

PAGES_KEPT_KIB = 256 * 1024


def insert_rows(model: type[Base], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """INSERT rows whose values stand in the order of `names`; other columns get their fixed default, or none.

    Raises:
        TypeError: a column that is missing in `names` has a default that is computed for each row.
    """
    table: Any = model.__table__
    columns = [table.c[name] for name in names]
    fixed = {column: _fixed(column) for column in table.c if column not in columns and column.default is not None}
    prepared = _prepared([*columns, *fixed], rows, list(fixed.values()))
    listed = ", ".join(f'"{column.name}"' for column in (*columns, *fixed))
    (_insert_sqlite if is_sqlite() else _copy)(table.name, listed, prepared)


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


def _prepared(columns: Sequence[Column[Any]], rows: Iterable[Sequence[Any]], fixed: Sequence[Any]) -> list[list[Any]]:
    """The rows as the driver takes them: moments as text for SQLite, dictionaries as JSON."""
    values = [[*row, *fixed] for row in rows]
    for place, column in enumerate(columns):
        if prepare := _preparer(column):
            for row in values:
                row[place] = prepare(row[place])
    return values


def _preparer(column: Column[Any]) -> Callable[[Any], Any] | None:
    dialect = db.engine.dialect
    found: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _insert_sqlite(table: str, listed: str, rows: list[list[Any]]) -> None:
    if not rows:
        return
    _keep_pages()
    marks = ", ".join("?" * len(rows[0]))
    driver: Any = db.session.connection().connection.driver_connection
    driver.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows).close()  # noqa: S608 (our own names)


def _copy(table: str, listed: str, rows: list[list[Any]]) -> None:
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
