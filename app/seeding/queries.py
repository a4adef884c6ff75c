"""How far a seed has come."""

from typing import Any

from sqlalchemy import exists, func, select

from app.kit.db import db
from app.seeding.activities import SeedBegan, SeedFinished
from app.subjects.activities import from_row
from app.subjects.models import ActivityRow, Subject

LOADED_BY_INIT = ("place", "topic")


def latest_seed() -> tuple[SeedBegan | None, bool]:
    """The seed that began last, and whether it is finished."""
    named = ActivityRow.name.in_((SeedBegan.name, SeedFinished.name))
    rows = db.session.scalars(select(ActivityRow).where(named).order_by(ActivityRow.id.desc()).limit(2)).all()
    facts = [from_row(row) for row in rows]
    began = next((fact for fact in facts if isinstance(fact, SeedBegan)), None)
    return began, bool(facts) and isinstance(facts[0], SeedFinished)


def holds_content() -> bool:
    """Whether there is anything that `flask init` did not load."""
    return bool(db.session.scalar(select(exists().where(Subject.kind.not_in(LOADED_BY_INIT)))))


def last_in(column: Any, ids: range) -> int:
    """The highest id of a range that a column holds; the one before the range if none."""
    within = column.between(ids.start, ids.stop - 1)
    return db.session.scalar(select(func.max(column)).where(within)) or ids.start - 1
