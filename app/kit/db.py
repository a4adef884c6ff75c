"""The database: one base class, one session, one transaction per request, job or command.

A request begins by reading. The first command it calls asks for the *writing transaction*
(`begin_writing`): what was read so far is let go and read anew under the writer's lock, so that a
decision never rests on a state another writer has changed meanwhile. `unit_of_work` commits at the
end; nothing else in the application commits.

A request that loads no object has no session either: statements that are put together once (`kit.prepared`) go to a
connection of the unit's own, and a session that is asked for later works on that one (`kit.sessions`).

Writers of SQLite queue for their turn (`kit.turns`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.kit import connecting, sessions, units
from app.kit.base import Base
from app.kit.here import application
from app.kit.pipeline import in_one_go, is_between_transactions
from app.kit.spares import Spares, spares
from app.kit.turns import Turns
from app.kit.units import Unit, current

P = ParamSpec("P")
R = TypeVar("R")


db = SQLAlchemy(metadata=Base.metadata, session_options=sessions.OPTIONS)

_patient: set[Callable[..., Any]] = set()


def start(app: Flask) -> None:
    """Bind engine and session to `app` and teach its SQLite connections their manners."""
    db.init_app(app)
    with app.app_context():
        app.extensions["is_sqlite"] = is_sqlite(db.engine)
        if is_sqlite():
            app.extensions["turns"] = Turns(connecting.file_of(db.engine))
        connecting.teach(db.engine)
        app.extensions["spares"] = Spares(db.engine)


def is_sqlite(engine: Engine | None = None) -> bool:
    """Whether an engine is SQLite's; of the platform's own it is known from the start, since pages ask often."""
    return bool(application().extensions["is_sqlite"]) if engine is None else engine.dialect.name == "sqlite"


@contextmanager
def unit_of_work(*, writes: bool = True, may_write: bool = True) -> Iterator[None]:
    """One transaction around a job, a command or a view: commits at the end, rolls back on any error.

    Units nest: an inner one belongs to the outer one. With `writes=False` the unit begins by reading
    and becomes a writing one at the first command; with `may_write=False` (a GET) that is refused.
    """
    if current.get() is not None:
        if writes:
            begin_writing()
        yield
        return
    unit = Unit(may_write=may_write)
    token = current.set(unit)
    try:
        if writes:
            begin_writing()
        yield
        if not unit.writing:
            _end_reading(unit)
        _commit(unit)
    finally:
        current.reset(token)
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
    unit = current.get()
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
    options: Any = {"writes": True, "turn": unit} if is_sqlite() else {}
    unit.connection = _own(unit, options) if session is None else session.connection(execution_options=options)
    unit.writing = True


def connection() -> Connection:
    """The connection of the current transaction, for statements past the mapper; what objects have changed is sent.

    Raises:
        sqlalchemy.exc.PendingRollbackError: that failed before, which took all back: what comes now would stand alone.
    """
    unit, session = current.get(), known_session()
    if session is not None:
        session.flush()
    if unit is None or (session is not None and not session.is_active):
        return db.session.connection()
    if unit.connection is None:
        unit.connection = _own(unit, {}) if session is None else db.session.connection()
    return unit.connection


def _own(unit: Unit, options: dict[str, Any]) -> Connection:
    """A connection of the unit's, in a transaction: psycopg begins one with the first statement, unasked."""
    unit.own, unit.scope = spares().taken(), sessions.scope_now()
    if is_sqlite():
        (unit.own.execution_options(**options) if options else unit.own).begin()
    return unit.own


def end_writing() -> None:
    """Commit now and let the next one write: for an answer that takes long to be made. From here on this unit reads."""
    unit = current.get()
    if unit is not None and unit.writing:
        _commit(unit)
        unit.writing = unit.may_write = False
        _release(unit)


