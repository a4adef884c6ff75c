"""Ideas as a reader may see them, each select with what its page shows."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.challenges.models import Challenge
from app.ideas import policy
from app.ideas.models import Answer, Coauthor, Idea, IdeaOrigin, IdeaState
from app.kit import clock
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.i18n import gettext as _
from app.organisations.models import Organisation
from app.organisations.queries import ids_of
from app.places.models import Place

I = TypeVar("I", bound=Any)
TWINS = timedelta(minutes=10)


def idea_for(reader: Actor, idea_id: int) -> Idea:
    """An idea with all its page shows, as this reader may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden or withdrawn since.
    """
    found = select(Idea).where(Idea.id == idea_id).options(*_page())
    return as_seen(reader, db.session.scalars(found).unique().first())


def as_seen(reader: Actor, idea: I | None) -> I:
    """An idea, or the row of one, for a reader who may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden or withdrawn since.
    """
    if idea is None:
        raise NotFound
    if policy.can_see(reader, idea):
        return idea
    if idea.published_at is None:
        raise NotFound
    reason = _why_withdrawn(idea) if idea.state == IdeaState.WITHDRAWN else idea.state_reason
    raise Gone.since(idea.state, reason)


def ideas_for(reader: Actor, idea_ids: Collection[int]) -> Sequence[Idea]:
    """Several ideas with what their cards show, those the reader may see."""
    return db.session.scalars(select(Idea).where(Idea.id.in_(idea_ids), _visible(reader)).options(*card())).all()


def idea_headings(reader: Actor, ids: Any) -> Any:
    """What lines say of several, those the reader may see."""
    return select(Idea.id, Idea.title, Idea.slug).where(Idea.id.in_(ids), _visible(reader))


def ideas_by(reader: Actor, author_id: int) -> Sequence[Idea]:
    """A person's ideas and those they write along, newest first, those the reader may see."""
    along = select(Coauthor.idea_id).where(Coauthor.person_id == author_id)
    ids = union(select(Idea.id).where(Idea.author_id == author_id), along)
    own = select(Idea).where(Idea.id.in_(ids), _visible(reader)).options(*card())
    return db.session.scalars(own.order_by(Idea.id.desc()).limit(100)).all()


@cache
def _page() -> tuple[ORMOption, ...]:
    """What a page shows of an idea, in one statement: it has few pictures, co-authors and phases."""
    return (
        *_persons_and_places(),
        joinedload(Idea.challenge).options(load_only(*_of_challenge()), joinedload(Challenge.phases)),
        joinedload(Idea.organisation).joinedload(Organisation.pictures),
        joinedload(Idea.pictures),
        joinedload(Idea.origin),
        # An outer join, although there is always a person: an inner one within an outer one reads all of them first.
        joinedload(Idea.coauthors).joinedload(Coauthor.person, innerjoin=False),
    )


@cache
def card() -> tuple[ORMOption, ...]:
    """What a row of a table or a small card shows of an idea: one join each, pictures and phases in queries of their
    own."""
    return (
        *_persons_and_places(),
        joinedload(Idea.challenge).load_only(*_of_challenge()),
        joinedload(Idea.organisation).lazyload(Organisation.pictures),
        selectinload(Idea.pictures),
    )


def _persons_and_places() -> tuple[ORMOption, ...]:
    return (joinedload(Idea.topic), joinedload(Idea.place).joinedload(Place.parent), joinedload(Idea.author))


def _of_challenge() -> tuple[Any, ...]:
    return (
        Challenge.title,
        Challenge.slug,
        Challenge.summary,
        Challenge.state,
        Challenge.status,
        Challenge.published_at,
        Challenge.voting_method,
        Challenge.votes_each,
        Challenge.ends_at,
        Challenge.author_id,
        Challenge.contact_name,
        Challenge.contact_role,
        Challenge.contact_email,
    )


def twin_of(actor: Actor, title: str, problem: str) -> Idea | None:
    """What the person submitted within ten minutes with the same words; locks their row (PostgreSQL)."""
    if not actor.id:
        return None
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(Idea).where(Idea.author_id == actor.id, Idea.title == title, Idea.problem == problem)
    return db.session.scalars(same.where(Idea.submitted_at > clock.now() - TWINS).limit(1)).first()


def same_answer(actor: Actor, idea_id: int, body: str) -> Answer | None:
    """What the person answered within ten minutes with the same words; locks their row (PostgreSQL)."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(Answer).where(Answer.idea_id == idea_id, Answer.author_id == actor.id, Answer.body == body)
    return db.session.scalars(same.where(Answer.created_at > clock.now() - TWINS).limit(1)).unique().first()


def answers_to(idea_id: int) -> Sequence[Answer]:
    """The official answers to an idea, oldest first."""
    return db.session.scalars(select(Answer).where(Answer.idea_id == idea_id).order_by(Answer.id)).unique().all()


def imported(system: str) -> dict[str, int]:
    """The ids of ideas brought along from a source, by their id there."""
    rows = db.session.execute(select(IdeaOrigin.external_id, IdeaOrigin.idea_id).where(IdeaOrigin.system == system))
    return {row.external_id: row.idea_id for row in rows}


def imported_among(system: str, external_ids: Collection[str]) -> set[str]:
    """Which of these ids of a source were brought along before."""
    known = (IdeaOrigin.system == system) & IdeaOrigin.external_id.in_(external_ids)
    return set(db.session.scalars(select(IdeaOrigin.external_id).where(known)))


def _visible(reader: Actor) -> ColumnElement[bool]:
    if is_staff(reader):
        return Idea.id.is_not(None)
    public = Idea.state == IdeaState.PUBLISHED.value
    if not reader.id:
        return public
    along = select(Coauthor.idea_id).where(Coauthor.person_id == reader.id)
    return or_(public, Idea.author_id == reader.id, Idea.organisation_id.in_(ids_of(reader)), Idea.id.in_(along))


def _why_withdrawn(idea: Idea) -> str:
    words, because = _("Wer die Idee eingereicht hat, hat sie zurückgezogen."), _("Der Grund:")
    return f"{words} {because} {idea.state_reason}" if idea.state_reason else words
