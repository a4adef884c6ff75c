"""Anchor rows, links and recorded activities."""

from app.kit.db import command
from app.kit.inserting import insert_all_once, insert_once, insert_row, insert_soon, new_id
from app.subjects import outbox
from app.subjects.activities import Activity, listeners_after, listeners_within
from app.subjects.models import ActivityRow, Delivery, LinkKind, Subject, SubjectLink


@command
def new_subject(kind: str) -> int:
    """Make an anchor row and return its id, which becomes the content's id."""
    if (subject_id := new_id(Subject)) is None:
        return insert_row(Subject, kind=kind)
    insert_soon(Subject, id=subject_id, kind=kind)
    return subject_id


@command
def link(from_id: int, to_id: int, kind: LinkKind) -> None:
    """Draw an arrow between two subjects; drawing it again changes nothing."""
    insert_once(SubjectLink, from_id=from_id, to_id=to_id, kind=kind.value)


@command
def record(activity: Activity) -> int | None:
    """Write a fact down, run the listeners within, and queue those after; its id where one of these hears of it."""
    row = {
        "name": activity.name,
        "subject_id": activity.subject_id,
        "actor_id": activity.actor_id or None,
        "at": activity.at,
        "is_public": activity.is_public,
        "facts": activity.own_facts(),
    }
    waiting = listeners_after(activity.name)
    row_id = insert_row(ActivityRow, **row) if waiting else None
    if not waiting:
        insert_soon(ActivityRow, **row)
    for listener in listeners_within(activity):
        listener(activity)
    if waiting:
        insert_all_once(Delivery, [{"activity_id": row_id, "listener": name} for name in waiting])
        outbox.wake_after_commit()
    return row_id
