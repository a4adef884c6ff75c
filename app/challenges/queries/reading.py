"""Challenges as a reader may see them: one, several, lists."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.challenges import policy
from app.challenges.models import (
    PHASE_ACTS,
    Challenge,
    ChallengeHost,
    ChallengePhase,
    ChallengePlace,
    ChallengeState,
    ChallengeStatus,
    ChallengeTopic,
    HostState,
)
from app.kit import clock
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.i18n import gettext as _
from app.kit.paging import Page, counted, page_of
from app.kit.searching import Search
from app.organisations.models import Organisation
from app.organisations.queries import ids_of
from app.places.models import Place
from app.places.queries import places_within
from app.subjects.acts import Act

PAGE = 12
TWINS = timedelta(minutes=10)
UNBORN = (ChallengeState.DRAFT.value, ChallengeState.PENDING.value)


@dataclass(frozen=True, slots=True)
class ChallengeFilter:
    """What a list of challenges shows: open, closed, answered, archived or all that are not; a topic; a place with
    the places within; words.
    """

    standing: str = ""
    topic_id: int | None = None
    place_id: int | None = None
    words: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.standing or self.topic_id or self.place_id or self.words)


def challenge_for(reader: Actor, challenge_id: int) -> Challenge:
    """A challenge as this reader may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden since.
    """
    challenge = db.session.scalars(select(Challenge).where(Challenge.id == challenge_id).options(*_page())).first()
    if challenge is None or challenge.state == ChallengeState.DELETED:
        raise NotFound
    if policy.can_see(reader, challenge):
        return challenge
    if challenge.published_at is None:
        raise NotFound
    raise Gone.since(challenge.state, challenge.state_reason)


def challenge_previewed(token: str) -> Challenge:
    """The challenge of a preview link; whoever has the link may read it until it is public, then it has its own page.

    Raises:
        NotFound: no such link, or it was ended.
    """
    found = select(Challenge).where(Challenge.preview_token == token)
    challenge = db.session.scalars(found.options(*_page())).first() if token else None
    if challenge is None or (challenge.published_at is None and challenge.state not in UNBORN):
        raise NotFound(_("Dieser Link gilt nicht mehr. Fragen Sie, wer ihn Ihnen geschickt hat."))
    return challenge


def id_previewed(token: str) -> int | None:
    """What a preview link shows now; None as soon as it is public, or was refused."""
    waits = Challenge.published_at.is_(None) & Challenge.state.in_(UNBORN)
    return db.session.scalar(select(Challenge.id).where(Challenge.preview_token == token, waits))


def challenges_for(reader: Actor, challenge_ids: Collection[int]) -> Sequence[Challenge]:
    """Several challenges, those the reader may see."""
    found = select(Challenge).where(Challenge.id.in_(challenge_ids), _visible(reader)).options(*_card())
    return db.session.scalars(found).all()


def challenge_headings(reader: Actor, ids: Any) -> Any:
    """What lines say of several, those the reader may see."""
    return select(Challenge.id, Challenge.title, Challenge.slug).where(Challenge.id.in_(ids), _visible(reader))


def list_challenges(chosen: ChallengeFilter, after: str | None = None, size: int = PAGE) -> Page[Challenge]:
    """Public challenges, newest first."""
    statement = _chosen(chosen)
    page = page_of(statement.options(*_card()), (Challenge.published_at, Challenge.id), after=after, size=size)
    return counted(page, statement)


def open_challenges(size: int | None = None) -> Sequence[Challenge]:
    """Challenges that take ideas now; those that end first stand first."""
    return db.session.scalars(_taking_ideas(size), {"now": clock.now()}).all()


@cache
def _taking_ideas(size: int | None) -> Select[Challenge]:
    now = bindparam("now", type_=Challenge.ends_at.type)
    any_phase = select(ChallengePhase.id).where(ChallengePhase.challenge_id == Challenge.id)
    takes = ChallengePhase.acts_mask.op("&")(PHASE_ACTS[Act.SUBMIT]) != 0
    has_begun = or_(
        ChallengePhase.starts_at <= now, and_(ChallengePhase.starts_at.is_(None), ChallengePhase.by_hand.is_(False))
    )
    still_runs = or_(ChallengePhase.ends_at.is_(None), ChallengePhase.ends_at > now)
    collecting = any_phase.where(takes, has_begun, still_runs)
    statement = _public("open", now).where(or_(~any_phase.exists(), collecting.exists()))
    order = (Challenge.ends_at.is_(None), Challenge.ends_at, Challenge.id)
    if size:  # few are chosen first; PostgreSQL put together what stands beside all of them
        first = statement.with_only_columns(Challenge.id).order_by(*order).limit(size)
        statement = select(Challenge).where(Challenge.id.in_(first))
    return statement.order_by(*order).options(*_card())


def twin_of(actor: Actor, title: str, problem: str) -> Challenge | None:
    """What the person described within ten minutes in the same words; locks their row (PostgreSQL)."""
    if not actor.id:
        return None
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(Challenge).where(Challenge.author_id == actor.id, Challenge.title == title)
    same = same.where(Challenge.problem == problem, Challenge.state != ChallengeState.DELETED.value)
    return db.session.scalars(same.where(Challenge.created_at > clock.now() - TWINS).limit(1)).first()


def challenge_named(text: str) -> Challenge | None:
    """A challenge by its id or slug, whatever its state; for operators' commands."""
    by_id = Challenge.id == int(text) if text.isdigit() and len(text) < 19 else Challenge.slug == text
    return db.session.scalars(select(Challenge).where(by_id).order_by(Challenge.id).limit(1)).first()


