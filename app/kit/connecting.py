"""What the connections of each database are taught.

SQLite (https://www.sqlite.org/lang_transaction.html): a writing transaction starts with BEGIN IMMEDIATE, because a
reader that turns writer fails at once with "database is locked", whatever its busy_timeout; that is for those who
write past the queue (`kit.turns`), such as other programs.

A unit of work commits with synchronous=NORMAL, which leaves out one thing: to wait until the disk has the log. It lets
the next one write and waits then (`reach_the_disk`), before anybody is told that something was done: several writers
wait side by side, and what one of them has waited for holds all that was committed before. Whoever reads may see some
milliseconds earlier what a loss of power would take back. Past units of work SQLite waits itself (FULL).
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, event

from app.kit.pipeline import has_its_listeners, is_taken_back, may_be_taken_back, plan_as_usual, plans_as_usual
from app.kit.units import carry_out_first, note_what_is_written

# The log is brought into the database after several hundred votes, not after a hundred. And whatever is looked for has
# an index: of small tables SQLite made one for each list, which took five times as long.
SETTINGS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "wal_autocheckpoint=4000",
    "automatic_index=OFF",
)
MOST_PREPARED = 300


def teach(engine: Engine) -> None:
    """Prepare every connection this engine will open."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "connect", plans_as_usual)
        event.listen(engine, "reset", is_taken_back)
        event.listen(engine, "rollback", may_be_taken_back)
        event.listen(engine, "rollback_savepoint", may_be_taken_back)
        event.listen(engine, "before_cursor_execute", plan_as_usual)
        event.listen(engine, "before_cursor_execute", carry_out_first)
    event.listen(engine, "after_cursor_execute", note_what_is_written)
    has_its_listeners(engine)


def file_of(engine: Engine) -> Path | None:
    """Where the database lies; nowhere, if it is in memory."""
    name = engine.url.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def reach_the_disk(database: Path) -> None:
    """Wait until all that was committed so far outlasts a loss of power.

    Either it stands in the log (https://www.sqlite.org/wal.html), or somebody has brought it from there into the
    database meanwhile, which SQLite does not without waiting for the disk itself.
    """
    with suppress(FileNotFoundError):  # the last connection was closed, and the log brought into the database
        log = os.open(f"{database}-wal", os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fdatasync(log)
        finally:
            os.close(log)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says BEGIN, not the driver.
    for pragma in (*SETTINGS, "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper  # noqa: PLC0415 (only where it is used)

    # psycopg tells PostgreSQL how large each number is: a statement was another one, planned anew, for each combination
    # of small and large ids. Of one size they are the same, which is prepared when it is asked for a second time.
    # Those of a list are written as text: of two lists the second would have the size that is enough for the first.
    for dumper in (Int8Dumper, Int8BinaryDumper):
        connection.adapters.register_dumper(int, dumper)
    connection.prepare_threshold, connection.prepared_max = 1, MOST_PREPARED
    # Written for turning disks, the default makes PostgreSQL read all texts rather than ask the index of words; and
    # compiling a statement that is sent once takes longer than the statement.
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1; SET jit = off")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    """With the option `writes` to write, and with a unit of work as `turn` once all is ready and it may."""
    options, cursor = connection.get_execution_options(), cast(Any, connection.connection.cursor())
    writes, unit = bool(options.get("writes")), options.get("turn")
    try:
        if connection.info.get("writes", False) is not writes:  # what it did last
            cursor.execute(f"PRAGMA synchronous={'NORMAL' if writes else 'FULL'}")
            connection.info["writes"] = writes
        if unit is not None:
            unit.take_turn()
        cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    except sqlite3.Error as error:
        connection._handle_dbapi_exception(error, "BEGIN", (), cursor, None)  # raises it in SQLAlchemy's words
    cursor.close()
