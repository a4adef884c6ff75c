"""Connections kept for the next unit of work, as SQLAlchemy opened them.

To take one from its pool and put it back takes a fourteenth of what a vote computes. Most units of work leave nothing
behind; a connection with anything left open goes back to the pool, which clears it up.
"""

from contextlib import suppress

from sqlalchemy import Connection, Engine, ExceptionContext, event

from app.kit.here import application
from app.kit.pipeline import is_between_transactions

MOST = 8
"""Fewer than a pool opens beyond its size (`max_overflow`, 10): who asks the pool itself gets one all the same."""
KEPT = "kept among"


class Spares:
    """Those of one engine. Once it is disposed of, or one of them is lost, all that were opened before go."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: list[Connection] = []
        event.listen(engine, "engine_disposed", self._let_go)
        event.listen(engine, "handle_error", self._let_go_of_lost)

    def taken(self) -> Connection:
        """A connection between two transactions; whoever takes it puts it back."""
        with suppress(IndexError):
            return self._kept.pop()  # by several threads at once: each gets another one
        opened = self.engine.connect()
        opened.info[KEPT] = self._kept
        return opened

    def put_back(self, used: Connection) -> None:
        """Take back what was not committed, and keep the connection; nobody else may hold it."""
        if (left := used.get_transaction()) is not None:
            left.close()
        if used.get_execution_options().get("writes"):  # whose turn it was is over
            used.execution_options(writes=False, turn=None)
        if len(self._kept) < MOST and self._is_clean(used):
            self._kept.append(used)
        else:
            used.close()

    def lend(self) -> None:
        """Give one to the pool, for a session that is about to ask there: it knows its statements."""
        with suppress(IndexError):
            self._kept.pop().close()

    def _is_clean(self, used: Connection) -> bool:
        if used.closed or used.invalidated or used.info.get(KEPT) is not self._kept:
            return False
        if used.dialect.name != "sqlite":
            return is_between_transactions(used)
        return not used.connection.in_transaction

    def _let_go(self, _engine: Engine) -> None:
        kept, self._kept = self._kept, []
        for one in kept:
            one.invalidate()
            one.close()

    def _let_go_of_lost(self, context: ExceptionContext) -> None:
        """As the pool does: where one connection was lost, the others are."""
        if context.is_disconnect and context.invalidate_pool_on_disconnect:
            self._let_go(self.engine)


def spares() -> Spares:
    """Those of the application that is at work."""
    value: Spares = application().extensions["spares"]
    return value
