"""Anchor rows, links and recorded activities."""

from app.kit.db import command, db
from app.kit.inserting import insert_once
from app.subjects import outbox
from app.subjects.activities import Activity, listeners_after, listeners_within
from app.subjects.models import ActivityRow, Delivery, LinkKind, Subject, SubjectLink


@command
def new_subject(kind: str) -> int:
    """Make an anchor row and return its id, which becomes the content's id."""
    subject = Subject(kind=kind)
    db.session.add(subject)
    db.session.flush()
    return subject.id


@command
def link(from_id: int, to_id: int, kind: LinkKind) -> None:
    """Draw an arrow between two subjects; drawing it again changes nothing."""
    insert_once(SubjectLink, from_id=from_id, to_id=to_id, kind=kind.value)


@command
def record(activity: Activity) -> ActivityRow:
    """Write a fact down, run the listeners within, and queue those after."""
    row = ActivityRow(
        name=activity.name,
        subject_id=activity.subject_id,
        actor_id=activity.actor_id or None,
        at=activity.at,
        is_public=activity.is_public,
        facts=activity.own_facts(),
    )
    db.session.add(row)
    db.session.flush()
    for listener in listeners_within(activity):
        listener(activity)
    waiting = listeners_after(activity.name)
    db.session.add_all(Delivery(activity_id=row.id, listener=name) for name in waiting)
    if waiting:
        outbox.wake_after_commit()
    return row
