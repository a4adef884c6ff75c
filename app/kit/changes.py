"""What has changed for guests: two numbers, counted up in the transactions that write, whoever asks.

A page that was made for guests knows the numbers from before it was made. *Prompt* changes (something was published,
edited, hidden, deleted …) are on every page at once. *Patient* ones (a vote, a comment) may take some seconds: a
busy platform would otherwise make every page anew for each vote. A writing transaction counts as patient only if all
its commands are marked so, and not at all if it wrote only to tables whose rows no guest ever sees (`UNSEEN`).

The numbers stand in a few rows, so that writers do not queue for one; who reads adds them up. SQLite is asked first
whether anything was committed at all (`PRAGMA data_version`, some microseconds).
"""

import os
import random
import threading
import weakref
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import UNSEEN, Base, before_commit, db, is_sqlite
from app.kit.logs import log

ROWS = 8


class PageChanges(Base):
    """How often something changed, in one of several rows."""

    __tablename__ = "page_changes"
    __table_args__ = {"info": UNSEEN}

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prompt: Mapped[int] = mapped_column(default=0, server_default="0")
    patient: Mapped[int] = mapped_column(default=0, server_default="0")


class State(NamedTuple):
    """The numbers at one moment."""

    prompt: int
    patient: int


@before_commit
def count(prompt: bool) -> None:
    """Say to all processes that guests' pages have changed; part of the transaction that changed them."""
    row = 0 if is_sqlite() else random.randrange(ROWS)  # noqa: S311
    db.session.connection().execute(_one_more(prompt), {"row": row})


@cache
def _one_more(prompt: bool) -> Any:
    numbers = PageChanges.__table__.c
    column = numbers.prompt if prompt else numbers.patient
    return update(PageChanges.__table__).where(numbers.number == bindparam("row")).values({column: column + 1})  # type: ignore[arg-type]


class Changes:
    """Asks for the numbers on a connection of its own, one in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Any = None
        self._opened_by = 0
        self._version: object = None
        self._forgotten: weakref.finalize[..., Any] | None = None
        self._known = State(-1, -1)

    def state(self) -> State | None:
        """The numbers now; None when the database cannot be asked."""
        with self._lock:
            try:
                return self._ask()
            except Exception as error:  # each driver has errors of its own
                log.warning("changes not known", error=type(error).__name__)
                self.close()
                return None

    def _ask(self) -> State:
        if self._connection is None or self._opened_by != os.getpid():
            self._open()
        if self._is_sqlite:
            version = self._connection.execute("PRAGMA data_version").fetchone()
            if version == self._version:
                return self._known
            self._version = version
        self._known = State(*map(int, self._connection.execute(_SUMS).fetchone()))
        return self._known

    def _open(self) -> None:
        """Outside of the pool, and always between transactions."""
        self._pooled = db.engine.raw_connection()
        self._connection, self._opened_by, self._version = self._pooled.driver_connection, os.getpid(), None
        self._pooled.detach()
        self._remember_no_more()
        # Should nobody let go of it. Not at the end of a process: one that was forked would end its parent's.
        self._forgotten = weakref.finalize(self, _close, self._connection)
        self._forgotten.atexit = False
        self._is_sqlite = is_sqlite()
        if not self._is_sqlite:
            self._connection.autocommit = True

    def close(self) -> None:
        """Let go of the connection; the next question opens another one."""
        connection, self._connection = self._connection, None
        self._remember_no_more()
        _close(connection)

    def _remember_no_more(self) -> None:
        if self._forgotten is not None:
            self._forgotten.detach()


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()


_SUMS = "SELECT sum(prompt), sum(patient) FROM page_changes"
