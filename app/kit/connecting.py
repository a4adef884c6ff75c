"""What each new connection to the database is told."""

import sqlite3
from typing import Any

from sqlalchemy import Connection


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
