"""Cards of public ideas: what a list shows of each, in one statement and without loading anything else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, chain, pairwise
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, case, exists, false, null, select

from app.accounts.models import User, shown_name
from app.attachments.models import Picture
from app.challenges.models import PHASE_ACTS, Challenge, ChallengePhase, OpensActs, Span, VotingMethod
from app.ideas.models import Idea, IdeaState
from app.ideas.models.opening import Open
from app.ideas.queries.ballots import votes_sql
from app.ideas.queries.ranges import Number
from app.kit.actor import GUEST, Actor
from app.kit.db import db
from app.kit.prepared import Prepared
from app.organisations.models import Organisation, Shown, SpokenFor
from app.places.models import Place
from app.subjects.acts import Act
from app.topics.models import Topic
from app.voting.models import Support


@dataclass(slots=True)
class PhaseOfCard(Span):
    """A phase of a challenge: what decides which acts are open, and until when."""

    by_hand: bool
    starts_at: datetime | None
    ends_at: datetime | None
    acts_mask: int


@dataclass(slots=True)
class ChallengeOfCard(OpensActs):
    """The challenge an idea answers, with the phases that bear on supporting it: of other acts it knows nothing.

    `votes_given`: by the reader, where votes are counted; None for guests.
    """

    id: int
    title: str
    slug: str
    state: str
    status: str
    ends_at: datetime | None
    voting_method: str
    votes_each: int
    votes_given: int | None = None
    phases: list[PhaseOfCard] = field(default_factory=list)

    kind = "challenge"


@dataclass(slots=True)
class VoiceOfCard(Shown):
    """The organisation an idea was submitted as."""

    name: str
    state: str
    verified_at: datetime | None


@dataclass(slots=True)
class NamedOfCard:
    """A person or a place."""

    name: str


@dataclass(slots=True)
class TopicOfCard:
    """The topic, for its colour."""

    hue: int


@dataclass(slots=True)
class PictureOfCard:
    """The first picture of an idea."""

    id: int
    widths: list[int]
    formats: list[str]
    width: int
    height: int
    alt: str


@dataclass(slots=True)
class Card(Open, SpokenFor):
    """An idea as lists show it; `supported`: by the reader. Its names are those of an idea."""

    id: int
    title: str
    slug: str
    summary: str
    state: str
    status: str
    challenge_id: int | None
    organisation_id: int | None
    author_name: str
    supporters_count: int
    comments_count: int
    published_at: datetime
    changed_at: datetime
    supported: bool
    challenge: ChallengeOfCard | None
    topic: TopicOfCard | None
    place: NamedOfCard | None
    author: NamedOfCard | None
    organisation: VoiceOfCard | None
    pictures: list[PictureOfCard]

    kind = "idea"


def cards(
    idea_ids: Collection[int], *, reader: Actor = GUEST, number: Number | None = None
) -> tuple[list[Card], int | None]:
    """The public ones of these ideas, in this order; and what `number` says."""
    if not idea_ids:
        return [], db.session.scalar(select(number.column()).params(number.values)) if number else None
    values: dict[str, Any] = {"idea_ids": list(idea_ids)} | ({"reader_id": reader.id} if reader.id else {})
    values |= number.values if number else {}
    by_id: dict[int, Card] = {}
    total = None
    for row in _cards.rows(values, bool(reader.id), number):
        total = row.number
        card = by_id.get(row.id)
        if card is None:
            card = by_id[row.id] = _card(row)
        if card.challenge is None:
            continue
        card.challenge.votes_given = row.votes
        if row.phase_acts is not None:
            card.challenge.phases.append(PhaseOfCard(row.by_hand, row.starts_at, row.phase_ends_at, row.phase_acts))
    return [by_id[one] for one in idea_ids if one in by_id], total


_OF_IDEA: tuple[str, ...] = ("id", "title", "slug", "summary", "state", "status", "challenge_id", "organisation_id")
_OF_IDEA += ("author_name", "supporters_count", "comments_count", "published_at", "changed_at")
_OF_CHALLENGE = ("id", "title", "slug", "state", "status", "ends_at", "voting_method", "votes_each")
_OF_PICTURE = ("id", "widths", "formats", "width", "height", "alt")
_COLUMNS: tuple[tuple[Any, ...], ...] = (
    tuple(getattr(Idea, name) for name in _OF_IDEA),
    tuple(getattr(Challenge, name) for name in _OF_CHALLENGE),
    (Organisation.name, Organisation.state, Organisation.verified_at),
    tuple(getattr(Picture, name) for name in _OF_PICTURE),
    (Topic.hue, Place.name, User.own_name, User.deleted_at),
)
_PARTS = [slice(*ends) for ends in pairwise((0, *accumulate(map(len, _COLUMNS))))]
_PHASE = (
    ChallengePhase.by_hand,
    ChallengePhase.starts_at,
    ChallengePhase.ends_at.label("phase_ends_at"),
    ChallengePhase.acts_mask.label("phase_acts"),
)


def _statement(for_member: bool, number: Number | None = None) -> Select[Any]:
    """A row for each idea, and one more for each further phase of its challenge in which ideas are supported."""
    reader_id = bindparam("reader_id", type_=BigInteger)
    mine = (Support.subject_id == Idea.id) & (Support.person_id == reader_id)
    supported = exists().where(mine) if for_member else false()
    counted = Challenge.voting_method == VotingMethod.VOTES.value
    votes = case((counted, votes_sql(reader_id, Challenge.id))) if for_member else null()
    names_support = ChallengePhase.acts_mask.bitwise_and(PHASE_ACTS[Act.SUPPORT]) != 0
    return (
        select(
            *chain(*_COLUMNS),
            *_PHASE,
            supported.label("supported"),
            votes.label("votes"),
            (number.column() if number else null()).label("number"),
        )
        .select_from(Idea)
        .outerjoin(Challenge, Challenge.id == Idea.challenge_id)
        .outerjoin(ChallengePhase, (ChallengePhase.challenge_id == Challenge.id) & names_support)
        .outerjoin(Organisation, Organisation.id == Idea.organisation_id)
        .outerjoin(Picture, Picture.id == _first_picture())
        .outerjoin(Topic, Topic.id == Idea.topic_id)
        .outerjoin(Place, Place.id == Idea.place_id)
        .outerjoin(User, User.id == Idea.author_id)
        .where(Idea.state == IdeaState.PUBLISHED.value, Idea.id.in_(bindparam("idea_ids", expanding=True)))
    )


_cards = Prepared(_statement)


def _first_picture() -> Any:
    own = select(Picture.id).where(Picture.subject_id == Idea.id).order_by(Picture.position, Picture.id)
    return own.limit(1).correlate(Idea).scalar_subquery()


def _card(row: Any) -> Card:
    """The columns of an idea come first, in the order a card takes them."""
    own, challenge, voice, picture, (hue, place, author, deleted_at) = (row[part] for part in _PARTS)
    beside: Sequence[Any] = (
        ChallengeOfCard(*challenge) if challenge[0] is not None else None,
        TopicOfCard(hue) if hue is not None else None,
        NamedOfCard(place) if place is not None else None,
        NamedOfCard(shown_name(author, deleted_at)) if author is not None else None,
        VoiceOfCard(*voice) if voice[1] else None,
        [PictureOfCard(*picture)] if picture[0] is not None else [],
    )
    return Card(*(*own, bool(row.supported), *beside))
