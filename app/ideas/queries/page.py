"""All the page of an idea shows of it, as plain rows of one statement. Its names are those of an idea."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import accumulate, chain, pairwise
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.accounts.models import User, shown_name
from app.attachments.models import Picture
from app.attachments.queries import first_picture
from app.challenges.models import Challenge, ChallengeHost, ChallengePhase, Span, Timed
from app.ideas.models import Coauthor, Idea, IdeaOrigin
from app.ideas.models.opening import Whole
from app.ideas.queries.beside import IDEA_ID, Beside, beside_of, parts_beside
from app.ideas.queries.reading import as_seen
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.fetching import Together
from app.organisations.models import SPEAKER, Organisation, Speaker
from app.places.models import Labelled, Place
from app.subjects.queries import family_parts
from app.topics.models import Named, Topic


@dataclass(slots=True)
class PhaseOfPage(Span):
    """A phase of the challenge."""

    kind: str
    name: str
    by_hand: bool
    starts_at: datetime | None
    ends_at: datetime | None
    acts_mask: int


@dataclass(slots=True)
class ChallengeOfPage(Timed):
    """The challenge an idea answers. `votes_given`: by the reader, where votes are counted; None for guests."""

    id: int
    title: str
    slug: str
    summary: str
    state: str
    status: str
    published_at: datetime | None
    voting_method: str
    votes_each: int
    ends_at: datetime | None
    author_id: int | None
    organisation_id: int | None
    contact_name: str
    contact_role: str
    contact_email: str
    phases: list[PhaseOfPage] = field(default_factory=list)
    votes_given: int | None = None

    kind = "challenge"

    @property
    def hosts(self) -> Sequence[ChallengeHost]:
        """Who was asked to host it; only where it is not public is anybody's right a matter of that."""
        own = select(ChallengeHost).where(ChallengeHost.challenge_id == self.id)
        return db.session.scalars(own.order_by(ChallengeHost.id)).all()


@dataclass(frozen=True, slots=True)
class PersonOfPage:
    """Somebody who wrote the idea."""

    own_name: str
    handle: str
    deleted_at: datetime | None
    trusted: bool = False

    @property
    def name(self) -> str:
        return shown_name(self.own_name, self.deleted_at)


@dataclass(frozen=True, slots=True)
class CoauthorOfPage:
    """Somebody who writes it along."""

    person_id: int
    person: PersonOfPage


@dataclass(frozen=True, slots=True)
class TopicOfPage(Named):
    """Its field of action."""

    key: str
    own_name: str
    hue: int


@dataclass(frozen=True, slots=True)
class PlaceOfPage(Labelled):
    """Where it is."""

    name: str
    kind: str
    parent: Any


@dataclass(slots=True)
class PageOfIdea(Whole):
    """An idea as its page shows it.

    `beside`: small things of other tables; `kinds`: of what it came from and what came of it, by id; `steps`: what
    was recorded of all of these and of its challenge.
    """

    id: int
    title: str
    slug: str
    summary: str
    problem: str
    solution: str
    benefit: str
    easy_text: str
    state: str
    state_reason: str
    status: str
    stage: str
    needs: int
    challenge_id: int | None
    organisation_id: int | None
    author_id: int | None
    author_name: str
    lat: float | None
    lon: float | None
    supporters_count: int
    comments_count: int
    submitted_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    withdrawn_at: datetime | None
    challenge: ChallengeOfPage | None
    topic: TopicOfPage | None
    place: PlaceOfPage | None
    author: PersonOfPage | None
    organisation: Speaker | None
    origin: Any
    pictures: list[Any]
    coauthors: list[CoauthorOfPage]
    beside: Beside
    kinds: dict[int, str]
    steps: list[Any]

    kind = "idea"


def page_of(reader: Actor, idea_id: int) -> PageOfIdea:
    """An idea with all its page shows, as this reader may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden or withdrawn since.
    """
    statement = _together(for_member=bool(reader.id), for_staff=is_staff(reader))
    if reader.id:
        if len(_seen_as_staff) >= MOST_SEEN:
            _seen_as_staff.clear()
        _seen_as_staff[reader.id] = is_staff(reader)
    found = statement.lists({"idea_id": idea_id, "reader_id": reader.id or -1})
    return as_seen(reader, _idea(statement, found) if found["idea"] else None)


def foresee_page(idea_id: int, reader_id: int) -> None:
    """Tell that this will be asked, for a member who came before; if they may see other things now, it is left."""
    if (for_staff := _seen_as_staff.get(reader_id)) is not None:
        _together(for_member=True, for_staff=for_staff).foresee({"idea_id": idea_id, "reader_id": reader_id})


