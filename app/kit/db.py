"""The database: one base class, one session, one transaction per request, job or command.

A request begins by reading. The first command it calls asks for the *writing transaction*
(`begin_writing`): what was read so far is let go and read anew under the writer's lock, so that a
decision never rests on a state another writer has changed meanwhile. `unit_of_work` commits at the
end; nothing else in the application commits.

A request that loads no object has no session either: statements that are put together once (`kit.prepared`) go to a
connection of the unit's own, and a session that is asked for later works on that one, in its transaction.

Writers of SQLite queue for their turn (`kit.turns`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as SessionOfApp
from sqlalchemy import BigInteger, Connection, Engine, Integer, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

from app.kit import connecting
from app.kit.turns import Turns
from app.kit.utc import UtcDateTime

P = ParamSpec("P")
R = TypeVar("R")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base."""

    metadata = MetaData(naming_convention=NAMES)
    # SQLite's own row ids are 64-bit integers only when the column type is INTEGER.
    type_annotation_map = {int: BigInteger().with_variant(Integer, "sqlite"), datetime: UtcDateTime}


class _Session(SessionOfApp):
    """Works on the unit's own connection where that was there before it."""

    def get_bind(self, *args: Any, **more: Any) -> Engine | Connection:
        unit = _unit.get()
        return super().get_bind(*args, **more) if unit is None or unit.own is None else unit.own


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": _Session, "join_transaction_mode": "control_fully"})

PATIENCE_SECONDS = 15.0
UNSEEN = {"unseen": True}
"""A table's `info` where no guest ever sees anything of its rows: `__table_args__ = {"info": UNSEEN}`."""
WRITTEN = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_before_commit: list[Callable[[bool, set[int] | None], None]] = []
_carry_out: list[Callable[[Connection, list[Any]], None]] = []
_patient: set[Callable[..., Any]] = set()
_unit: ContextVar["_Unit | None"] = ContextVar("unit_of_work", default=None)


class _Unit:
    """What one unit of work may do, and has asked for so far."""

    def __init__(self, *, may_write: bool) -> None:
        self.may_write = may_write
        self.writing = self.wrote_unasked = False
        self.is_committed = False
        self.turn: Turns | None = None
        self.put_off: list[Any] = []
        self.own: Connection | None = None
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


def start(app: Flask) -> None:
    """Bind engine and session to `app` and teach its SQLite connections their manners."""
    db.init_app(app)
    with app.app_context():
        app.extensions["is_sqlite"] = is_sqlite(db.engine)
        if is_sqlite():
            app.extensions["turns"] = Turns(connecting.file_of(db.engine))
        connecting.teach(db.engine)
        if not is_sqlite():
            event.listen(db.engine, "before_cursor_execute", _carry_out_first)
        event.listen(db.engine, "after_cursor_execute", _note_what_is_written)


def is_sqlite(engine: Engine | None = None) -> bool:
    """Whether an engine is SQLite's; of the platform's own it is known from the start, since pages ask often."""
    return bool(current_app.extensions["is_sqlite"]) if engine is None else engine.dialect.name == "sqlite"


@contextmanager
def unit_of_work(*, writes: bool = True, may_write: bool = True) -> Iterator[None]:
    """One transaction around a job, a command or a view: commits at the end, rolls back on any error.

    Units nest: an inner one belongs to the outer one. With `writes=False` the unit begins by reading
    and becomes a writing one at the first command; with `may_write=False` (a GET) that is refused.
    """
    if _unit.get() is not None:
        if writes:
            begin_writing()
        yield
        return
    unit = _Unit(may_write=may_write)
    token = _unit.set(unit)
    try:
        if writes:
            begin_writing()
        yield
        if not unit.writing:
            _end_reading(unit)
        _commit(unit)
    finally:
        _unit.reset(token)
        # A page that was only read has nothing to take back, and nothing it loaded is read anew.
        if (session := known_session()) is not None:
            session.rollback() if unit.may_write else session.close()
        _release(unit)
    if unit.is_committed:
        for act in unit.after_commit:
            act()


def begin_writing() -> None:
    """Turn the current unit of work into a writing one; what was read before is read anew.

    Raises:
        RuntimeError: there is no unit of work, it may only read, or it has unsaved changes from before.
        Busy: a request has waited too long for its turn.
    """
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("writing needs a unit of work")
    if unit.writing:
        return
    if not unit.may_write:
        raise RuntimeError("a request that only reads cannot write; its view may declare writes=True")
    session = known_session()
    if session is not None and (session.new or session.dirty or session.deleted):
        raise RuntimeError("something was changed before the writing transaction began")
    _end_reading(unit)
    if session is not None:
        session.rollback()
    _release(unit)
    options: Any = {"writes": True, "turn": unit}
    if session is None:
        unit.own = db.engine.connect()
        unit.own.execution_options(**options).begin()
        unit.connection = unit.own
    else:
        unit.connection = session.connection(execution_options=options)
    unit.writing = True


def connection() -> Connection:
    """The connection of the current transaction, for statements past the mapper; what objects have changed is sent."""
    unit, session = _unit.get(), known_session()
    if session is not None:
        session.flush()
    if unit is None:
        return db.session.connection()
    if unit.connection is None and session is None:
        unit.own = db.engine.connect()
        unit.own.begin()
    if unit.connection is None:
        unit.connection = db.session.connection() if unit.own is None else unit.own
    return unit.connection