def is_writing() -> bool:
    """Whether what is read now belongs to a writing transaction."""
    unit = current.get()
    return unit is not None and unit.writing


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a command: it runs in the writing transaction of the current unit of work."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin_writing()
        unit = current.get()
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
    unit = current.get()
    if unit is not None:
        unit.about.update(subject_ids)
        unit.was_told = True


def abandon() -> None:
    """Forget every change of the current unit of work; it ends without a commit."""
    unit = current.get()
    if unit is not None and not unit.is_committed:
        unit.writing = False
        unit.after_commit.clear()
        if (session := known_session()) is not None:
            session.rollback()
        _release(unit)


@contextmanager
def part_of_it() -> Iterator[None]:
    """A part of the current writing transaction that may fail alone: on any error only what it wrote is undone."""
    unit = current.get()
    units.carry_out_first(connection())
    with db.session.begin_nested():
        used = db.session.connection()  # sends the SAVEPOINT, also for statements that pass the session by
        try:
            yield
            units.carry_out_first(used)
        except BaseException:
            if unit is not None:
                unit.put_off, unit.foreseen = [], {}
            raise


def let_go() -> None:
    """End reading outside of a unit of work: an error page begins with a fresh view of the data."""
    db.session.rollback()


def after_commit(act: Callable[[], None]) -> None:
    """Run `act` once the current unit of work has been committed, outside any transaction."""
    unit = current.get()
    if unit is None:
        raise RuntimeError("nothing will be committed: there is no unit of work")
    if act not in unit.after_commit:
        unit.after_commit.append(act)


def _end_reading(unit: Unit) -> None:
    """On PostgreSQL, by COMMIT where nothing was written, past the session, which would send what objects changed.

    Only what SQLAlchemy asked began a transaction. At a ROLLBACK psycopg forgets which statements it has prepared, and
    each is planned anew on each page
    (https://www.psycopg.org/psycopg3/docs/advanced/prepare.html), which takes many times as long as carrying it out.
    """
    session, unit.put_off = known_session(), []  # what was foreseen and not asked for
    if unit.wrote_unasked or is_sqlite() or (session is not None and session.in_nested_transaction()):
        return
    used = unit.own
    if used is None and session is not None and session.in_transaction():
        used = session.connection()
    if used is not None and not is_between_transactions(used):
        _commit_past_all(used)


def _commit_past_all(used: Connection) -> None:
    """COMMIT by the driver: session and SQLAlchemy put away what is theirs later, when nobody waits for it."""
    if used.dialect.name != "sqlite":
        in_one_go(used, units.taken_off(used), commits=True)
        if is_between_transactions(used):
            return
    try:
        cast(Any, used.connection.driver_connection).commit()
    except used.dialect.loaded_dbapi.Error as error:
        used._handle_dbapi_exception(error, "COMMIT", (), None, None)  # raises it in SQLAlchemy's words


def _commit(unit: Unit) -> None:
    if not unit.writing:
        return
    units.require_whole(connection())
    session = known_session()
    units.tell_guests(unit)
    database = unit.turn.database if unit.turn is not None else None
    past_all = unit.connection if unit.turn is not None or not is_sqlite() else None
    if past_all is not None:
        _commit_past_all(past_all)
        unit.pass_on()
    if session is not None:
        session.commit()
    if past_all is None and unit.own is not None:
        unit.own.commit()
    _release(unit)
    if database is not None:
        connecting.reach_the_disk(database)
    unit.is_committed = True


def known_session() -> Session | None:
    """The session, if anybody has asked for it yet: there is none where only plain rows were read."""
    sessions = db.session.registry
    return db.session() if sessions.registry and sessions.has() else None  # mostly nobody has one at all


def _release(unit: Unit) -> None:
    """Let go of the connection, and with it of a transaction that was not committed; let the next one write."""
    own, unit.own, unit.connection, unit.put_off, unit.foreseen = unit.own, None, None, [], {}
    if own is not None:
        spares().put_back(own) if unit.scope == sessions.scope_now() else own.close()  # else a session still holds it
    unit.pass_on()
