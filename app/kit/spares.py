"""Connections kept for the next unit of work, as SQLAlchemy opened them.

To take one from its pool and put it back takes a fourteenth of what a vote computes. Most units of work leave nothing
behind; a connection with anything left open goes back to the pool, which clears it up.
"""

from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event

from app.kit.pipeline import is_between_transactions

MOST = 8
"""Fewer than a pool opens beyond its size (`max_overflow`, 10): sessions of as many threads still get theirs."""
_spare: WeakKeyDictionary[Engine, list[Connection]] = WeakKeyDictionary()


def teach(engine: Engine) -> None:
    """Keep connections of this engine, as long as it is connected."""
    _spare[engine] = []
    event.listen(engine, "engine_disposed", _let_go)
    event.listen(engine, "handle_error", _let_go_of_lost)


def taken(engine: Engine) -> Connection:
    """A connection between two transactions; whoever takes it puts it back."""
    try:
        return _spare[engine].pop()  # by several threads at once: each gets another one
    except (IndexError, KeyError):
        return engine.connect()


def put_back(used: Connection) -> None:
    """Take back what was not committed, and keep the connection."""
    if (left := used.get_transaction()) is not None:
        left.close()
    spare = _spare.get(used.engine)
    if spare is not None and len(spare) < MOST and _is_clean(used):
        spare.append(used)
    else:
        used.close()


def lend(engine: Engine) -> None:
    """Give one to the pool, for somebody who is about to ask there: of two where one is enough, each knows less."""
    if spare := _spare.get(engine):
        with suppress(IndexError):
            spare.pop().close()


def _is_clean(used: Connection) -> bool:
    if used.closed or used.invalidated:
        return False
    if used.dialect.name == "sqlite":
        return not used.connection.in_transaction
    return is_between_transactions(used)


def _let_go(engine: Engine) -> None:
    spare = _spare.get(engine, [])
    while spare:
        one = spare.pop()
        one.invalidate()
        one.close()


def _let_go_of_lost(context: Any) -> None:
    """One connection was lost, and so the others are."""
    if context.is_disconnect and context.engine is not None:
        _let_go(context.engine)