def put_off() -> list[Any] | None:
    """Changes that wait for one another, to go to PostgreSQL together before anything else does; None: nothing waits.

    Each way there and back takes as long as a short statement. SQLite is in this process.
    """
    unit = _unit.get()
    return None if unit is None or not unit.writing or is_sqlite() else unit.put_off


def carries_out(act: Callable[[Connection, list[Any]], None]) -> Callable[[Connection, list[Any]], None]:
    """Register who sends what was put off."""
    _carry_out[:] = [act]
    return act


def end_writing() -> None:
    """Commit now and let the next one write: for an answer that takes long to be made. From here on this unit reads."""
    unit = _unit.get()
    if unit is not None and unit.writing:
        _commit(unit)
        unit.writing = unit.may_write = False
        _release(unit)


def is_writing() -> bool:
    """Whether what is read now belongs to a writing transaction."""
    unit = _unit.get()
    return unit is not None and unit.writing


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a command: it runs in the writing transaction of the current unit of work."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin_writing()
        unit = _unit.get()
        assert unit is not None
        if unit.depth == 0:
            unit.patience.add(function in _patient)
            unit.was_told = False
        unit.depth += 1
        try:
            result = function(*args, **kwargs)
            if unit.depth == 1 and (unit.was_told or function in _patient) and (session := known_session()):
                session.flush()  # what is written from here on is not of this command
            return result
        finally:
            unit.depth -= 1
            unit.is_narrow &= unit.was_told or unit.depth > 0

    return run


def guests_may_wait(function: Callable[P, R]) -> Callable[P, R]:
    """Below `@command`: what it changes may be some seconds old on guests' pages (a vote, a comment)."""
    _patient.add(function)
    return function


def about(*subject_ids: int) -> None:
    """In a command: of pages of single subjects it changes only those of these, perhaps none; and of course lists."""
    unit = _unit.get()
    if unit is not None:
        unit.about.update(subject_ids)
        unit.was_told = True


def before_commit(act: Callable[[bool, set[int] | None], None]) -> Callable[[bool, set[int] | None], None]:
    """Register who is told, still within the transaction, that what guests see has changed.

    It gets whether promptly, and the pages of which subjects; None where that is not known.
    """
    _before_commit[:] = [act]
    return act


def abandon() -> None:
    """Forget every change of the current unit of work; it ends without a commit."""
    unit = _unit.get()
    if unit is not None and not unit.is_committed:
        unit.writing = False
        unit.after_commit.clear()
        db.session.rollback()
        _release(unit)


@contextmanager
def part_of_it() -> Iterator[None]:
    """A part of the current writing transaction that may fail alone: on any error only what it wrote is undone."""
    with db.session.begin_nested():
        yield


def let_go() -> None:
    """End reading outside of a unit of work: an error page begins with a fresh view of the data."""
    db.session.rollback()


def after_commit(act: Callable[[], None]) -> None:
    """Run `act` once the current unit of work has been committed, outside any transaction."""
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("nothing will be committed: there is no unit of work")
    if act not in unit.after_commit:
        unit.after_commit.append(act)


def _end_reading(unit: _Unit) -> None:
    """On PostgreSQL, by COMMIT where nothing was written, past the session, which would send what objects changed."""
    session = known_session()
    if unit.wrote_unasked or is_sqlite() or (session is not None and session.in_nested_transaction()):
        return
    if unit.own is not None:
        connecting.end_reading(unit.own)
    elif session is not None and session.in_transaction():
        connecting.end_reading(session.connection())


def _commit(unit: _Unit) -> None:
    if not unit.writing:
        return
    session = known_session()
    if session is not None:
        session.flush()
    if unit.changes_what_guests_see:
        for tell in _before_commit:
            tell(unit.patience != {True}, unit.about if unit.is_narrow else None)
    if unit.put_off and unit.connection is not None:
        _carry_out_first(unit.connection)
    database = unit.turn.database if unit.turn is not None else None
    if session is not None:
        session.commit()
    if unit.own is not None and unit.own.in_transaction():
        unit.own.commit()
    _release(unit)
    if database is not None:
        connecting.reach_the_disk(database)
    unit.is_committed = True


def _carry_out_first(used: Connection, *_statement: Any) -> None:
    unit = _unit.get()
    if unit is not None and unit.put_off:
        changes, unit.put_off = unit.put_off, []
        _carry_out[0](used, changes)


def _note_what_is_written(
    _connection: Connection, cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    unit = _unit.get()
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
    unit, table = _unit.get(), Base.metadata.tables.get(table_name)
    if unit is not None and not unit.writing:
        unit.wrote_unasked = True
    if unit is not None and (table is None or not table.info.get("unseen")):
        unit.changes_what_guests_see = True
        if not unit.depth:  # beside all commands
            unit.is_narrow = False
            unit.patience.add(False)


def known_session() -> Session | None:
    """The session, if anybody has asked for it yet: there is none where only plain rows were read."""
    return db.session() if db.session.registry.has() else None


def _release(unit: _Unit) -> None:
    """Let go of the connection, and with it of a transaction that was not committed; let the next one write."""
    own, unit.own, unit.connection, unit.put_off = unit.own, None, None, []
    if own is not None:
        own.close()
    unit.pass_on()
