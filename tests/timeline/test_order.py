"""The timeline tells the newest first: by the moment things happened, not by when they were written down."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import text

from app.kit.actor import GUEST
from app.kit.db import db, is_sqlite, unit_of_work
from app.subjects.models import ActivityRow
from app.subjects.queries import told
from app.timeline.queries import entries
from tests.client import Client
from tests.factories import world
from tests.people import Cast

LONG_AGO = datetime(2020, 3, 1, 12, tzinfo=UTC)


def test_what_was_brought_along_stands_where_it_happened(app: Flask, cast: Cast, client: Client) -> None:
    world.build(app)
    with app.test_request_context(), unit_of_work():
        rows = list(db.session.scalars(told().order_by(ActivityRow.id)))
        assert len(rows) > 3
        for number, row in enumerate(rows[::-1]):  # what was written last happened first
            row.at = LONG_AGO + timedelta(days=number // 2)
    with app.test_request_context():
        seen, after = [], None
        while True:
            page = entries(GUEST, after, size=2)
            seen += [entry.at for entry in page.items]
            if (after := page.after) is None:
                break
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(entries(GUEST, size=100).items)
    assert "das Neueste zuerst" in client.page("/activity")


def test_a_page_of_the_timeline_is_a_range_of_its_index(app: Flask, cast: Cast) -> None:
    world.build(app)
    with app.app_context(), unit_of_work():
        statement = told().order_by(ActivityRow.at.desc(), ActivityRow.id.desc()).limit(30)
        words = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
        if not is_sqlite():  # a small table is read as a whole
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("SET LOCAL enable_sort = off"))
        plan = " ".join(
            map(str, db.session.execute(text(("EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN ") + words)))
        )
        assert "ix_activities_told" in plan
        assert "TEMP B-TREE" not in plan
