"""What each new connection to the database is told, and where SQLite's writers queue."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine


def prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event (`begin_sqlite`) says BEGIN, not the driver.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def prepare_postgresql(connection: Any, _record: Any) -> None:
    # Written for turning disks, the default makes PostgreSQL read all texts rather than ask the index of words; and
    # compiling a statement that is sent once takes longer than the statement.
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1; SET jit = off")
    connection.autocommit = False


def begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def file_of_turns(engine: Engine) -> Path | None:
    """Beside the database; a database in memory belongs to one process."""
    name = engine.url.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(f"{name}-turns")
