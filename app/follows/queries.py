"""Who follows what, and what they want to hear."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.accounts.models import User
from app.follows.models import Because, Follow, FollowSettings
from app.kit import sealed
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.i18n import gettext as _
from app.kit.paging import Page, page_of
from app.subjects import registry

PAGE = 30
UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a subject, and how many follow it."""

    following: bool
    count: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow with the thing followed; None where it is no longer public, `via` the idea that led there."""

    follow: Follow
    thing: Any | None
    via: Any | None


def standing(actor: Actor, subject_id: int) -> Standing:
    """Whether somebody follows a subject, and how many do; one query."""
    count, mine = db.session.execute(select(*standing_columns(actor.id or -1, subject_id))).one()
    return Standing(bool(mine), count)


def standing_columns(person_id: Any, subject_id: Any) -> tuple[Any, Any]:
    """The columns of a `Standing`, for another statement: how many follow, and whether somebody does."""
    of_subject = Follow.subject_id == subject_id
    count = select(func.count()).select_from(Follow).where(of_subject).scalar_subquery()
    return count, exists().where(of_subject, Follow.person_id == person_id)


def follow_of(person_id: int, subject_id: int) -> Follow | None:
    """Somebody's follow of a subject."""
    own = select(Follow).where(Follow.person_id == person_id, Follow.subject_id == subject_id)
    return db.session.scalars(own).first()


def follow_for(reader: Actor, follow_id: int) -> Follow:
    """One's own follow.

    Raises:
        NotFound: none, or somebody else's.
    """
    follow = db.session.get(Follow, follow_id)
    if follow is None or follow.person_id != reader.id:
        raise NotFound
    return follow


def followed_by(actor: Actor, after: str | None) -> Page[Followed]:
    """What somebody follows, newest first, with the things as they may see them."""
    page = page_of(select(Follow).where(Follow.person_id == actor.id), (Follow.id,), after=after, size=PAGE)
    ids = {id_ for follow in page.items for id_ in (follow.subject_id, follow.via_subject_id) if id_}
    things = registry.load_many(actor, ids)
    rows = [Followed(one, things.get(one.subject_id), things.get(one.via_subject_id or 0)) for one in page.items]
    return Page(rows, page.after, page.is_first)


def settings_of(person_id: int) -> FollowSettings:
    """What somebody wants to hear; everything, unless they said otherwise."""
    own = db.session.get(FollowSettings, person_id)
    everything = {"answers": True, "steps": True, "updates": True, "posts": True, "follow_supported": True}
    return own or FollowSettings(person_id=person_id, **everything)


def next_followers(
    subject_ids: Collection[int], *, setting: str, beyond: int, without: int, most: int
) -> Sequence[User]:
    """The next people by id who follow one of these subjects, can be mailed and want this kind of mail."""
    wants = getattr(FollowSettings, setting)
    people = (
        select(User)
        .where(User.id.in_(_followers_of(subject_ids)), User.id > beyond, User.id != without)
        .where(User.active, User.deleted_at.is_(None), User.email.is_not(None))
        .outerjoin(FollowSettings, FollowSettings.person_id == User.id)
        .where(or_(FollowSettings.person_id.is_(None), wants))
    )
    return db.session.scalars(people.order_by(User.id).limit(most)).unique().all()


def follows_among(person_ids: Collection[int], subject_ids: Collection[int]) -> dict[int, list[Follow]]:
    """The follows of these people of these subjects, by person."""
    rows = db.session.scalars(
        select(Follow).where(Follow.person_id.in_(person_ids), Follow.subject_id.in_(subject_ids)).order_by(Follow.id)
    )
    found: dict[int, list[Follow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def supported_through(person_id: int, subject_id: int) -> ColumnElement[bool]:
    """The follows that exist only because somebody supports a subject: its own, and those carried along from it."""
    led_there = or_(Follow.subject_id == subject_id, Follow.via_subject_id == subject_id)
    return (Follow.person_id == person_id) & (Follow.because == Because.SUPPORT.value) & led_there


def unsubscribe_token(person_id: int, subject_id: int) -> str:
    """What a link holds that ends one follow without signing in; it says nothing to others and never expires."""
    return sealed.seal(UNSUBSCRIBE, person_id, subject_id)


def unsubscribed_by(token: str) -> tuple[int, int]:
    """The person and the subject of such a link.

    Raises:
        NotFound: we never made it.
    """
    ids = sealed.unseal(UNSUBSCRIBE, token)
    if ids is None:
        raise NotFound(_("Dieser Link gilt nicht. Vielleicht fehlt am Ende ein Stück."))
    return ids


def follows_still(person_id: int, subject_id: int) -> bool:
    """Whether a person follows a subject."""
    own = select(Follow.id).where(Follow.person_id == person_id, Follow.subject_id == subject_id)
    return db.session.scalar(own) is not None


def _followers_of(subject_ids: Collection[int]) -> Select[int]:
    return select(Follow.person_id).where(Follow.subject_id.in_(subject_ids))
