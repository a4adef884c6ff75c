"""Votes that people share out among the ideas of a challenge."""

from collections.abc import Sequence

from sqlalchemy import select

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
    return _ballot(idea.challenge) if idea.challenge else None


def votes_left(actor: Actor, challenge: Challenge | None) -> int | None:
    """How many votes the person may still give in a challenge; None where they are not counted."""
    ballot = _ballot(challenge) if challenge else None
    return max(0, ballot.most - votes_given(actor, ballot)) if ballot and actor.is_signed_in else None


def voted_for(actor: Actor, challenge: Challenge) -> Sequence[Idea]:
    """The ideas of a challenge a person has given votes to that count, those they voted for last first."""
    ballot = _ballot(challenge)
    if ballot is None or not actor.id:
        return []
    mine = select(Support.subject_id).where(Support.person_id == actor.id, Support.subject_id.in_(ballot.of))
    ids = db.session.scalars(mine.order_by(Support.id.desc())).all()
    return sorted(ideas_for(actor, ids), key=lambda idea: ids.index(idea.id))


def _ballot(challenge: Challenge) -> Ballot | None:
    if challenge.voting_method != VotingMethod.VOTES:
        return None
    public = (Idea.challenge_id == challenge.id) & (Idea.state == IdeaState.PUBLISHED.value)
    return Ballot(select(Idea.id).where(public), challenge.votes_each)
