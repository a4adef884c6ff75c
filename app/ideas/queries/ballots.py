"""Votes that people share out among the ideas of a challenge."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from app.challenges.models import Challenge, VotingMethod
from app.ideas.models import Idea, IdeaState
from app.ideas.queries.reading import ideas_for
from app.kit.actor import Actor
from app.kit.db import db
from app.subjects.registry import Ballot
from app.voting.models import Support
from app.voting.queries import votes_given


def ballot_of(idea: Idea) -> Ballot | None:
    """The votes an idea shares with the others of its challenge; None where people support as many as they like.

    A vote counts while its idea is public: whose idea was withdrawn or hidden may be given to another.
    """
    return _ballot(idea.challenge) if counts_votes(idea.challenge) else None


def votes_left(actor: Actor, challenge: Any) -> int | None:
    """How many votes the person may still give in a challenge; None where they are not counted.

    Args:
        challenge: a challenge, or what a card knows of one with the votes its reader has given.
    """
    if not counts_votes(challenge) or not actor.is_signed_in:
        return None
    given = getattr(challenge, "votes_given", None)
    return max(0, int(challenge.votes_each) - (votes_given(actor, _ballot(challenge)) if given is None else given))


def counts_votes(challenge: Any) -> bool:
    """Whether each person has a number of votes in a challenge; none: an idea without one."""
    return challenge is not None and challenge.voting_method == VotingMethod.VOTES


def voted_for(actor: Actor, challenge: Challenge) -> Sequence[Idea]:
    """The ideas of a challenge a person has given votes to that count, those they voted for last first."""
    if not counts_votes(challenge) or not actor.id:
        return []
    of = _ballot(challenge).of
    mine = select(Support.subject_id).where(Support.person_id == actor.id, Support.subject_id.in_(of))
    ids = db.session.scalars(mine.order_by(Support.id.desc())).all()
    return sorted(ideas_for(actor, ids), key=lambda idea: ids.index(idea.id))


def votes_sql(reader_id: Any, challenge_id: Any) -> Any:
    """How many votes the reader has given in a challenge, as a column."""
    other = aliased(Idea)
    given = select(func.count()).select_from(Support).join(other, other.id == Support.subject_id)
    return (
        given.where(Support.person_id == reader_id, counts_in(other, challenge_id))
        .correlate(Challenge)
        .scalar_subquery()
    )


def counts_in(idea: Any, challenge_id: Any) -> ColumnElement[bool]:
    """Whether votes for an idea are among those of a challenge."""
    return and_(idea.challenge_id == challenge_id, idea.state == IdeaState.PUBLISHED.value)


def _ballot(challenge: Any) -> Ballot:
    return Ballot(select(Idea.id).where(counts_in(Idea, challenge.id)), challenge.votes_each)
