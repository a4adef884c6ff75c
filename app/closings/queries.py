"""Reading closings: the draft, the ideas still open, what was said of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.challenges.models import Challenge
from app.closings.models import Closing, Outcome, OutcomeKind
from app.ideas.models import Idea, IdeaState, IdeaStatus
from app.kit.db import db
from app.kit.paging import Page, page_of
from app.organisations.models import Organisation

PAGE = 30
ON_CHALLENGE_PAGE = 6
OPEN = "open"
# What the status of an idea already says about its outcome.
SUGGESTED = {
    IdeaStatus.PROJECT: OutcomeKind.PROJECT,
    IdeaStatus.REALISED: OutcomeKind.PROJECT,
    IdeaStatus.SHORTLISTED: OutcomeKind.SHORTLISTED,
    IdeaStatus.NOT_PURSUED: OutcomeKind.NOT_PURSUED,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The ideas with one outcome: how many, and the first of them with their reasons."""

    kind: OutcomeKind
    count: int
    outcomes: Sequence[Outcome]


def closing_of(challenge_id: int) -> Closing | None:
    """The closing statement of a challenge, draft or public."""
    return db.session.get(Closing, challenge_id)


def ideas_to_conclude(challenge_id: int, show: str, after: str | None = None, size: int = PAGE) -> Page[Idea]:
    """The public ideas of a challenge, oldest first: all (""), without an outcome ("open"), or with this one."""
    statement = select(Idea).where(_public(challenge_id)).outerjoin(Outcome, Outcome.idea_id == Idea.id)
    if show == OPEN:
        statement = statement.where(Outcome.idea_id.is_(None))
    elif show:
        statement = statement.where(Outcome.kind == show)
    return page_of(statement.options(*_light()), (Idea.id,), after=after, size=size, down=False)


def ideas_among(challenge_id: int, idea_ids: Collection[int]) -> dict[int, Idea]:
    """Those of these ideas that are public and belong to the challenge, by id."""
    found = select(Idea).where(_public(challenge_id), Idea.id.in_(idea_ids)).options(*_light())
    return {idea.id: idea for idea in db.session.scalars(found)}


def open_ideas(challenge_id: int) -> Sequence[Idea]:
    """The public ideas nobody has said anything about."""
    said = select(Outcome.idea_id).where(Outcome.challenge_id == challenge_id)
    missing = select(Idea).where(_public(challenge_id), Idea.id.not_in(said)).options(*_light())
    return db.session.scalars(missing.order_by(Idea.id)).all()


def outcomes_among(idea_ids: Collection[int]) -> dict[int, Outcome]:
    """What was said of these ideas, by the idea."""
    found = select(Outcome).where(Outcome.idea_id.in_(idea_ids))
    return {outcome.idea_id: outcome for outcome in db.session.scalars(found)}


def untold(challenge_id: int) -> Sequence[Outcome]:
    """What was decided and not made public yet, about ideas that are."""
    waiting = select(Outcome).join(Idea).where(_public(challenge_id), Outcome.told_at.is_(None))
    return db.session.scalars(waiting.options(joinedload(Outcome.idea)).order_by(Outcome.idea_id)).all()


def counts(challenge_id: int) -> Mapping[str, int]:
    """How many public ideas have each outcome; "open": none; "": all."""
    kind = func.coalesce(Outcome.kind, OPEN)
    rows = select(kind, func.count(Idea.id)).outerjoin(Outcome, Outcome.idea_id == Idea.id)
    counted = db.session.execute(rows.where(_public(challenge_id)).group_by(kind))
    found: dict[str, int] = {row[0]: row[1] for row in counted}
    return found | {"": sum(found.values())}


def told_groups(challenge_id: int, size: int = ON_CHALLENGE_PAGE) -> list[Group]:
    """What became of the ideas of an answered challenge, by outcome; the most supported first."""
    place = func.row_number().over(partition_by=Outcome.kind, order_by=(Idea.supporters_count.desc(), Idea.id))
    number = func.count().over(partition_by=Outcome.kind)
    told = select(Outcome.idea_id, number.label("number"), place.label("place")).join(Idea)
    told_rows = told.where(_public(challenge_id), Outcome.told_at.is_not(None)).subquery()
    first = select(Outcome, told_rows.c.number).join(told_rows, told_rows.c.idea_id == Outcome.idea_id)
    rows = db.session.execute(
        first.where(told_rows.c.place <= size).options(joinedload(Outcome.idea)).order_by(told_rows.c.place)
    ).all()
    groups = []
    for kind in OutcomeKind:
        mine = [row for row in rows if row.Outcome.kind == kind]
        if mine:
            groups.append(Group(kind, mine[0].number, [row.Outcome for row in mine]))
    return groups


def told_outcomes(challenge_id: int, kind: str, after: str | None = None) -> Page[Outcome]:
    """What became of every idea, in the order they were submitted; of one kind where it is named."""
    told = select(Outcome).join(Idea).where(_public(challenge_id), Outcome.told_at.is_not(None))
    told = told.where(Outcome.kind == kind) if kind else told
    return page_of(told.options(joinedload(Outcome.idea)), (Outcome.idea_id,), after=after, size=50, down=False)


def published_closing(challenge: Challenge) -> Closing | None:
    """The closing statement everybody can read."""
    closing = closing_of(challenge.id) if challenge.answered_at else None
    return closing if closing is not None and closing.published_at else None


def _public(challenge_id: int) -> ColumnElement[bool]:
    return (Idea.challenge_id == challenge_id) & (Idea.state == IdeaState.PUBLISHED.value)


def _light() -> tuple[ORMOption, ...]:
    return joinedload(Idea.author), joinedload(Idea.organisation).lazyload(Organisation.pictures)
