"""Which ideas lists sort by what was counted before, and no more."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, cast, func, or_, select, union

from app.ideas.models import Idea
from app.ideas.models.listing import LISTED
from app.kit.db import db, is_sqlite
from app.subjects.models import ActivityRow


def out_of_order() -> ColumnElement[bool]:
    """Whether what an idea is sorted by is not what is counted."""
    return or_(*(getattr(Idea, name) != getattr(Idea, after) for name, after in LISTED.items()))


def ideas_out_of_order() -> int:
    """How many; all ideas are read for that."""
    return db.session.scalar(select(func.count()).select_from(Idea).where(out_of_order())) or 0


def ideas_moved(since: int) -> Sequence[int]:
    """Those that activities after this one are about, by their ids."""
    new = select(ActivityRow.subject_id).where(ActivityRow.id > since)
    about_id = cast(ActivityRow.facts["about_id"].as_string(), BigInteger)
    of_new = select(about_id).where(ActivityRow.id > since, about_id.is_not(None))
    return _ids(Idea.id.in_(union(new, of_new)))


def ideas_moved_among(first_id: int, last_id: int) -> Sequence[int]:
    """Those with ids from one to another."""
    return _ids(Idea.id.between(first_id, last_id))


def free_to_sort(ids: Sequence[int]) -> Sequence[int]:
    """Those of some that nobody is writing to; on PostgreSQL locked until the transaction ends."""
    if is_sqlite():
        return ids
    found = select(Idea.id).where(Idea.id.in_(ids), out_of_order()).order_by(Idea.id)
    return db.session.scalars(found.with_for_update(skip_locked=True, key_share=True)).all()


def newest_activity() -> int:
    """The highest id there is."""
    return db.session.scalar(select(func.max(ActivityRow.id))) or 0


def last_idea() -> int:
    """The highest id there is."""
    return db.session.scalar(select(func.max(Idea.id))) or 0


def _ids(condition: ColumnElement[bool]) -> Sequence[int]:
    return db.session.scalars(select(Idea.id).where(condition, out_of_order()).order_by(Idea.id)).all()
