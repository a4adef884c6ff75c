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
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

Statement = tuple[str, tuple[Any, ...]]
"""Its text, with values by number ($1), and the values."""


class Answer(NamedTuple):
    """What a statement gave: its rows, how many it touched, and the names of its columns if they were asked for."""

    rows: list[Any]
    number: int
    names: list[str]


NOTHING = Answer([], 0, [])


def in_one_go(
    used: Connection, statements: Sequence[Statement], *, commits: bool = False, named: bool = False
) -> Answer:
    """Carry out all of them, in their order, up to the first that fails; what the last one gave.

    Args:
        commits: and then COMMIT; if not all are prepared, that is left to the caller.

    Raises:
        sqlalchemy.exc.DBAPIError: what went wrong with the first that failed.
    """
    for text, values in statements:
        for tell in used.engine.dispatch.before_cursor_execute:
            tell(used, None, text, values, None, False)
    try:
        commands = _prepared(used, statements)
        if commands is None:
            return _one_by_one(used, statements, named=named)
        return _answered(used, commands, commits=commits, named=named)
    except used.dialect.loaded_dbapi.Error as error:
        text, values = statements[-1] if statements else ("COMMIT", ())
        used._handle_dbapi_exception(error, text, values, None, None)  # raises it in SQLAlchemy's words
        raise
    except BaseException:
        used.invalidate()  # interrupted, perhaps in the middle of an answer
        raise


def _answered(used: Connection, commands: list[Callable[[], None]], *, commits: bool, named: bool) -> Answer:
    """What the last one gave, with BEGIN before and COMMIT after them where they are due."""
    psycopg, driver = _drivers(used)
    send, status = driver.pgconn.send_query_params, driver.pgconn.transaction_status
    is_idle = status == psycopg.pq.TransactionStatus.IDLE
    begin = [partial(send, b"BEGIN", None)] if commands and is_idle and not driver.autocommit else []
    end = [partial(send, b"COMMIT", None)] if commits and (commands or not is_idle) else []
    results = _sent(psycopg, driver, [*begin, *commands, *end])
    return _answer(used, results[len(begin) + len(commands) - 1], named=named) if commands else NOTHING


def _drivers(used: Connection) -> tuple[Any, Any]:
    """The driver's module, which is not loaded where it is not used, and its connection."""
    return used.dialect.loaded_dbapi, used.connection.driver_connection


def _prepared(used: Connection, statements: Sequence[Statement]) -> list[Callable[[], None]] | None:
    """What sends them; None if not all of them are prepared."""
    psycopg, driver = _drivers(used)
    transformer = used.info.get("transformer") or used.info.setdefault("transformer", psycopg.adapt.Transformer(driver))
    names: OrderedDict[Any, bytes] = getattr(getattr(driver, "_prepared", None), "_names", None) or OrderedDict()
    commands: list[Callable[[], None]] = []
    for text, values in statements:
        given = transformer.dump_sequence(values, [psycopg.adapt.PyFormat.AUTO] * len(values))
        key = (text.encode(), transformer.types or ())
        if key not in names:
            return None
        names.move_to_end(key)  # else what is asked for most would be the first to be forgotten
        name = names[key]
        commands.append(partial(driver.pgconn.send_query_prepared, name, given, transformer.formats))
    return commands


def _sent(psycopg: Any, driver: Any, commands: list[Callable[[], None]]) -> list[Any]:
    """The results of all of them, once they are there."""
    if not commands:
        return []
    driver.pgconn.enter_pipeline_mode()
    try:
        results: list[Any] = driver.wait(_there_and_back(psycopg, driver.pgconn, commands))
        driver.pgconn.exit_pipeline_mode()
    except psycopg.Error:
        driver.close()  # nobody knows how far it came
        raise
    for result in results:
        if result.status == psycopg.pq.ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
    if len(results) < len(commands):
        raise psycopg.OperationalError("the connection was lost")
    return results


def _there_and_back(psycopg: Any, pgconn: Any, commands: list[Callable[[], None]]) -> Generator[Any, Any, list[Any]]:
    for command in commands:
        command()
    pgconn.pipeline_sync()
    yield from psycopg.generators.send(pgconn)
    results: list[Any] = []
    while more := (yield from psycopg.generators.fetch_many(pgconn)):  # nothing: the connection was lost
        if more[-1].status == psycopg.pq.ExecStatus.PIPELINE_SYNC:
            break
        results += more
    return results


def _answer(used: Connection, result: Any, *, named: bool) -> Answer:
    transformer = used.info["transformer"]
    transformer.set_pgresult(result)
    rows = transformer.load_rows(0, result.ntuples, tuple)
    transformer.set_pgresult(None)
    names = [result.fname(place).decode() for place in range(result.nfields)] if named else []
    return Answer(rows, result.command_tuples or 0, names)


def _one_by_one(used: Connection, statements: Sequence[Statement], *, named: bool) -> Answer:
    """By cursors, which prepare what is asked for often."""
    psycopg, driver = _drivers(used)
    answer = NOTHING
    for text, values in statements:
        with psycopg.RawCursor(driver) as cursor:
            cursor.execute(text, values)
            gives = cursor.description is not None
            names = [column[0] for column in cursor.description] if named and gives else []
            answer = Answer(cursor.fetchall() if gives else [], cursor.rowcount, names)
    return answer
