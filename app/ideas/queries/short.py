"""An idea in short: what the rules about acts ask of it, as plain rows; for supporting, commenting, following."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from app.challenges.models import Challenge, ChallengePhase, OpensActs
from app.challenges.queries import hold as hold_challenge
from app.ideas.models import Idea, IdeaState
from app.ideas.models.opening import Open
from app.ideas.queries.cards import PhaseOfCard
from app.ideas.queries.reading import idea_for
from app.kit.actor import Actor
from app.kit.db import is_sqlite, is_writing
from app.kit.prepared import Prepared
from app.subjects.models import Subject


@dataclass(slots=True)
class ChallengeInShort(OpensActs):
    """The challenge an idea answers."""

    id: int
    state: str
    status: str
    ends_at: datetime | None
    voting_method: str
    votes_each: int
    phases: list[PhaseOfCard] = field(default_factory=list)

    kind = "challenge"


@dataclass(slots=True)
class IdeaInShort(Open):
    """A public idea; its names are those of an idea.

    `is_held`: it was read in the writing transaction, until whose end all of this stays so.
    """

    id: int
    title: str
    slug: str
    state: str
    status: str
    author_id: int | None
    challenge_id: int | None
    supporters_count: int
    root_id: int
    challenge: ChallengeInShort | None = None
    is_held: bool = False

    kind = "idea"


def idea_in_short(reader: Actor, idea_id: int) -> IdeaInShort | Idea:
    """An idea as this reader may see it; one that is not public with all its page shows.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden or withdrawn since.
    """
    return public_idea_in_short(idea_id) or idea_for(reader, idea_id)


def foresee_idea_in_short(idea_id: int) -> None:
    """Tell that `idea_in_short` will be asked in this transaction, on PostgreSQL locked."""
    if not is_sqlite():
        _lock.ahead({"of": idea_id})
        _in_short.foresee({"of": idea_id}, True)


def public_idea_in_short(idea_id: int) -> IdeaInShort | None:
    """An idea as everybody may see it, if there is one."""
    of, locks = {"of": idea_id}, is_writing() and not is_sqlite()
    # First locked: what is joined to a row that had to be waited for is as old as the question.
    if locks and not _in_short.is_foreseen(of, locks):
        _lock.ahead(of)
    rows = _in_short.rows(of, locks)
    if not rows:
        return None
    first = rows[0]
    of_idea, of_challenge = first[1:_END_OF_IDEA], first[_END_OF_IDEA:_END_OF_CHALLENGE]
    challenge = ChallengeInShort(*of_challenge) if of_challenge[0] is not None else None
    if challenge is not None:
        phases = (row[_END_OF_CHALLENGE:] for row in rows)
        challenge.phases = [PhaseOfCard(*phase) for phase in phases if phase[-1] is not None]
    values = dict(zip(_OF_IDEA, of_idea, strict=True))
    return IdeaInShort(**values, root_id=first[0] or idea_id, challenge=challenge, is_held=is_writing())


def hold(idea: IdeaInShort | Idea) -> None:
    """Read anew what the acts on an idea rest on, and keep it so until the transaction ends (PostgreSQL)."""
    if not isinstance(idea, IdeaInShort):
        hold_challenge(idea.challenge_id)
    elif not idea.is_held:
        now = public_idea_in_short(idea.id)
        if now is None:  # hidden or withdrawn meanwhile
            idea.state = IdeaState.HIDDEN.value
            return
        for part in fields(IdeaInShort):
            setattr(idea, part.name, getattr(now, part.name))


_OF_IDEA = ("id", "title", "slug", "state", "status", "author_id", "challenge_id", "supporters_count")
_OF_CHALLENGE = ("id", "state", "status", "ends_at", "voting_method", "votes_each")
_OF_PHASE = ("by_hand", "starts_at", "ends_at", "acts_mask")
_IDEA = [getattr(Idea, name) for name in _OF_IDEA]
_CHALLENGE = [getattr(Challenge, name) for name in _OF_CHALLENGE]
_PHASE = [getattr(ChallengePhase, name) for name in _OF_PHASE]
_END_OF_IDEA, _END_OF_CHALLENGE = 1 + len(_IDEA), 1 + len(_IDEA) + len(_CHALLENGE)


def _statement(locks: bool) -> Any:
    """A row, and one more for each further phase of its challenge."""
    found = (
        select(Subject.merged_into_id, *_IDEA, *_CHALLENGE, *_PHASE)
        .join_from(Idea, Subject, Subject.id == Idea.id)
        .outerjoin(Challenge, Challenge.id == Idea.challenge_id)
        .outerjoin(ChallengePhase, ChallengePhase.challenge_id == Challenge.id)
        .where(Idea.id == bindparam("of", type_=BigInteger), Idea.state == IdeaState.PUBLISHED.value)
    )
    return found.with_for_update(read=True, of=Subject) if locks else found


def _locking() -> Any:
    """As `challenges.queries.hold`: others may count their ideas meanwhile, whoever turns phases waits."""
    answered = select(Idea.challenge_id).where(Idea.id == bindparam("of", type_=BigInteger)).scalar_subquery()
    return select(Challenge.id).where(Challenge.id == answered).with_for_update(read=True, key_share=True)


_in_short, _lock = Prepared(_statement), Prepared(_locking)
