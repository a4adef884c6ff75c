"""What a vote taken back ends is looked up: follows of the subject, and those it led to."""

import pytest
from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.dialects import postgresql

from app.follows.models import Follow
from app.follows.queries import supported_through
from app.kit.db import db


@pytest.mark.on("postgresql")
def test_what_a_subject_led_to_has_an_index(app: Flask) -> None:
    with app.app_context():
        ended = delete(Follow).where(supported_through(5, 7))
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        asked = ended.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        # Of the few rows here a person's are found faster by themselves.
        db.session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"))
        db.session.execute(text("ALTER TABLE follows DROP CONSTRAINT uq_follows_person_id_subject_id"))
        steps = [row[0] for row in db.session.execute(text(f"EXPLAIN {asked}"))]
        db.session.rollback()
    for name in ("ix_follows_subject_id_person_id", "ix_follows_via_subject_id"):
        assert any(name in step for step in steps), steps
