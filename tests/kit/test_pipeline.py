"""Statements that go to PostgreSQL together: in their order, all or none, and the connection is fit for use after."""

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, NullPool, bindparam, column, create_engine, delete, func, literal, select, table, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.kit import pipeline
from app.kit.db import abandon, begin_writing, connection, db, part_of_it, unit_of_work
from app.kit.fetching import rows_of
from app.kit.inserting import insert_row, insert_soon
from app.kit.pipeline import is_between_transactions
from app.kit.prepared import Prepared, PreparedChange
from app.subjects.models import Subject

pytestmark = pytest.mark.on("postgresql")

NUMBER = bindparam("number", type_=Integer)

same = Prepared(lambda: select(func.abs(NUMBER)))
inverse = Prepared(lambda: select(literal(100, Integer) // NUMBER))
asleep = Prepared(lambda: select(func.pg_sleep(NUMBER)))
ended = Prepared(lambda: select(func.pg_terminate_backend(NUMBER)))
counted = Prepared(lambda: select(func.count(Subject.id)).where(Subject.id > NUMBER))
locked = Prepared(lambda: select(Subject.id).where(Subject.id == NUMBER).with_for_update())
kind_of = Prepared(lambda: select(Subject.kind).where(Subject.id == NUMBER))
renamed = PreparedChange(lambda: update(Subject.__table__).where(Subject.id == NUMBER).values(kind=bindparam("name")))
removed = PreparedChange(lambda: delete(Subject.__table__).where(Subject.id == NUMBER))


@pytest.fixture(autouse=True)
def prepared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One connection, on which all is prepared at once."""
    with app.app_context():
        db.engine.dispose()
        with db.engine.connect() as used:
            used.connection.driver_connection.prepare_threshold = 0  # type: ignore[union-attr]
        for one, number in ((same, 1), (inverse, 1), (asleep, 0), (ended, 0), (locked, 0), (kind_of, 0), (counted, 0)):
            with unit_of_work():
                one.rows({"number": number})
        with unit_of_work():
            renamed.run({"number": 0, "name": "idea"})
            removed.run({"number": 0})
        yield


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commands went together, each time."""
    found: list[int] = []
    there_and_back = pipeline._there_and_back

    def note(psycopg: Any, pgconn: Any, commands: list[Any]) -> Any:
        found.append(len(commands))
        return there_and_back(psycopg, pgconn, commands)

    monkeypatch.setattr(pipeline, "_there_and_back", note)
    return found


def test_begin_and_commit_go_along_with_what_is_asked_and_changed(ways: list[int]) -> None:
    first = a_subject()
    del ways[:]
    with unit_of_work():
        assert asked(same, -7) == 7
        renamed.soon({"number": first, "name": "new"})
        locked.ahead({"number": first})
        assert asked(kind_of, first) == "new"
        renamed.soon({"number": first, "name": "newer"})
    assert ways == [3, 3, 3]  # BEGIN, how to plan; what waited; what waited, what guests' pages are kept by, COMMIT
    with unit_of_work(writes=False):
        assert asked(kind_of, first) == "newer"


def test_what_only_reads_begins_no_transaction_and_has_none_to_end(ways: list[int]) -> None:
    with unit_of_work(writes=False):
        assert asked(same, 3) == 3
        assert asked(same, -4) == 4
        assert is_between_transactions(connection())
    assert ways == [2, 1]  # how to plan
    del ways[:]
    with unit_of_work(writes=False):
        assert db.session.scalar(select(func.count(Subject.id)).where(Subject.id == 0)) == 0
        assert asked(same, -4) == 4
    assert ways == [2, 1]  # SQLAlchemy began one: its COMMIT


@pytest.mark.parametrize("act", ["run", "first", "soon"])
def test_what_is_written_while_reading_is_taken_back(act: str) -> None:
    first = a_subject()
    back = PreparedChange(
        lambda: (
            update(Subject.__table__).where(Subject.id == NUMBER).values(kind=bindparam("name")).returning(Subject.id)
        )
    )
    change = back if act == "first" else renamed
    for _ in range(3):  # prepared as well
        with unit_of_work(writes=False):
            assert asked(kind_of, first) == "idea"
            getattr(change, act)({"number": first, "name": "new"})
            assert asked(kind_of, first) == "new"
    with unit_of_work(writes=False):
        assert asked(kind_of, first) == "idea"


def test_what_is_foreseen_while_reading_goes_with_the_next_and_nowhere_if_nothing_comes(ways: list[int]) -> None:
    first, second = a_subject(), a_subject()
    with unit_of_work(writes=False):
        asked(same, 1)
        del ways[:]
        kind_of.foresee({"number": first})
        counted.foresee({"number": second})
        assert asked(same, -5) == 5
        assert ways == [3]
        assert (asked(kind_of, first), asked(counted, second)) == ("idea", 0)
        assert ways == [3]
        assert asked(kind_of, second) == "idea"
        kind_of.foresee({"number": first})
    assert ways == [3, 1]


def test_what_was_foreseen_while_reading_is_asked_anew_in_the_writing_transaction(app: Flask) -> None:
    first, second = a_subject(), a_subject()

    def other() -> None:
        with app.app_context(), unit_of_work():
            renamed.run({"number": first, "name": "new"})

    with unit_of_work(writes=False, may_write=True):
        kind_of.foresee({"number": first})
        counted.foresee({"number": second})
        assert asked(counted, second) == 0
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        begin_writing()
        assert asked(kind_of, first) == "new"


def test_a_question_that_fails_while_reading_leaves_what_comes_after_it_to_itself(ways: list[int]) -> None:
    first = a_subject()
    with unit_of_work(writes=False):
        kind_of.foresee({"number": first})
        with pytest.raises(DBAPIError, match="division by zero"):
            asked(inverse, 0)
        assert asked(kind_of, first) == "idea"
        assert asked(same, -5) == 5
    del ways[:]
    with unit_of_work(writes=False):
        assert asked(same, -5) == 5
    assert ways == [1]  # still prepared


@pytest.mark.parametrize("waits", [True, False])
def test_an_error_is_said_in_sqlalchemys_words_and_takes_all_back(waits: bool) -> None:
    first = a_subject()

    def fails() -> None:
        with unit_of_work():
            renamed.soon({"number": first, "name": "new"})
            if waits:
                inverse.ahead({"number": 0})
                renamed.soon({"number": first, "name": "newer"})
            else:
                asked(inverse, 0)

    with pytest.raises(DBAPIError, match="division by zero"):
        fails()
    with unit_of_work():
        assert asked(kind_of, first) == "idea"
        assert asked(inverse, 50) == 2


def test_whose_commit_fails_is_told(app: Flask) -> None:
    """What is put off fails with the COMMIT: nothing of the transaction is left."""
    with unit_of_work(writes=False):
        before = asked(counted, 0)

    def fails() -> None:
        with unit_of_work():
            insert_soon(Subject, kind="idea")
            insert_soon(Subject, kind=None)

    with pytest.raises(IntegrityError):
        fails()
    with unit_of_work(writes=False):
        assert asked(counted, 0) == before


def test_what_a_lock_was_waited_for_is_read_as_it_is_then(app: Flask) -> None:
    """The statement after the lock begins when it is there, though both were sent together."""
    first, holds, found = a_subject(), threading.Event(), []

    def other() -> None:
        with app.app_context(), unit_of_work():
            asked(locked, first)
            holds.set()
            renamed.run({"number": first, "name": "changed meanwhile"})
            time.sleep(0.3)

    thread = threading.Thread(target=other)
    thread.start()
    holds.wait(5)
    with unit_of_work():
        locked.ahead({"number": first})
        found.append(asked(kind_of, first))
    thread.join()
    assert found == ["changed meanwhile"]


def test_a_lost_connection_is_noticed_and_the_next_one_works(app: Flask) -> None:
    def loses() -> None:
        with unit_of_work():
            ended.ahead({"number": connection().connection.driver_connection.info.backend_pid})  # type: ignore[union-attr]
            asked(asleep, 5)

    for _ in range(2):
        with pytest.raises(OperationalError):
            loses()
        with unit_of_work():
            assert asked(same, 5) == 5


def test_whoever_is_interrupted_leaves_no_connection_in_the_middle_of_an_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: Any) -> Iterator[None]:
        raise KeyboardInterrupt
        yield

    def asks() -> None:
        with unit_of_work():
            asked(same, 5)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_there_and_back", interrupted)
        with pytest.raises(KeyboardInterrupt):
            asks()
    asks()


def test_what_is_not_prepared_yet_goes_by_cursors_and_means_the_same(ways: list[int]) -> None:
    first = a_subject()
    del ways[:]
    fresh = PreparedChange(lambda: update(Subject.__table__).where(Subject.id == NUMBER + 0).values(kind="fresh"))
    with unit_of_work():
        fresh.soon({"number": first})
        assert asked(kind_of, first) == "fresh"
        fresh.soon({"number": first})
        abandon()
    with unit_of_work():
        renamed.soon({"number": first, "name": "new"})
        Prepared(lambda: select(Subject.id).where(Subject.id == NUMBER - 0)).ahead({"number": first})
    with unit_of_work(writes=False):
        assert asked(kind_of, first) == "new"


@pytest.mark.parametrize("is_gone", [True, False])
def test_what_no_longer_fits_what_is_prepared_is_prepared_anew(is_gone: bool) -> None:
    """A column's type was changed meanwhile, or a pooler let go of what was prepared."""
    changing = table(f"changing_{is_gone}".lower(), column("number", Integer))
    every = Prepared(lambda: select(changing.c.number))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        other.exec_driver_sql(f"CREATE TABLE {changing.name} (number integer)")
        for _ in range(3):
            with unit_of_work(writes=False):
                assert every.rows({}) == []
        if is_gone:
            with unit_of_work():
                connection().exec_driver_sql("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")  # psycopg does not see it
        else:
            other.exec_driver_sql(f"ALTER TABLE {changing.name} ALTER COLUMN number TYPE text")
        with pytest.raises(DBAPIError) as caught, unit_of_work():
            every.rows({})
        assert caught.value.connection_invalidated
        for _ in range(3):
            with unit_of_work(writes=False):
                assert every.rows({}) == []
        other.exec_driver_sql(f"DROP TABLE {changing.name}")


@pytest.mark.parametrize("is_foreseen", [True, False])
def test_whoever_reads_gets_a_new_connection_where_theirs_was_lost(is_foreseen: bool) -> None:
    first = a_subject()
    db.session.remove()  # as where only rows are read
    with unit_of_work(writes=False):
        pid = connection().connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        asked(kind_of, first)
    end_of(pid)
    with unit_of_work(writes=False):
        if is_foreseen:
            counted.foresee({"number": first})
            kind_of.foresee({"number": first})
        assert asked(kind_of, first) == "idea"
        end_of(connection().connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
        assert asked(counted, first) == 0  # also between two questions


def test_whoever_writes_is_told_that_the_connection_was_lost() -> None:
    first = a_subject()
    with pytest.raises(OperationalError), unit_of_work():  # noqa: PT012
        renamed.run({"number": first, "name": "new"})
        end_of(connection().connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
        asked(kind_of, first)
    with unit_of_work(writes=False):
        assert asked(kind_of, first) == "idea"


def test_after_a_rollback_all_is_prepared_anew(ways: list[int]) -> None:
    with unit_of_work():
        asked(same, 5)
        abandon()
    del ways[:]
    for _ in range(2):
        with unit_of_work(writes=False):
            assert asked(same, 5) == 5
    assert ways == [1, 2]  # a COMMIT after what a cursor did; then with how to plan


def test_a_lock_of_several_knows_how_many(ways: list[int]) -> None:
    several = Prepared(lambda: select(Subject.id).where(Subject.id.in_(bindparam("ids", expanding=True))))
    with unit_of_work():
        for ids in ([1], [1, 2, 3], []):
            several.ahead({"ids": ids})
            assert asked(same, 5) == 5


def test_an_error_names_the_statement_that_failed() -> None:
    for last in (inverse, same):
        with pytest.raises(DBAPIError) as caught, unit_of_work():  # noqa: PT012
            same.ahead({"number": 1})
            inverse.ahead({"number": 0})
            asked(last, 3)
        assert "/" in str(caught.value.statement)
        assert caught.value.params == (100, 0)


def test_text_that_cannot_be_sent_costs_no_connection() -> None:
    with unit_of_work():
        with pytest.raises(UnicodeEncodeError):
            renamed.run({"number": 1, "name": "\ud800"})
        assert asked(same, 5) == 5


def test_what_is_asked_for_most_stays_prepared(ways: list[int]) -> None:
    with unit_of_work(writes=False):
        connection().connection.driver_connection.prepared_max = 20  # type: ignore[union-attr]
    for number in range(30):
        with unit_of_work(writes=False):
            Prepared(lambda n=number: select(NUMBER.label(f"of_{n}"))).rows({"number": 1})  # type: ignore[misc]
            assert asked(same, 5) == 5
    assert [ways.count(commands) for commands in (1, 2)] == [59, 1]  # it and the COMMIT; at first with how to plan


@pytest.mark.parametrize("many", [[33_011], [-(2**40), 3], []])
def test_lists_of_numbers_are_of_one_size(many: list[int]) -> None:
    """The first of two lists does not say how large the numbers of the second may be, in one statement or in two."""
    text = "SELECT CAST(:few AS bigint[]), CAST(:many AS bigint[])"
    for few in ([0, 0], [], [2**33]):
        with unit_of_work(writes=False):
            for values in ({"few": few, "many": many}, {"few": many, "many": few}):
                for _ in range(3):  # prepared as well
                    assert rows_of(text, values, "few", "many") == [[values["few"], values["many"]]]


def test_one_plan_for_all_values_of_what_is_prepared_and_nowhere_else() -> None:
    one = Prepared(lambda: select((NUMBER + 1).label("planned_once")))
    plans = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%%planned_once'"
    for number in range(4):
        with unit_of_work(writes=False):
            assert asked(one, number) == number + 1
            assert connection().exec_driver_sql("SHOW plan_cache_mode").scalar() == "auto"
    with unit_of_work(writes=False):
        assert [*connection().exec_driver_sql(plans)] == [(1, 3)]


def test_how_to_plan_is_known_after_a_transaction_that_was_taken_back(app: Flask) -> None:
    shown = "SHOW plan_cache_mode"

    def taken_back(part: bool) -> None:
        with unit_of_work(), part_of_it() if part else nullcontext():
            asked(same, 5)
            inverse.rows({"number": 0})

    for part in (False, True):
        for begins in (asked, lambda *_: connection().exec_driver_sql(shown).scalar()):
            with unit_of_work(writes=False):
                begins(same, 5)
            with pytest.raises(DBAPIError):
                taken_back(part)
            with unit_of_work(writes=False):
                assert connection().exec_driver_sql(shown).scalar() == "auto"
            with unit_of_work():
                asked(same, 5)  # which no longer is prepared
            with unit_of_work():
                asked(same, 5)
                raw: Any = connection().connection.driver_connection
                assert raw.execute(shown).fetchone() == ("force_generic_plan",)
                abandon()
            with unit_of_work(writes=False):
                assert connection().exec_driver_sql(shown).scalar() == "auto"


def test_what_is_foreseen_goes_with_what_is_asked_before(ways: list[int]) -> None:
    first, second = a_subject(), a_subject()
    with unit_of_work():
        asked(same, 1)
        del ways[:]
        kind_of.foresee({"number": first})
        counted.foresee({"number": first})
        assert kind_of.is_foreseen({"number": first})
        assert not kind_of.is_foreseen({"number": second})
        assert asked(same, -5) == 5
        assert ways == [3]
        assert (asked(kind_of, first), asked(counted, first)) == ("idea", 1)
        assert ways == [3]
        assert asked(kind_of, first) == "idea"  # once
        assert ways == [3, 1]


def test_what_is_foreseen_is_asked_anew_after_something_was_written() -> None:
    first = a_subject()
    with unit_of_work():
        kind_of.foresee({"number": first})
        renamed.soon({"number": first, "name": "new"})
        assert asked(kind_of, first) == "new"
        kind_of.foresee({"number": first})
        asked(same, 1)
        db.session.execute(update(Subject).where(Subject.id == first).values(kind="newer"))
        assert asked(kind_of, first) == "newer"


def test_what_is_foreseen_for_the_first_time_locks_in_its_place(ways: list[int]) -> None:
    first, fresh = a_subject(), Prepared(lambda: select(Subject.kind).where(Subject.id == NUMBER).with_for_update())
    with unit_of_work():
        asked(same, 1)
        del ways[:]
        fresh.foresee({"number": first})
        assert ways == []  # by a cursor
        locked.ahead({"number": first})
        assert asked(fresh, first) == "idea"


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_foreseen_has_its_columns_names_whoever_put_the_statement_together(at_once: bool) -> None:
    """Two threads that ask for the first time at once, or more statements than are kept."""
    kind = select(Subject.kind.label("kind")).where(Subject.id == NUMBER)
    first, calls = a_subject(), [0]

    def build() -> Any:
        calls[0] += 1
        if at_once and calls[0] == 1:
            fresh.foresee({"number": first})  # while the other one is still at it
        return kind

    fresh = Prepared(build)
    with unit_of_work(writes=False):
        if not at_once:
            fresh.foresee({"number": first})
            fresh._without_lists.clear()
        assert [row.kind for row in fresh.rows({"number": first})] == ["idea"]
    with unit_of_work(writes=False):
        assert [row.kind for row in fresh.rows({"number": first})] == ["idea"]


@pytest.mark.parametrize("writes", [True, False])
def test_nothing_stands_alone_that_comes_after_a_statement_that_failed(writes: bool) -> None:
    """Whoever passes over an error can commit nothing of the transaction, also without a session."""
    before = Prepared(lambda: select(func.count(Subject.id)).where(Subject.id > NUMBER))

    def goes_on() -> None:
        with unit_of_work():
            insert_row(Subject, kind="idea")
            with suppress(DBAPIError):
                insert_row(Subject, kind=None) if writes else asked(inverse, 0)
            insert_soon(Subject, kind="idea")

    with unit_of_work(writes=False):
        there = asked(before, 0)
    with pytest.raises(RuntimeError, match="nobody took it back"):
        goes_on()
    with unit_of_work(writes=False):
        assert asked(before, 0) == there


def test_what_is_foreseen_and_asked_first_sends_all_that_waits(ways: list[int]) -> None:
    first = a_subject()
    with unit_of_work():
        asked(same, 1)
        del ways[:]
        locked.ahead({"number": first})
        kind_of.foresee({"number": first})
        same.foresee({"number": -8})
        assert asked(same, -8) == 8
        assert asked(kind_of, first) == "idea"
        assert ways == [3]
        same.foresee({"number": -9})
        assert asked(same, -10) == 10  # something else is asked
        assert db.session.scalar(select(func.count(Subject.id)).where(Subject.id == first)) == 1
        assert ways == [3, 2]
        kind_of.foresee({"number": first})
        assert db.session.scalar(select(func.count(Subject.id)).where(Subject.id == first)) == 1
        assert asked(kind_of, first) == "idea"
        assert ways == [3, 2, 1]  # sent before the statement of SQLAlchemy's


def test_nobody_hears_later_what_was_foreseen_in_a_part_or_a_transaction_taken_back(ways: list[int]) -> None:
    first = a_subject()

    def fails() -> None:
        with part_of_it():
            renamed.run({"number": first, "name": "new"})
            kind_of.foresee({"number": first})
            asked(same, 3)
            inverse.rows({"number": 0})

    with unit_of_work():
        with pytest.raises(DBAPIError):
            fails()
        assert asked(kind_of, first) == "idea"
        renamed.run({"number": first, "name": "new"})
        kind_of.foresee({"number": first})
        asked(same, 3)
        abandon()
    with unit_of_work():
        assert asked(kind_of, first) == "idea"


def test_a_statement_is_the_same_for_small_and_large_numbers_and_for_few_and_many() -> None:
    chosen = NUMBER.in_(bindparam("ids", expanding=True))
    among = Prepared(lambda: select((NUMBER - 1).label("among_few")).where(chosen))
    plans = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1%%among_few%%'"
    for number, ids in ((1, [1, 3]), (40_000, [7, 40_000, 2]), (2**30, [2**30, 1, 5, 9]), (3, [2**30, 7, 8, 9, 3])):
        with unit_of_work(writes=False):
            assert among.rows({"number": number, "ids": ids}) == [(number - 1,)]
            assert among.rows({"number": 2, "ids": ids[:2]}) == []
    with unit_of_work(writes=False):
        assert [*connection().exec_driver_sql(plans)] == [(1,)]


def test_answers_are_read_as_what_they_are_one_after_the_other_and_on_a_new_connection() -> None:
    first = Prepared(lambda: select(func.abs(NUMBER), func.to_timestamp(NUMBER), func.repeat("ä", NUMBER)))
    second = Prepared(lambda: select(func.repeat("b", NUMBER), func.abs(NUMBER)))

    def ask() -> None:
        for number in (1, 2, 3):
            with unit_of_work():
                read = first.rows({"number": number}), second.rows({"number": number})
            moment = datetime.fromtimestamp(number, UTC)
            assert [tuple(row) for (row,) in read] == [(number, moment, "ä" * number), ("b" * number, number)]

    ask()
    with pytest.raises(OperationalError), unit_of_work():
        ended.rows({"number": connection().connection.driver_connection.pgconn.backend_pid})  # type: ignore[union-attr]
    ask()


def a_subject() -> int:
    with unit_of_work():
        thing = Subject(kind="idea")
        db.session.add(thing)
        db.session.flush()
        return thing.id


def end_of(process_id: int) -> None:
    """PostgreSQL ends one of its connections."""
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        other.execute(select(func.pg_terminate_backend(process_id, 5000)))


def asked(what: Prepared, number: int) -> Any:
    """What a question gives."""
    return what.rows({"number": number})[0][0]
