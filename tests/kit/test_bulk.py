"""Many rows at once: read back as if they had been written one by one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select

from app.kit.bulk import insert_rows
from app.kit.changes import PageChanges
from app.kit.db import db, unit_of_work
from app.subjects.models import ActivityRow, Subject

NAMES = ("name", "subject_id", "actor_id", "at", "is_public", "facts")
MOMENTS = (
    datetime(2024, 2, 29, 12, 30, 1, 250, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-2))),
)


def test_moments_and_facts_are_read_as_they_were_given(app: Flask) -> None:
    shared, other = {"about_id": 1}, {"words": "für alle", "many": [1, 2]}
    with app.app_context(), unit_of_work():
        insert_rows(Subject, ("id", "kind"), [(9001, "idea"), (9002, "idea")])
        facts = [(9001, MOMENTS[0], shared), (9001, MOMENTS[1], shared), (9002, MOMENTS[0], other)]
        insert_rows(ActivityRow, NAMES, [("told", one, None, at, True, said) for one, at, said in facts])
    with app.app_context(), unit_of_work(writes=False):
        asked = select(ActivityRow.subject_id, ActivityRow.at, ActivityRow.facts).where(ActivityRow.name == "told")
        assert [tuple(row) for row in db.session.execute(asked.order_by(ActivityRow.id))] == facts


def test_moments_are_compared_with_those_the_mapper_writes(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        insert_rows(Subject, ("id", "kind"), [(9001, "idea")])
        insert_rows(ActivityRow, NAMES, [("told", 9001, None, at, True, {}) for at in MOMENTS])
        for at in MOMENTS:
            assert len(db.session.scalars(select(ActivityRow).where(ActivityRow.at == at)).all()) == 1


def test_a_moment_may_be_told_in_seconds_since_1970(app: Flask) -> None:
    seconds = [int(at.timestamp()) for at in MOMENTS]
    with app.app_context(), unit_of_work():
        insert_rows(Subject, ("id", "kind"), [(9001, "idea")])
        insert_rows(ActivityRow, NAMES, [("told", 9001, None, second, True, {}) for second in seconds])
        for at in MOMENTS:
            asked = select(ActivityRow.at).where(ActivityRow.at == at.replace(microsecond=0))
            assert [one.timestamp() for one in db.session.scalars(asked)] == [int(at.timestamp())]


def test_a_moment_without_a_time_zone_is_refused(app: Flask) -> None:
    def write() -> None:
        with unit_of_work():
            insert_rows(Subject, ("id", "kind"), [(9001, "idea")])
            insert_rows(ActivityRow, NAMES, [("told", 9001, None, datetime(2024, 1, 1), True, {})])  # noqa: DTZ001

    with app.app_context(), pytest.raises(Exception, match="time zone"):
        write()


def test_rows_end_the_pages_that_are_kept_for_guests(app: Flask) -> None:
    def changes() -> int:
        with app.app_context(), unit_of_work(writes=False):
            return sum(db.session.scalars(select(PageChanges.prompt)))

    before = changes()
    with app.app_context(), unit_of_work():
        insert_rows(Subject, ("id", "kind"), [(9001, "idea")])
    assert changes() > before


def test_no_rows_are_no_statement(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        insert_rows(Subject, ("id", "kind"), [])
