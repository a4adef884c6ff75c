"""Reading links and the activity log."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select

from app.kit.db import db
from app.subjects.activities import sentence_names, step_names
from app.subjects.models import ActivityRow, LinkKind, Subject, SubjectLink


def root_of(subject_id: int, *, lock: bool = False) -> int:
    """The subject that stands for the group; `lock` keeps others from merging it meanwhile (PostgreSQL)."""
    statement = select(Subject).where(Subject.id == subject_id)
    return db.session.scalars(statement.with_for_update(read=True) if lock else statement).one().root_id


def later(subject_id: int) -> list[int]:
    """Everything that came of a subject over any number of links."""
    walk = select(SubjectLink.to_id).where(SubjectLink.from_id == subject_id).cte("later", recursive=True)
    walk = walk.union(select(SubjectLink.to_id).join(walk, SubjectLink.from_id == walk.c.to_id))
    return list(db.session.scalars(select(walk.c.to_id)))


def earlier(subject_id: int) -> list[int]:
    """Everything a subject came from over any number of links."""
    walk = select(SubjectLink.from_id).where(SubjectLink.to_id == subject_id).cte("earlier", recursive=True)
    walk = walk.union(select(SubjectLink.from_id).join(walk, SubjectLink.to_id == walk.c.from_id))
    return list(db.session.scalars(select(walk.c.from_id)))


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


def told() -> Select[ActivityRow]:
    """The public facts the timeline tells, to be paged."""
    return select(ActivityRow).where(ActivityRow.is_public, ActivityRow.name.in_(sentence_names()))
