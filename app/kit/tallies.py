"""Numbers too large to be counted for each page: the job runner counts them now and then and keeps them here.

What few rows say is counted as it is; a statement reads at most `EXACT` of them, and beyond that shows what was kept.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.base import Base
from app.kit.db import command, db, guests_may_wait
from app.kit.inserting import insert_or_update_all

EXACT = 1000


class Tally(Base):
    """What was counted under a name."""

    __tablename__ = "tallies"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)


def kept(name: str) -> Select[Any]:
    """A select of what was counted last; no row before the first time."""
    return select(Tally.value).where(Tally.name == name)


def last(name: str) -> dict[str, Any] | None:
    """What was counted last."""
    found: dict[str, Any] | None = db.session.scalar(kept(name))
    return found


def is_kept(name: str) -> ColumnElement[bool]:
    """Whether anything is kept under a name, for another statement."""
    return exists().where(Tally.name == name)


@command
@guests_may_wait
def forget(name: str) -> None:
    """Keep nothing any longer under a name."""
    db.session.execute(delete(Tally).where(Tally.name == name))


@command
@guests_may_wait
def keep(name: str, value: Mapping[str, Any]) -> None:
    """Keep what was counted."""
    insert_or_update_all(Tally, unique=["name"], rows=[{"name": name, "value": dict(value)}])
