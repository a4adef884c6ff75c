"""One unit of work: what it may do and has asked for so far, what it wrote, and what waits to be sent (`kit.db`)."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from flask import current_app, has_request_context
from sqlalchemy import Connection

from app.kit.base import Base
from app.kit.pipeline import Foreseen, Statement, has_failed, in_one_go
from app.kit.turns import Turns

PATIENCE_SECONDS = 15.0
WRITTEN = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_before_commit: list[Callable[[bool, set[int] | None], None]] = []


class Unit:
    """What one unit of work may do, and has asked for so far."""

    def __init__(self, *, may_write: bool) -> None:
        self.may_write = may_write
        self.writing = self.wrote_unasked = False
        self.is_committed = False
        self.turn: Turns | None = None
        self.put_off: list[Statement] = []
        self.foreseen: dict[str, Foreseen] = {}
        self.own: Connection | None = None
        self.scope: object = None
        self.connection: Connection | None = None
        self.after_commit: list[Callable[[], None]] = []
        self.changes_what_guests_see = False
        self.depth = 0
        self.patience: set[bool] = set()
        self.about: set[int] = set()
        self.is_narrow = True
        self.was_told = False

    def take_turn(self) -> None:
        """Wait until nobody else writes to SQLite's file.

        Raises:
            Busy: it took too long.
        """
        turns: Turns = current_app.extensions["turns"]
        turns.take(PATIENCE_SECONDS if has_request_context() else None)
        self.turn = turns

    def pass_on(self) -> None:
        """Let the next one write."""
        if self.turn is not None:
            turn, self.turn = self.turn, None
            turn.pass_on()


current: ContextVar[Unit | None] = ContextVar("unit_of_work", default=None)


def waiting(used: Connection) -> list[Statement] | None:
    """What waits to go to PostgreSQL with the next statement; None: nothing waits, for SQLite is in this process."""
    unit = current.get()
    return None if unit is None or used.dialect.name == "sqlite" else unit.put_off


def put_off(used: Connection) -> list[Statement] | None:
    """The same where something is written: a change may wait for the COMMIT."""
    unit = current.get()
    return waiting(used) if unit is not None and unit.writing else None


def only_reads(used: Connection) -> bool:
    """Whether this is the connection of a unit of work that has not begun to write."""
    unit = current.get()
    return unit is not None and not unit.writing and used is unit.connection


def taken_off(used: Connection) -> list[Statement]:
    """What waits to be sent by this connection: whoever takes it sends it now."""
    unit = current.get()
    if unit is None or not unit.put_off or used is not unit.connection:
        return []
    changes, unit.put_off = unit.put_off, []
    return changes


def foreseen(used: Connection) -> dict[str, Foreseen]:
    """What will be asked for on this connection later in the transaction, by its text."""
    unit = current.get()
    return {} if unit is None or used is not unit.connection else unit.foreseen


def carry_out_first(used: Connection, *_statement: Any) -> None:
    """Send what was put off, before a statement of SQLAlchemy's."""
    if changes := taken_off(used):
        in_one_go(used, changes, foreseen=foreseen(used))


def require_whole(used: Connection) -> None:
    """Stop where a statement failed and nobody took it back: PostgreSQL would take COMMIT for ROLLBACK."""
    if used.dialect.name != "sqlite" and has_failed(used):
        raise RuntimeError("a statement failed, and nobody took it back")


def before_commit(act: Callable[[bool, set[int] | None], None]) -> Callable[[bool, set[int] | None], None]:
    """Register who is told, still within the transaction, that what guests see has changed.

    It gets whether promptly, and the pages of which subjects; None where that is not known.
    """
    _before_commit[:] = [act]
    return act


def tell_guests(unit: Unit) -> None:
    """Tell who asked to be told, if anything was written that guests see."""
    if unit.changes_what_guests_see:
        for tell in _before_commit:
            tell(unit.patience != {True}, unit.about if unit.is_narrow else None)


def note_what_is_written(
    _connection: Connection, cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    """Notice which tables a statement of SQLAlchemy's changes."""
    unit = current.get()
    if unit is not None and unit.foreseen and WRITTEN.match(statement):
        unit.foreseen.clear()
    if unit is None or (unit.changes_what_guests_see and unit.depth):
        return
    written = WRITTEN.match(statement)
    if not unit.writing:
        unit.wrote_unasked |= written is not None  # what was changed while reading is taken back
        return
    if written is not None and cursor.rowcount != 0 and not written[1].endswith("_fts"):
        note_written(written[1])  # tidying an index of words changes no page


def note_written(table_name: str) -> None:
    """Rows of a table were written: for statements with RETURNING, of which SQLite says too late how many."""
    unit = current.get()
    if unit is None:
        return
    unit.foreseen.clear()
    unit.wrote_unasked |= not unit.writing
    if unit.changes_what_guests_see and unit.depth:
        return
    table = Base.metadata.tables.get(table_name)
    if table is None or not table.info.get("unseen"):
        unit.changes_what_guests_see = True
        if not unit.depth:  # beside all commands
            unit.is_narrow = False
            unit.patience.add(False)
