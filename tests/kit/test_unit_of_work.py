"""One transaction for each request, job or command."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError

from app.factory import _in_unit_of_work
from app.kit.access import Access, anyone
from app.kit.db import (
    abandon,
    after_commit,
    begin_writing,
    command,
    connection,
    db,
    is_sqlite,
    known_session,
    part_of_it,
    unit_of_work,
)
from app.kit.errors import Conflict
from app.kit.inserting import insert_row, insert_soon
from app.subjects.models import Subject


@pytest.fixture(autouse=True)
def in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_end_of_a_unit_commits() -> None:
    with unit_of_work():
        write()
    assert count() == 1


def test_an_error_rolls_everything_back_and_passes_on() -> None:
    fail_after(write)
    assert count() == 0


def test_an_inner_unit_belongs_to_the_outer_one() -> None:
    fail_after(write_in_a_unit)
    assert count() == 0


def test_an_inner_unit_turns_the_outer_one_into_a_writing_one() -> None:
    with unit_of_work(writes=False):
        with unit_of_work():
            write()
        write()
    assert count() == 2


def test_what_was_abandoned_is_not_written() -> None:
    with unit_of_work():
        write()
        abandon()
    assert count() == 0


def test_a_reading_unit_keeps_nothing() -> None:
    with unit_of_work(writes=False):
        write()
    assert count() == 0


def test_a_command_asks_for_the_writing_transaction_itself() -> None:
    with unit_of_work(writes=False):
        command(write)()
    assert count() == 1


def test_a_command_outside_of_any_unit_is_refused() -> None:
    with pytest.raises(RuntimeError, match="unit of work"):
        command(write)()


def test_a_change_made_before_writing_began_is_refused_not_lost() -> None:
    with unit_of_work(writes=False):
        db.session.add(Subject(kind="idea"))
        with pytest.raises(RuntimeError, match="before the writing transaction"):
            begin_writing()
    assert count() == 0


def test_what_was_read_before_is_read_anew_when_writing_begins(app: Flask) -> None:
    with unit_of_work():
        write("old")
    with unit_of_work(writes=False):
        subject = db.session.scalars(select(Subject).where(Subject.kind == "old")).one()
        assert subject.kind == "old"
        elsewhere(app, lambda: rename("new"))
        assert subject.kind == "old", "this transaction still sees its own moment"
        begin_writing()
        assert subject.kind == "new"


def test_writers_of_one_process_wait_for_each_other(app: Flask) -> None:
    order: list[str] = []

    def second() -> None:
        with unit_of_work():
            order.append("second")
            write()

    with unit_of_work():
        write()
        thread = in_thread(app, second)
        thread.join(0.3)
        order.append("first")
    thread.join(10)
    assert count() == 2
    if is_sqlite():
        assert order == ["first", "second"]


def test_a_writer_that_fails_lets_the_next_one_in(app: Flask) -> None:
    fail_after(write)
    elsewhere(app, write_in_a_unit)
    assert count() == 1


def test_what_follows_a_commit_happens_after_it_once_and_only_then() -> None:
    seen: list[int] = []

    def look() -> None:
        with unit_of_work(writes=False):
            seen.append(count())

    with unit_of_work():
        write()
        after_commit(look)
        after_commit(look)
        assert seen == []
    assert seen == [1]
    fail_after(lambda: after_commit(look))
    assert seen == [1]


def test_nothing_can_follow_a_commit_that_never_comes() -> None:
    with pytest.raises(RuntimeError, match="unit of work"):
        after_commit(write)


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (400, 0), (422, 0), (500, 0)])
def test_only_an_answer_below_400_keeps_what_a_view_wrote(app: Flask, status: int, kept: int) -> None:
    answer(app, "POST", lambda: (command(write)() or "", status))
    assert count() == kept


def test_an_error_in_a_view_keeps_nothing(app: Flask) -> None:
    def view() -> str:
        command(write)()
        raise Conflict("Das geht gerade nicht.")

    with pytest.raises(Conflict):
        answer(app, "POST", view)
    assert count() == 0


def test_a_get_cannot_write_unless_its_view_says_so(app: Flask) -> None:
    def view() -> str:
        command(write)()
        return ""

    with pytest.raises(RuntimeError, match="only reads cannot write"):
        answer(app, "GET", view)
    assert count() == 0
    answer(app, "GET", view, writes=True)
    assert count() == 1


@pytest.mark.on("sqlite")
def test_a_reader_that_writes_without_asking_is_refused_while_another_writes(app: Flask) -> None:
    """Why commands ask first: SQLite refuses a reader that turns writer at once, whatever its timeout."""
    with unit_of_work(writes=False):
        count()
        elsewhere(app, write_in_a_unit)
        with pytest.raises(OperationalError, match="locked"):
            write()


@pytest.mark.on("postgresql")
def test_a_page_leaves_its_statements_prepared_and_so_does_a_change() -> None:
    """At a ROLLBACK psycopg forgets them, and PostgreSQL plans each anew on the next page."""
    asked = text("SELECT id FROM subjects WHERE kind = :kind")
    for _ in range(8):
        with unit_of_work(writes=False, may_write=False):
            db.session.execute(asked, {"kind": "idea"})
        with unit_of_work(writes=False):
            db.session.execute(asked, {"kind": "idea"})
            command(write)()
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT id FROM subjects%'"
    with unit_of_work(writes=False, may_write=False):
        assert db.session.scalar(text(kept)) == 1
    assert count() == 8


def test_a_session_that_is_asked_for_later_works_in_the_transaction_that_is_there() -> None:
    with unit_of_work():
        first = insert_row(Subject, kind="idea")
        assert known_session() is None
        assert db.session.get_one(Subject, first).kind == "idea"
        write()
    assert count() == 2
    fail_after(lambda: (insert_row(Subject, kind="idea"), write()))
    with unit_of_work():
        insert_row(Subject, kind="idea")
        abandon()
    assert count() == 2


def test_a_session_of_another_application_context_within_keeps_to_itself(app: Flask) -> None:
    with unit_of_work():
        insert_row(Subject, kind="idea")
        with app.app_context():
            assert db.session.scalar(select(func.count(Subject.id)).where(Subject.kind == "idea")) == 0
        insert_row(Subject, kind="idea")
    assert count() == 2


def test_what_is_put_off_is_there_for_whoever_asks_and_once_it_is_committed() -> None:
    with unit_of_work():
        for kind in ("idea", "idea", "comment"):
            insert_soon(Subject, kind=kind)
        assert count() == 2
        insert_soon(Subject, kind="idea")
    assert count() == 3
    with unit_of_work():
        insert_soon(Subject, kind="idea")
        abandon()
    assert count() == 3


def test_what_came_after_a_failure_is_not_committed_alone(app: Flask) -> None:
    """Sending objects failed, which took all back, and somebody thought nothing of it."""
    for once_more in (insert_row, insert_soon):
        with pytest.raises(PendingRollbackError), unit_of_work():  # noqa: PT012
            insert_row(Subject, kind="idea")
            db.session.add(Subject(kind=None))
            with suppress(DBAPIError):
                db.session.flush()
            once_more(Subject, kind="idea")
    assert count() == 0


@pytest.mark.on("postgresql")
def test_a_statement_that_failed_is_not_passed_over() -> None:
    """PostgreSQL takes a COMMIT after it for a ROLLBACK, and says so to nobody."""
    done: list[int] = []
    with pytest.raises(RuntimeError, match="nobody took it back"), unit_of_work():  # noqa: PT012
        after_commit(lambda: done.append(1))
        with suppress(DBAPIError):
            connection().exec_driver_sql("SELECT nothing")
    assert done == []


def test_what_is_put_off_does_not_go_along_with_what_another_connection_does(app: Flask) -> None:
    with unit_of_work():
        insert_soon(Subject, kind="idea")
        with app.app_context():
            assert count() == 0
        if not is_sqlite():
            with db.engine.connect() as other:
                other.exec_driver_sql("SELECT 1")
    assert count() == 1


def test_a_part_that_fails_takes_with_it_what_was_put_off_in_it_and_nothing_else() -> None:
    with unit_of_work():
        insert_soon(Subject, kind="idea")
        with suppress(ValueError), part_of_it():
            insert_soon(Subject, kind="idea")
            raise ValueError
        with suppress(DBAPIError), part_of_it():
            insert_row(Subject, kind="idea")
            insert_soon(Subject, kind="idea")
            db.session.execute(text("SELECT nothing"))
        with suppress(DBAPIError), part_of_it():
            insert_row(Subject, kind="idea")
            insert_soon(Subject, kind=None)
        with part_of_it():
            insert_soon(Subject, kind="idea")
    assert count() == 2


def write(kind: str = "idea") -> None:
    db.session.add(Subject(kind=kind))
    db.session.flush()


def write_in_a_unit() -> None:
    with unit_of_work():
        write()


def fail_after(work: Callable[[], None]) -> None:
    """A unit of work that does something and then meets an error."""

    def fail() -> None:
        with unit_of_work():
            work()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()


def rename(kind: str) -> None:
    with unit_of_work():
        db.session.scalars(select(Subject).where(Subject.kind == "old")).one().kind = kind


def count() -> int:
    with unit_of_work(writes=False):
        return db.session.scalar(select(func.count()).select_from(Subject).where(Subject.kind == "idea")) or 0


def answer(app: Flask, method: str, view: Callable[[], Any], *, writes: bool = False) -> None:
    """Have a view of our own answer as the platform's views do."""
    with app.test_request_context(method=method):
        _in_unit_of_work(app, view, Access(anyone, writes=writes), False)()


def in_thread(app: Flask, work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            work()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def elsewhere(app: Flask, work: Callable[[], None]) -> None:
    """On a connection of its own, to the end."""
    in_thread(app, work).join(20)
