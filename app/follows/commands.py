"""Following and no longer following; all of it may be repeated without changing anything more."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.follows import policy, queries
from app.follows.models import Because, Follow, FollowSettings
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import about, command, db, guests_may_wait, is_sqlite
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.inserting import insert_once, insert_or_update, insert_selected
from app.kit.prepared import PreparedChange
from app.subjects import registry
from app.subjects.acts import Act
from app.subjects.models import LinkKind
from app.subjects.queries import linked

MAILS = ("answers", "steps", "updates", "posts")
SETTINGS = (*MAILS, "follow_supported")
# Whose follow is carried along first where somebody has several reasons.
WEIGHT = case({Because.OWN.value: 0, Because.CHOICE.value: 1}, value=Follow.because, else_=2)


@command
@guests_may_wait
def follow(thing: Any, *, by: Actor) -> None:
    """Follow something by choice; what was followed by itself becomes a choice and outlasts its reason.

    Raises:
        Conflict: it cannot be followed (now).
    """
    if by.is_signed_in and not by.suspended and not registry.allows(thing, Act.FOLLOW):
        raise Conflict(_("Dem können Sie zurzeit nicht folgen."))
    require(policy.can_follow(by, thing), by)
    about(thing.id)
    if not _insert(by.id, thing.id, Because.CHOICE):
        mine = (Follow.person_id == by.id) & (Follow.subject_id == thing.id)
        chosen = update(Follow).where(mine, Follow.because == Because.SUPPORT.value)
        db.session.execute(chosen.values(because=Because.CHOICE.value, via_subject_id=None))


@command
@guests_may_wait
def unfollow(subject_id: int, *, by: Actor) -> None:
    """Stop following, whatever the reason was."""
    require(by.is_signed_in, by)
    about(subject_id)
    unsubscribe(by.id, subject_id)


@command
def follow_by_itself(subject_id: int, person_id: int, because: Because) -> None:
    """Follow what is one's own or what one supports; the latter unless the person's settings say no."""
    values = {"person_id": person_id, "subject_id": subject_id, "because": because.value, "created_at": clock.now()}
    _unless_unwanted.soon(values | {"support": Because.SUPPORT.value}, is_sqlite())


@command
def end_own_follow(subject_id: int, person_id: int) -> None:
    """Somebody has left what they followed as their own."""
    own = (Follow.person_id == person_id) & (Follow.subject_id == subject_id)
    db.session.execute(delete(Follow).where(own, Follow.because == Because.OWN.value))


@command
def end_support_follow(subject_id: int, person_id: int) -> None:
    """Support was taken back: what was followed only because of it is so no longer, here and in what came of it."""
    gone = delete(Follow).where(queries.supported_through(person_id, subject_id))
    for followed_id in db.session.scalars(gone.returning(Follow.subject_id)).all():
        about(followed_id)
        if roots := [from_id for from_id, to_id in linked([followed_id], LinkKind.BECAME) if to_id == followed_id]:
            _carry(roots, followed_id, only=person_id)


@command
def carry_along(from_ids: Collection[int], to_id: int) -> None:
    """Whoever follows one of these follows what became of them, through it."""
    _carry(from_ids, to_id)


@command
def unsubscribe(person_id: int, subject_id: int) -> None:
    """End one follow; none is fine."""
    db.session.execute(delete(Follow).where(Follow.person_id == person_id, Follow.subject_id == subject_id))


@command
def save_settings(person_id: int, chosen: Mapping[str, bool]) -> None:
    """Keep what somebody wants to hear; each of `SETTINGS` that is given."""
    now = queries.settings_of(person_id)
    values = {name: chosen.get(name, getattr(now, name)) for name in SETTINGS}
    insert_or_update(FollowSettings, unique=["person_id"], values={"person_id": person_id} | values)


@command
def mail_nothing(person_id: int) -> None:
    """End every mail about what somebody follows; what they follow stays."""
    save_settings(person_id, dict.fromkeys(MAILS, False))


@command
def forget(person_id: int) -> None:
    """Somebody deletes their account."""
    db.session.execute(delete(Follow).where(Follow.person_id == person_id))
    db.session.execute(delete(FollowSettings).where(FollowSettings.person_id == person_id))


def _insert(person_id: int, subject_id: int, because: Because) -> bool:
    values = {"person_id": person_id, "subject_id": subject_id, "because": because.value}
    return insert_once(Follow, created_at=clock.now(), **values) is not None


def _follow_by_itself(on_sqlite: bool) -> Any:
    """INSERT what is followed by itself, unless it is only supported and the person's settings say no."""
    names = ("person_id", "subject_id", "because", "created_at")
    table, own = Follow.__table__, FollowSettings.__table__.c
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    says_no = exists().where(own.person_id == values["person_id"], ~own.follow_supported)
    row = select(*values.values()).where(~(says_no & (values["because"] == bindparam("support"))))
    new: Any = (sqlite if on_sqlite else postgresql).insert(table)
    return new.from_select(list(names), row).on_conflict_do_nothing()


_unless_unwanted = PreparedChange(_follow_by_itself)


def _carry(from_ids: Collection[int], to_id: int, *, only: int | None = None) -> None:
    names = ["person_id", "subject_id", "via_subject_id", "because", "created_at"]
    now = literal(clock.now(), Follow.created_at.type)
    rows = select(Follow.person_id, literal(to_id), Follow.subject_id, Follow.because, now)
    rows = rows.where(Follow.subject_id.in_(from_ids), Follow.person_id == only if only else Follow.id.is_not(None))
    # One row for each person, whatever led them here; a conflict leaves the follow that is there.
    insert_selected(Follow, names, rows.order_by(WEIGHT, Follow.id))
