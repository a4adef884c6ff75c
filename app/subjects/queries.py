"""Reading links and the activity log."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, bindparam, select, union

from app.kit.db import db
from app.subjects.activities import sentence_names, step_names
from app.subjects.models import ActivityRow, LinkKind, Subject, SubjectLink


def root_of(subject_id: int, *, lock: bool = False) -> int:
    """The subject that stands for the group; `lock` keeps others from merging it meanwhile (PostgreSQL)."""
    statement = select(Subject).where(Subject.id == subject_id)
    return db.session.scalars(statement.with_for_update(read=True) if lock else statement).one().root_id


def family(subject_id: int) -> dict[int, str]:
    """What a subject came from and what came of it over any number of links: kinds by id."""
    return {row.id: row.kind for row in db.session.execute(_family(), {"of": subject_id})}


def later(subject_id: int) -> list[int]:
    """Everything that came of a subject over any number of links."""
    return list(db.session.scalars(select(_after(subject_id).c.to_id)))


def earlier(subject_id: int) -> list[int]:
    """Everything a subject came from over any number of links."""
    return list(db.session.scalars(select(_before(subject_id).c.from_id)))


def linked(subject_ids: Collection[int], kind: LinkKind) -> Sequence[tuple[int, int]]:
    """Pairs (from, to) of links of one kind that touch any of these subjects, oldest first."""
    touching = SubjectLink.from_id.in_(subject_ids) | SubjectLink.to_id.in_(subject_ids)
    rows = db.session.execute(
        select(SubjectLink.from_id, SubjectLink.to_id)
        .where(touching, SubjectLink.kind == kind.value)
        .order_by(SubjectLink.id)
    )
    return [(from_id, to_id) for from_id, to_id in rows]


def steps_of(subject_ids: Collection[int]) -> Sequence[ActivityRow]:
    """The steps of the journey of these subjects, in the order they happened."""
    about = select(ActivityRow).where(ActivityRow.subject_id.in_(subject_ids), ActivityRow.name.in_(step_names()))
    return db.session.scalars(about.order_by(ActivityRow.at, ActivityRow.id)).all()


def family_parts(of: Any, *also: Any) -> dict[str, Any]:
    """What a subject came from and what came of it (`family`: kinds by id), and what was recorded of all of these and
    of `also`, selects of ids (`steps`): parts of another statement, as `kit.fetching.Together` takes them."""
    before, after = _before(of), _after(of)
    ids = union(select(before.c.from_id), select(after.c.to_id)).subquery()
    about = union(select(before.c.from_id), select(after.c.to_id), *also)
    row = ActivityRow
    steps = select(row.id, row.name, row.subject_id, row.actor_id, row.at, row.facts)
    # Not joined: SQLite would read all activities into a filter first.
    steps = steps.where(row.subject_id.in_(about), row.name.in_(step_names()))
    family = select(Subject.id, Subject.kind).join(ids, ids.c[0] == Subject.id)
    return {"family": family, "steps": steps.order_by(row.at, row.id)}


def told() -> Select[ActivityRow]:
    """The public facts the timeline tells, to be paged."""
    return select(ActivityRow).where(ActivityRow.is_public, ActivityRow.name.in_(sentence_names()))


@cache
def _family() -> Select[int, str]:
    of = bindparam("of", type_=BigInteger)
    before, after = _before(of), _after(of)
    ids = union(select(before.c.from_id), select(after.c.to_id)).subquery()
    return select(Subject.id, Subject.kind).join(ids, ids.c[0] == Subject.id)


def _after(subject_id: Any) -> CTE:
    walk = select(SubjectLink.to_id).where(SubjectLink.from_id == subject_id).cte("later", recursive=True)
    return walk.union(select(SubjectLink.to_id).join(walk, SubjectLink.from_id == walk.c.to_id))


def _before(subject_id: Any) -> CTE:
    walk = select(SubjectLink.from_id).where(SubjectLink.to_id == subject_id).cte("earlier", recursive=True)
    return walk.union(select(SubjectLink.from_id).join(walk, SubjectLink.to_id == walk.c.from_id))
