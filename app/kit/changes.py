"""What has changed for guests: numbers, counted up in the transactions that write, whoever asks.

A page that was made for guests knows the numbers from before it was made. *Prompt* changes (something was published,
edited, hidden, deleted …) are on every page at once. *Patient* ones (a vote, a comment) may take some seconds: a
busy platform would otherwise make every page anew for each vote. A writing transaction counts as patient only if all
its commands are marked so, and not at all if it wrote only to tables whose rows no guest ever sees (`UNSEEN`).

A change that is about one subject (`kit.db.about`) is counted in one of `DRAWERS` rows, by its id; a page that nothing
but its own subject changes so looks into that drawer alone. All other changes count for every page. They stand in a few
rows, so that PostgreSQL's writers do not queue for one; who reads adds them up. SQLite is asked first whether anything
was committed at all (`PRAGMA data_version`, some microseconds).
"""

import os
import random
import threading
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import BigInteger, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.base import UNSEEN, Base
from app.kit.db import db, is_sqlite
from app.kit.logs import log
from app.kit.pipeline import Foreseen
from app.kit.prepared import Prepared, PreparedChange
from app.kit.units import before_commit

ROWS = 8
DRAWERS = 256


class PageChanges(Base):
    """How often something changed, in one of several rows: the first `ROWS` are of every page, then come drawers."""

    __tablename__ = "page_changes"
    __table_args__ = {"info": UNSEEN}

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prompt: Mapped[int] = mapped_column(default=0, server_default="0")
    patient: Mapped[int] = mapped_column(default=0, server_default="0")


class Numbers(NamedTuple):
    """How often something changed."""

    prompt: int = 0
    patient: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """The numbers at one moment: of `all` rows together, of those that are of every page, and of each drawer."""

    all: Numbers
    common: Numbers
    drawers: Mapping[int, Numbers]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int]]) -> "State":
        """From the rows: number, prompt, patient."""
        common = [row[1:] for row in rows if row[0] < ROWS]
        drawers = {row[0]: Numbers(*row[1:]) for row in rows if row[0] >= ROWS}
        return cls(_sum(row[1:] for row in rows), _sum(common), drawers)

    def seen_by(self, drawers: Collection[int] | None) -> Numbers:
        """What counts for a page of these drawers, or of all. As each number only grows, sums tell as much."""
        if drawers is None:
            return self.all
        return _sum((self.common, *(self.drawers[drawer] for drawer in drawers if drawer in self.drawers)))


def _sum(numbers: Iterable[Sequence[int]]) -> Numbers:
    return Numbers(*map(sum, zip(*numbers, strict=True)))


def drawers_of(subject_ids: Iterable[int]) -> frozenset[int]:
    """The rows in which changes of these subjects are counted."""
    return frozenset(ROWS + subject_id % DRAWERS for subject_id in subject_ids)


@before_commit
def count(prompt: bool, subject_ids: Collection[int] | None) -> None:
    """Say to all processes that guests' pages have changed; part of the transaction that changed them."""
    row = 0 if is_sqlite() else random.randrange(ROWS)  # noqa: S311
    if subject_ids is not None and len(drawers := drawers_of(subject_ids or (0,))) == 1:
        [row] = drawers  # which counts for lists, too
    _counted.soon({"row": row}, prompt, is_sqlite())


def _one_more(prompt: bool, on_sqlite: bool) -> Any:
    """A drawer's row is made when it is first needed."""
    numbers = PageChanges.__table__.c
    column = numbers.prompt if prompt else numbers.patient
    first = {"prompt": int(prompt), "patient": int(not prompt)}
    new = (sqlite if on_sqlite else postgresql).insert(PageChanges.__table__).values(number=bindparam("row"), **first)
    return new.on_conflict_do_update(index_elements=["number"], set_={column: column + 1})


def foresee_prompt() -> Foreseen | None:
    """Ask how often something prompt has changed along with what this unit of work asks first (PostgreSQL)."""
    return _prompt.foresee({})


UNKNOWN = State(Numbers(), Numbers(), {})


_counted = PreparedChange(_one_more)
_prompt = Prepared(lambda: select(cast(func.coalesce(func.sum(PageChanges.prompt), 0), BigInteger)))


class Changes:
    """Asks for the numbers on a connection of its own, one in a process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._connection: Any = None
        self._opened_by = 0
        self._version: object = None
        self._forgotten: weakref.finalize[..., Any] | None = None
        self._on_sqlite = True
        self._known = UNKNOWN
        self._questions = 0
        self._answer: State | None = None

    def state(self) -> State | None:
        """The numbers now; None when the database cannot be asked. Those who come while it is asked share the next."""
        before = self._questions
        with self._lock:
            if self._questions == before:
                self._questions += 1
                self._answer = self._asked()
            return self._answer

    def _asked(self) -> State | None:
        try:
            return self._ask()
        except Exception as error:  # each driver has errors of its own
            log.warning("changes not known", error=type(error).__name__)
            self.close()
            return None

    def _ask(self) -> State:
        if self._connection is None or self._opened_by != os.getpid():
            with self._app.app_context():
                self._open()
        # One row of SQLite or PostgreSQL says that nothing has changed.
        version = self._version_now()
        if version != self._version:
            self._known = State.of(self._connection.execute(_ROWS).fetchall())
            self._version = version
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
        self._on_sqlite = is_sqlite()
        if not self._on_sqlite:
            self._connection.autocommit = True
            self._connection.pgconn.prepare(_VERSION, _SUMS)

    def _version_now(self) -> object:
        """What is another as soon as anything changed. Asked for each page: PostgreSQL by libpq, without a cursor."""
        if self._on_sqlite:
            return self._connection.execute("PRAGMA data_version").fetchone()
        answer = self._connection.pgconn.exec_prepared(_VERSION, None)
        if not answer.ntuples:  # what went wrong is no error here
            raise ConnectionError
        return answer.get_value(0, 0), answer.get_value(0, 1)

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


_VERSION, _SUMS = b"version", b"SELECT sum(prompt), sum(patient) FROM page_changes"
_ROWS = "SELECT number, prompt, patient FROM page_changes"