MOST_SEEN = 5000
_seen_as_staff: dict[int, bool] = {}
_Parent = aliased(Place)
_OF_IDEA = tuple(PageOfIdea.__dataclass_fields__)[:25]
_OF_CHALLENGE = tuple(ChallengeOfPage.__dataclass_fields__)[:15]
_OF_PHASE = tuple(PhaseOfPage.__dataclass_fields__)
_OF_ORIGIN = ("system", "url", "supports", "imported_at")
_OF_PICTURE = ("id", "subject_id", "widths", "formats", "width", "height", "alt", "is_decorative")
_COLUMNS: tuple[tuple[Any, ...], ...] = (
    tuple(getattr(Idea, name) for name in _OF_IDEA),
    tuple(getattr(Challenge, name) for name in _OF_CHALLENGE),
    (Topic.key, Topic.own_name, Topic.hue),
    (Place.name, Place.kind, _Parent.name),
    (User.own_name, User.handle, User.deleted_at, User.trusted),
    SPEAKER,
    tuple(getattr(IdeaOrigin, name) for name in _OF_ORIGIN),
)
_ENDS = tuple(accumulate(map(len, _COLUMNS)))


@cache
def _together(*, for_member: bool, for_staff: bool) -> Together:
    own = {"idea": _idea_sql(), "phases": _phases(), "pictures": _pictures(), "coauthors": _coauthors()}
    beside = parts_beside(for_member=for_member, for_staff=for_staff)
    about = (select(column).where(Idea.id == IDEA_ID) for column in (Idea.id, Idea.challenge_id))
    return Together(own | beside | family_parts(IDEA_ID, *about))


def _idea_sql() -> Select[Any]:
    columns = [column.label(f"c{number}") for number, column in enumerate(chain(*_COLUMNS))]
    return (
        select(*columns)
        .select_from(Idea)
        .outerjoin(Challenge, Challenge.id == Idea.challenge_id)
        .outerjoin(Topic, Topic.id == Idea.topic_id)
        .outerjoin(Place, Place.id == Idea.place_id)
        .outerjoin(_Parent, _Parent.id == Place.parent_id)
        .outerjoin(User, User.id == Idea.author_id)
        .outerjoin(Organisation, Organisation.id == Idea.organisation_id)
        .outerjoin(Picture, Picture.id == first_picture(Organisation.id))
        .outerjoin(IdeaOrigin, IdeaOrigin.idea_id == Idea.id)
        .where(Idea.id == IDEA_ID)
    )


def _phases() -> Select[Any]:
    of = select(*(getattr(ChallengePhase, name) for name in _OF_PHASE))
    own = of.join(Idea, Idea.challenge_id == ChallengePhase.challenge_id).where(Idea.id == IDEA_ID)
    return own.order_by(ChallengePhase.position, ChallengePhase.id)


def _pictures() -> Select[Any]:
    own = select(*(getattr(Picture, name) for name in _OF_PICTURE)).where(Picture.subject_id == IDEA_ID)
    return own.order_by(Picture.position, Picture.id)


def _coauthors() -> Any:
    who = select(Coauthor.person_id, User.own_name, User.handle, User.deleted_at)
    return who.join(User, User.id == Coauthor.person_id).where(Coauthor.idea_id == IDEA_ID).order_by(Coauthor.id)


def _idea(statement: Together, found: dict[str, list[list[Any]]]) -> PageOfIdea:
    [row] = found["idea"]
    parts: Any = [row[start:end] for start, end in pairwise((0, *_ENDS))]
    idea, challenge, topic, place, author, speaker, origin = parts
    beside = beside_of(statement, found)
    return PageOfIdea(
        **dict(zip(_OF_IDEA, idea, strict=True)),
        challenge=_challenge(challenge, found["phases"], beside) if challenge[0] is not None else None,
        topic=TopicOfPage(*topic) if topic[0] is not None else None,
        place=_place(*place),
        author=PersonOfPage(*author) if author[0] is not None else None,
        organisation=Speaker.of(speaker),
        origin=SimpleNamespace(**dict(zip(_OF_ORIGIN, origin, strict=True))) if origin[0] is not None else None,
        pictures=[SimpleNamespace(**dict(zip(_OF_PICTURE, one, strict=True))) for one in found["pictures"]],
        coauthors=[CoauthorOfPage(one[0], PersonOfPage(*one[1:])) for one in found["coauthors"]],
        beside=beside,
        kinds={one[0]: one[1] for one in found["family"]},
        steps=statement.named("steps", found["steps"]),
    )


def _place(name: str | None, kind: str, parent: str | None) -> PlaceOfPage | None:
    return PlaceOfPage(name, kind, SimpleNamespace(name=parent) if parent else None) if name is not None else None


def _challenge(row: list[Any], phases: list[list[Any]], beside: Beside) -> ChallengeOfPage:
    return ChallengeOfPage(*[*row, [PhaseOfPage(*one) for one in phases], beside.votes_given])
