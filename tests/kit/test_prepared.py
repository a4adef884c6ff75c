"""Statements known by their shape: the values of each call go in, and come out as their columns' types say."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, bindparam, literal, literal_column, select, union_all
from sqlalchemy.exc import DBAPIError

from app.kit.db import db
from app.kit.prepared import MOST_KEPT, Prepared
from app.kit.utc import UtcDateTime
from tests.support.queries import counted

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _days(named: bool) -> Any:
    """Four days' noons, of them those that are asked for."""
    each = [
        select(literal(at, BigInteger).label("id"), literal(NOON + timedelta(at), UtcDateTime).label("at"))
        for at in range(4)
    ]
    days = union_all(*each).subquery()
    found = select(days.c.id, days.c.at if named else days.c.at.label("id"))
    found = found.where(days.c.id.in_(bindparam("ids", type_=BigInteger, expanding=True)))
    return found.where(days.c.at >= bindparam("since", type_=UtcDateTime)).order_by(days.c.id)


def test_values_go_in_and_come_out_by_their_types(app: Flask) -> None:
    days = Prepared(_days)
    with app.app_context():
        for ids in ([0, 1, 2], [3], [1, 2], []):
            rows = days.rows({"ids": ids, "since": NOON}, True)
            assert [(row.id, row.at) for row in rows] == [(at, NOON + timedelta(at)) for at in ids]
        elsewhere = (NOON + timedelta(2)).astimezone(timezone(timedelta(hours=5)))
        assert [row.id for row in days.rows({"ids": [1, 2, 3], "since": elsewhere}, True)] == [2, 3]
        assert counted(app, lambda: days.rows({"ids": [1], "since": NOON}, True)) == 1


def test_of_two_columns_of_one_name_the_first_has_it(app: Flask) -> None:
    with app.app_context():
        (row,) = Prepared(_days).rows({"ids": [2], "since": NOON}, False)
    assert row.id == 2
    assert row[1] == NOON + timedelta(2)


def test_not_more_shapes_are_kept_than_a_process_can_bear(app: Flask) -> None:
    days = Prepared(_days)
    with app.app_context():
        for many in range(1, MOST_KEPT + 3):
            days.rows({"ids": [1] * many, "since": NOON}, True)
    assert 0 < len(days._known) < MOST_KEPT


def test_what_the_driver_refuses_is_said_in_sqlalchemys_words(app: Flask) -> None:
    broken = Prepared(lambda: select(literal_column("nothing").label("n")))
    with app.app_context():
        with pytest.raises(DBAPIError):
            broken.rows({})
        db.session.rollback()
        assert len(Prepared(_days).rows({"ids": [1], "since": NOON}, True)) == 1


def test_words_a_statement_always_says_stand_in_its_text(app: Flask) -> None:
    """Given as values, SQLite plans it anew each time where a partial index asks for them."""
    said = "it's 100 % 'published' ?"
    told = Prepared(lambda: select(literal(said).label("said"), bindparam("given", "x").label("given"), literal(7)))
    with app.app_context():
        (row,) = told.rows({"given": "O'Hara"})
        (known,) = told._without_lists.values()
    assert (row.said, row.given, row[2]) == (said, "O'Hara", 7)
    assert "published" in known.text
    assert "O'Hara" not in known.text
