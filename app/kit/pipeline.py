"""Several statements sent to PostgreSQL at once, their results read together (libpq's pipeline mode).

Each way there and back takes three times as long as a short statement, most of it for waking up who waits on either
side; and psycopg's cursors compute twice as long as what they ask for. So what is prepared goes past them: a
transaction's BEGIN with its first statement, changes nobody waits for with the next statement or the COMMIT.
PostgreSQL carries them out one after the other, each seeing what was committed before it began.
https://www.postgresql.org/docs/current/libpq-pipeline-mode.html

Which statements are prepared, and that a ROLLBACK forgets them, is psycopg's business (`psycopg._preparing`): those it
does not know yet go through its cursors, as all would if it kept their names elsewhere.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple, NoReturn, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

Statement = tuple[str, tuple[Any, ...]]
"""Its text, with values by number ($1), and the values."""


class Answer(NamedTuple):
    """What a statement gave: its rows, how many it touched, and the names of its columns if they were asked for."""

    rows: list[Any]
    number: int
    names: list[str]


@dataclass(slots=True)
class Foreseen:
    """The values a statement will be asked with later in the same transaction; what it gave, once it was sent."""

    values: tuple[Any, ...]
    answer: Answer | None = None


NOTHING = Answer([], 0, [])
PLANNED_ONCE, AS_USUAL = "SET plan_cache_mode = force_generic_plan", "SET plan_cache_mode = auto"
"""Said once on a connection, and taken back where a statement goes by SQLAlchemy (`plan_as_usual`)."""
NO_LONGER_FIT = ("0A000", "26000")
"""What a prepared statement was made for has changed (a column's type), or it is gone (DISCARD ALL, a pooler)."""
IDLE, IN_ERROR, FATAL_ERROR, PIPELINE_SYNC = 0, 3, 7, 10
"""How it stands with a transaction and what an answer is, in libpq's numbers (libpq-fe.h)."""
READER = "what reads answers"
_encoded = lru_cache(1000)(str.encode)
_own_listeners: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()

Sending = tuple[Statement, Callable[[], None]]
"""A statement, and what sends it."""


def in_one_go(
    used: Connection,
    statements: Sequence[Statement],
    *,
    commits: bool = False,
    named: bool = False,
    planned_once: bool = False,
    alone: bool = False,
    foreseen: Mapping[str, Foreseen] | None = None,
) -> Answer:
    """Carry out all of them, in their order, up to the first that fails; what the last one gave.

    Args:
        commits: and then COMMIT; if not all are prepared, that is left to the caller.
        named: with the names of its columns.
        planned_once: the plan of the last one is to be the same whatever its values.
        alone: nothing is to be written or locked, so that no transaction need begin with them if none has begun.
        foreseen: by their text those that will be asked for later; what they gave is kept there.

    Raises:
        sqlalchemy.exc.DBAPIError: what went wrong with the first that failed.
    """
    _tell_others(used, statements)
    if commits and has_failed(used):  # PostgreSQL takes it for ROLLBACK
        may_be_taken_back(used)
    way = _Way(used)
    prepared = way.prepared(statements)
    if prepared is None:
        answers = way.one_by_one(statements, named=named)
        _keep(foreseen or {}, statements, answers, lambda answer: answer)
        return answers[-1] if answers else NOTHING
    says = [way.plain(PLANNED_ONCE)] if planned_once and used.info.get(PLANNED_ONCE) is not True else []
    results = way.at_once([*says, *prepared], commits=commits, alone=alone)[len(says) :]
    if says:
        used.info[PLANNED_ONCE] = True
    _keep(foreseen or {}, statements, results, way.answer)
    return way.answer(results[len(prepared) - 1], named=named) if prepared else NOTHING


def _keep(
    foreseen: Mapping[str, Foreseen],
    statements: Sequence[Statement],
    results: Sequence[Any],
    read: Callable[[Any], Answer],
) -> None:
    """Put what was foreseen where whoever asks for it will look."""
    for (text, values), result in zip(statements, results, strict=False) if foreseen else ():
        if (one := foreseen.get(text)) is not None and one.values is values:
            one.answer = read(result)


def plans_as_usual(_driver: Any, record: Any) -> None:
    """So does PostgreSQL on a new connection."""
    record.info[PLANNED_ONCE] = False


def may_be_taken_back(used: Connection, *_savepoint: object) -> None:
    """What was said in a transaction goes with it, unless it ended before: how it plans now is not known."""
    if not (used.closed or used.invalidated or is_between_transactions(used)):
        used.info.pop(PLANNED_ONCE, None)


def is_taken_back(driver: Any, record: Any, _state: object) -> None:
    """The same where a connection is put back in the middle of a transaction, which nothing begun by SQLAlchemy was."""
    if record is not None and driver.pgconn.transaction_status:
        record.info.pop(PLANNED_ONCE, None)


def plan_as_usual(used: Connection, cursor: Any, *_what: object) -> None:
    """Before a statement of SQLAlchemy's, whose words do not stand in its text: an index for some may be the best."""
    if cursor is not None and used.info.get(PLANNED_ONCE) is not False and not has_failed(used):
        with cast(Any, used.connection.cursor()) as own:
            own.execute(AS_USUAL)
        used.info[PLANNED_ONCE] = False


def has_failed(used: Connection) -> bool:
    """Whether a statement of the transaction failed, so that nothing of it can be committed."""
    return _status(used) == IN_ERROR


def is_between_transactions(used: Connection) -> bool:
    """Whether nothing was sent since the last COMMIT or ROLLBACK."""
    return _status(used) == IDLE


def _status(used: Connection) -> int:
    driver: Any = used.connection.driver_connection
    return int(driver.pgconn.transaction_status)


def _tell_others(used: Connection, statements: Sequence[Statement]) -> None:
    listeners = used.engine.dispatch.before_cursor_execute
    if len(listeners) > _own_listeners.get(used.engine, 0):
        for (text, values), tell in product(statements, listeners):
            tell(used, None, text, values, None, False)


def has_its_listeners(engine: Engine) -> None:
    """Of what goes past cursors only those who listen to an engine from here on are told: the platform's own know."""
    _own_listeners[engine] = len(engine.dispatch.before_cursor_execute)


class _Way:
    """There and back, by one connection. The driver's module is not loaded where it is not used."""

    def __init__(self, used: Connection) -> None:
        self.used, self.psycopg = used, used.dialect.loaded_dbapi
        self.driver: Any = used.connection.driver_connection

    def prepared(self, statements: Sequence[Statement]) -> list[Sending] | None:
        """What sends them; None if not all of them are prepared."""
        known = getattr(self.driver, "_prepared", None)
        names: OrderedDict[Any, bytes] = getattr(known, "_names", None) or OrderedDict()
        writer = self.psycopg.adapt.Transformer(self.driver)  # not kept: what it has seen decides what it writes
        auto, send = self.psycopg.adapt.PyFormat.AUTO, self.driver.pgconn.send_query_prepared
        found: list[Sending] = []
        for statement in statements:
            text, values = statement
            given = writer.dump_sequence(values, [auto] * len(values))
            key = (_encoded(text), writer.types or ())
            if (name := names.get(key)) is None:
                return None
            names.move_to_end(key)  # else what is asked for most would be the first to be forgotten
            found.append((statement, partial(send, name, given, writer.formats)))
        return found

    def plain(self, text: str) -> Sending:
        """A statement without values that needs no plan."""
        return (text, ()), partial(self.driver.pgconn.send_query_params, text.encode(), None)

    def at_once(self, all_: Sequence[Sending], *, commits: bool, alone: bool) -> list[Any]:
        """A result of each, with BEGIN before and COMMIT after them where they are due."""
        is_idle = self.driver.pgconn.transaction_status == IDLE
        begins = all_ and is_idle and not (alone or self.driver.autocommit)
        begin = [self.plain(self.driver._get_tx_start_command().decode())] if begins else []
        end = [self.plain("COMMIT")] if commits and (all_ or not is_idle) else []
        if not (all_ or end):
            return []
        told, commands = zip(*begin, *all_, *end, strict=True)
        results = self._sent(commands, told[-1])
        for statement, result in zip(told, results, strict=False):
            if result.status == FATAL_ERROR:
                self._fail(self.psycopg.errors.error_from_result(result), statement)
        if len(results) < len(told):
            self._fail(self.psycopg.OperationalError("the connection was lost"), told[-1])
        return results[len(begin) :]

    def one_by_one(self, statements: Sequence[Statement], *, named: bool) -> list[Answer]:
        """By cursors, which prepare what is asked for often; what each gave."""
        answers = []
        for statement in statements:
            with self.psycopg.RawCursor(self.driver) as cursor:
                try:
                    cursor.execute(*statement)
                except self.psycopg.Error as error:
                    self._fail(error, statement)
                columns = cursor.description
                names = [column[0] for column in columns] if named and columns else []
                answers.append(Answer(cursor.fetchall() if columns is not None else [], cursor.rowcount, names))
        return answers

    def answer(self, result: Any, *, named: bool = False) -> Answer:
        """What PostgreSQL says, as Python's values."""
        if not result.ntuples:
            rows = []
        else:
            reader = self._reader()
            reader.set_pgresult(result)
            rows = reader.load_rows(0, result.ntuples, tuple)
            reader.set_pgresult(None)  # what was read is not kept with the connection
        names = [result.fname(place).decode() for place in range(result.nfields)] if named else []
        return Answer(rows, result.command_tuples or 0, names)

    def _reader(self) -> Any:
        """What turns answers into Python's values, kept with the connection: it looks up once how each type is read."""
        info = self.used.info
        if (kept := info.get(READER)) is None:
            kept = info[READER] = self.psycopg.adapt.Transformer(self.driver)
        return kept

    def _sent(self, commands: Sequence[Callable[[], None]], last: Statement) -> list[Any]:
        """The results of all of them, once they are there; of fewer if the connection was lost."""
        self.driver.pgconn.enter_pipeline_mode()
        try:
            results: list[Any] = self.driver.wait(_there_and_back(self.psycopg, self.driver.pgconn, commands))
            self.driver.pgconn.exit_pipeline_mode()
        except self.psycopg.Error as error:
            self.driver.close()  # nobody knows how far it came
            self._fail(error, last)
        except BaseException:
            self.used.invalidate()  # interrupted, perhaps in the middle of an answer
            raise
        return results

    def _fail(self, error: Exception, statement: Statement) -> NoReturn:
        """Raise an error of the driver's in SQLAlchemy's words; the transaction stays failed until it is taken back.

        Where none began, nothing taken back makes psycopg forget what is prepared: connections are opened anew.
        """
        if getattr(error, "sqlstate", None) in NO_LONGER_FIT:
            self.driver.close()
        if not (self.used.in_transaction() or self.driver.closed):
            self.used.begin()  # else SQLAlchemy took it back at once, and what came next would stand alone
        try:
            raise error
        except self.psycopg.Error:
            self.used._handle_dbapi_exception(error, *statement, None, None)
            raise


def _there_and_back(
    psycopg: Any, pgconn: Any, commands: Sequence[Callable[[], None]]
) -> Generator[Any, Any, list[Any]]:
    for command in commands:
        command()
    pgconn.pipeline_sync()
    yield from psycopg.generators.send(pgconn)
    results: list[Any] = []
    while more := (yield from psycopg.generators.fetch_many(pgconn)):  # nothing: the connection was lost
        if more[-1].status == PIPELINE_SYNC:
            break
        results += more
    return results