def challenges_by(author_id: int) -> Sequence[Challenge]:
    """What a person posted, newest first, whatever its state but for drafts thrown away."""
    own = select(Challenge).where(Challenge.author_id == author_id, Challenge.state != ChallengeState.DELETED.value)
    return db.session.scalars(own.order_by(Challenge.id.desc()).limit(100).options(joinedload(Challenge.topic))).all()


def drafts_of(organisation_id: int) -> Sequence[Challenge]:
    """What is being prepared as an organisation or with it as co-host, newest first; for its people."""
    hosted = select(ChallengeHost.challenge_id).where(
        ChallengeHost.organisation_id == organisation_id, ChallengeHost.state == HostState.ACCEPTED.value
    )
    own = or_(Challenge.organisation_id == organisation_id, Challenge.id.in_(hosted))
    found = select(Challenge).where(own, Challenge.state.in_(UNBORN)).order_by(Challenge.id.desc())
    return db.session.scalars(found.limit(50).options(joinedload(Challenge.topic))).all()


def challenges_as(organisation_id: int, size: int) -> Sequence[Challenge]:
    """What was posted as an organisation and is public, newest first."""
    own = _chosen(ChallengeFilter()).where(Challenge.organisation_id == organisation_id).options(*_card())
    return db.session.scalars(own.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(size)).all()


def _chosen(chosen: ChallengeFilter) -> Select[Challenge]:
    statement = _public(chosen.standing, clock.now())
    if chosen.topic_id:
        further = select(ChallengeTopic.challenge_id).where(ChallengeTopic.topic_id == chosen.topic_id)
        statement = statement.where(or_(Challenge.topic_id == chosen.topic_id, Challenge.id.in_(further)))
    if chosen.place_id:
        within = places_within(chosen.place_id)
        further = select(ChallengePlace.challenge_id).where(ChallengePlace.place_id.in_(within))
        statement = statement.where(or_(Challenge.place_id.in_(within), Challenge.id.in_(further)))
    if chosen.words:
        statement = statement.where(Challenge.id.in_(Search(chosen.words).all_ids("challenge")))
    return statement


def _public(standing: str, now: Any) -> Select[Challenge]:
    return select(Challenge).where(Challenge.state == ChallengeState.PUBLISHED.value, _standing(standing, now))


def _standing(standing: str, now: Any) -> ColumnElement[bool]:
    """Where a challenge stands by the clock, whether or not a job has noted it yet."""
    over = and_(Challenge.ends_at.is_not(None), Challenge.ends_at <= now)
    if standing == "open":
        return and_(Challenge.status == ChallengeStatus.OPEN.value, ~over)
    if standing == "closed":
        is_open = Challenge.status == ChallengeStatus.OPEN.value
        return or_(Challenge.status == ChallengeStatus.CLOSED.value, and_(is_open, over))
    if standing:
        return Challenge.status == standing
    return Challenge.status != ChallengeStatus.ARCHIVED.value


@cache
def _card() -> tuple[ORMOption, ...]:
    """What a card and a page show of a challenge: one join each, pictures in a second query."""
    place = joinedload(Challenge.place).joinedload(Place.parent)
    organisation = joinedload(Challenge.organisation).lazyload(Organisation.pictures)
    pictures = selectinload(Challenge.pictures)
    return joinedload(Challenge.topic), place, joinedload(Challenge.author), organisation, pictures


@cache
def _page() -> tuple[ORMOption, ...]:
    """What the page of a challenge shows beyond its card, each in a query of its own."""
    further = (Challenge.more_topics, Challenge.more_places, Challenge.links, Challenge.hosts)
    return (*_card(), *(selectinload(many) for many in further))


def _visible(reader: Actor) -> ColumnElement[bool]:
    if is_staff(reader):
        return Challenge.state != ChallengeState.DELETED.value
    public = Challenge.state == ChallengeState.PUBLISHED.value
    if not reader.id:
        return public
    mine = or_(Challenge.author_id == reader.id, Challenge.organisation_id.in_(ids_of(reader)))
    return or_(public, and_(mine, Challenge.state != ChallengeState.DELETED.value))
