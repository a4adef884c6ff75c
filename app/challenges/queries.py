"""Challenges as a reader may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.challenges import policy
from app.challenges.models import Challenge, ChallengeState
from app.kit import clock, textindex
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.paging import Page, page_of
from app.organisations.models import Organisation
from app.organisations.queries import ids_of
from app.places.models import Place

PAGE = 12


@dataclass(frozen=True, slots=True)
class ChallengeFilter:
    """What a list of challenges shows: open, closed or all; a topic; words."""

    standing: str = ""
    topic_id: int | None = None
    words: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.standing or self.topic_id or self.words)


def challenge_for(reader: Actor, challenge_id: int) -> Challenge:
    """A challenge as this reader may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden since.
    """
    challenge = db.session.scalars(select(Challenge).where(Challenge.id == challenge_id).options(*_card())).first()
    if challenge is None or (challenge.state == ChallengeState.PENDING and not policy.can_see(reader, challenge)):
        raise NotFound
    if not policy.can_see(reader, challenge):
        raise Gone(challenge.state_reason)
    return challenge


def challenges_for(reader: Actor, challenge_ids: Collection[int]) -> Sequence[Challenge]:
    """Several challenges, those the reader may see."""
    found = select(Challenge).where(Challenge.id.in_(challenge_ids), _visible(reader)).options(*_card())
    return db.session.scalars(found).all()


def list_challenges(chosen: ChallengeFilter, after: str | None = None, size: int = PAGE) -> Page[Challenge]:
    """Public challenges, newest first."""
    statement = _chosen(chosen)
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    page = page_of(statement.options(*_card()), (Challenge.published_at, Challenge.id), after=after, size=size)
    return Page(page.items, page.after, page.is_first, total)


def open_challenges(size: int | None = None) -> Sequence[Challenge]:
    """Challenges that take ideas now; those that end first stand first."""
    statement = _chosen(ChallengeFilter(standing="open")).order_by(
        Challenge.ends_at.is_(None), Challenge.ends_at, Challenge.id
    )
    return db.session.scalars((statement.limit(size) if size else statement).options(*_card())).all()


def challenge_named(text: str) -> Challenge | None:
    """A challenge by its id or slug, whatever its state; for operators' commands."""
    by_id = Challenge.id == int(text) if text.isdigit() and len(text) < 19 else Challenge.slug == text
    return db.session.scalars(select(Challenge).where(by_id).order_by(Challenge.id).limit(1)).first()


def challenges_by(author_id: int) -> Sequence[Challenge]:
    """What a person posted, newest first, whatever its state."""
    own = select(Challenge).where(Challenge.author_id == author_id).order_by(Challenge.id.desc())
    return db.session.scalars(own.limit(100)).all()


def challenges_as(organisation_id: int, size: int) -> Sequence[Challenge]:
    """What was posted as an organisation and is public, newest first."""
    own = _chosen(ChallengeFilter()).where(Challenge.organisation_id == organisation_id).options(*_card())
    return db.session.scalars(own.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(size)).all()


def _chosen(chosen: ChallengeFilter) -> Select[Challenge]:
    statement = select(Challenge).where(Challenge.state == ChallengeState.PUBLISHED.value)
    now = clock.now()
    if chosen.standing == "open":
        statement = statement.where(or_(Challenge.ends_at.is_(None), Challenge.ends_at > now))
    elif chosen.standing == "closed":
        statement = statement.where(Challenge.ends_at <= now)
    if chosen.topic_id:
        statement = statement.where(Challenge.topic_id == chosen.topic_id)
    if chosen.words:
        statement = statement.where(Challenge.id.in_(textindex.Search(chosen.words).all_ids("challenge")))
    return statement


def _card() -> tuple[ORMOption, ...]:
    """What a card and a page show of a challenge, joined."""
    place = joinedload(Challenge.place).joinedload(Place.parent)
    organisation = joinedload(Challenge.organisation).lazyload(Organisation.pictures)
    return joinedload(Challenge.topic), place, joinedload(Challenge.author), organisation


def _visible(reader: Actor) -> ColumnElement[bool]:
    if is_staff(reader):
        return Challenge.id.is_not(None)
    public = Challenge.state == ChallengeState.PUBLISHED.value
    if not reader.id:
        return public
    return or_(public, Challenge.author_id == reader.id, Challenge.organisation_id.in_(ids_of(reader)))
