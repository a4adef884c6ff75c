"""Connections kept for the next unit of work."""

import gc
import weakref
from contextlib import nullcontext
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError

from app.kit import spares
from app.kit.db import abandon, begin_writing, connection, db, end_writing, is_sqlite, unit_of_work
from app.kit.prepared import Prepared
from app.kit.units import current
from app.subjects.models import Subject

NUMBER = bindparam("number", type_=Integer)
same = Prepared(lambda: select(func.abs(NUMBER)))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Any:
    with app.app_context():
        db.engine.dispose()
        yield


def used() -> Any:
    """The driver's connection of a unit that asked for something."""
    assert same.rows({"number": -3})[0][0] == 3
    return connection().connection.driver_connection


@pytest.mark.parametrize("writes", [True, False])
def test_the_next_unit_gets_the_connection_as_it_was_opened(writes: bool) -> None:
    with unit_of_work(writes=writes):
        first, driver = connection(), used()
    with unit_of_work(writes=not writes):
        assert connection() is first
        assert used() is driver
        assert connection().get_execution_options().get("writes", False) is (is_sqlite() and not writes)


def test_what_was_not_committed_is_not_there_for_the_next(app: Flask) -> None:
    there = select(func.count()).select_from(Subject)
    with unit_of_work(writes=False):
        before = db.session.scalar(there)
    for gives_up in (abandon, lambda: 1 / 0):
        try:
            with unit_of_work():
                connection().execute(insert(Subject.__table__).values(kind="idea"))
                gives_up()
        except ZeroDivisionError:
            pass
        with unit_of_work(writes=False):
            same.rows({"number": 1})
            assert connection().scalar(there) == before


def test_a_session_works_on_the_same_connection_before_and_after() -> None:
    drivers = set()
    for session_first in (False, True, False, True):
        with unit_of_work(writes=False):
            if session_first:
                db.session.scalar(select(func.count()).select_from(Subject))
                drivers.add(db.session.connection().connection.driver_connection)
            drivers.add(used())
        db.session.remove()
    drivers.add(db.session.connection().connection.driver_connection)
    assert len(drivers) == 1


def test_who_asks_at_the_same_time_gets_another(app: Flask) -> None:
    together, found = Barrier(3), []

    def ask() -> None:
        with app.app_context():
            for _ in range(20):
                with unit_of_work(writes=False):
                    driver = used()
                    together.wait(10)
                    found.append(id(driver))
                    together.wait(10)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 3
    assert all(len(set(found[at : at + 3])) == 3 for at in range(0, len(found), 3))


def test_no_more_are_kept_than_the_pool_opens_beyond_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert db.engine.pool._max_overflow > spares.MOST  # type: ignore[attr-defined]
    monkeypatch.setattr(spares, "MOST", 1)
    first, second = spares.spares().taken(), spares.spares().taken()
    spares.spares().put_back(first)
    spares.spares().put_back(second)
    assert (first.closed, second.closed) == (False, True)


@pytest.mark.parametrize("in_use", [False, True])
def test_all_are_closed_with_the_engine(in_use: bool) -> None:
    """Also one that was in use when it was disposed of."""
    with unit_of_work(writes=False):
        driver, kept = used(), connection()
        if in_use:
            db.engine.dispose()
    if not in_use:
        db.engine.dispose()
    assert kept.closed
    with unit_of_work(writes=False):
        assert used() is not driver
    driver.close()


def test_nothing_of_a_unit_stays_with_the_connection() -> None:
    with unit_of_work():
        used()
        unit, kept = weakref.ref(current.get()), connection()  # type: ignore[arg-type,var-annotated]
    gc.collect()
    assert unit() is None
    assert not kept.in_transaction()


def test_a_connection_that_a_session_may_hold_is_closed(app: Flask) -> None:
    """Whoever ends the transaction does not see the session of another application context."""
    with unit_of_work(writes=False):
        used()
        db.session.scalar(select(func.count()).select_from(Subject))
        held = connection()
        with app.app_context():
            begin_writing()
            end_writing()
        assert held.closed
        db.session.close()


@pytest.mark.on("postgresql")
@pytest.mark.parametrize("writes", [True, False])
def test_one_loss_is_told_once_and_to_nobody_who_reads(writes: bool) -> None:
    """PostgreSQL was started anew: who writes first is told, and nobody after."""
    first, second = spares.spares().taken(), spares.spares().taken()
    pids = [one.connection.driver_connection.info.backend_pid for one in (first, second)]  # type: ignore[union-attr]
    for one in (first, second):
        spares.spares().put_back(one)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        for pid in pids:
            other.execute(select(func.pg_terminate_backend(pid)))
    with pytest.raises(DBAPIError) if writes else nullcontext(), unit_of_work(writes=writes):
        used()
    for _ in range(3):
        with unit_of_work(writes=False):
            used()
