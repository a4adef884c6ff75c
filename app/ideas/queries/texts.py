"""The versions of an idea's text, as a reader may see them, and what sets two of them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.challenges.models import ChallengeQuestion
from app.ideas import policy
from app.ideas.models import Idea, IdeaVersion, QuestionAnswer
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound

TEXTS = ("title", "summary", "problem", "solution", "benefit")


@dataclass(frozen=True, slots=True)
class Text:
    """All the words of an idea at one moment, as a version keeps them."""

    title: str
    summary: str
    problem: str
    solution: str
    benefit: str
    facts: Mapping[str, str]
    answers: Mapping[str, str]


def locked(idea: Idea) -> Idea:
    """The idea as it is now; whoever else changes it waits until the transaction ends (PostgreSQL)."""
    db.session.execute(select(Idea.id).where(Idea.id == idea.id).with_for_update())
    db.session.refresh(idea)
    return idea


def text_of(idea: Idea, answers: Sequence[QuestionAnswer] | None = None) -> Text:
    """What an idea says now; `answers` to the questions of its challenge, where they are not kept yet."""
    on_map = idea.lat is not None and idea.lon is not None
    point = f"{idea.lat:.4f}° N, {idea.lon:.4f}° O".replace(".", ",") if on_map else ""
    facts = {"topic": idea.topic.name if idea.topic else "", "place": idea.place.label if idea.place else ""}
    facts |= {"point": point, "stage": idea.stage, "needs": str(idea.needs or ""), "easy_text": idea.easy_text}
    said = {answer.question.label: answer.words for answer in (answers_of(idea.id) if answers is None else answers)}
    texts = {name: getattr(idea, name) or "" for name in TEXTS}
    return Text(**texts, facts={key: word for key, word in facts.items() if word}, answers=said)


def text_in(version: IdeaVersion) -> Text:
    """What a version says."""
    return Text(**{name: getattr(version, name) for name in (*TEXTS, "facts", "answers")})


def versions_of(reader: Actor, idea: Idea) -> Sequence[IdeaVersion]:
    """The versions this reader may see, newest first: public ones; its authors and staff every one."""
    own = select(IdeaVersion).where(IdeaVersion.idea_id == idea.id).options(joinedload(IdeaVersion.author))
    if not policy.can_read_every_version(reader, idea):
        own = own.where(IdeaVersion.is_public)
    return db.session.scalars(own.order_by(IdeaVersion.number.desc())).unique().all()


def version_for(reader: Actor, idea: Idea, number: int) -> tuple[IdeaVersion, IdeaVersion | None]:
    """A version with the one before it, both as this reader may see them.

    Raises:
        NotFound: no such version for this reader.
    """
    seen = versions_of(reader, idea)
    for version, before in zip(seen, [*seen[1:], None], strict=True):
        if version.number == number:
            return version, before
    raise NotFound


def newest_version(idea_id: int) -> IdeaVersion | None:
    """The version that is shown now; none while an idea has never been changed since versions are kept."""
    own = select(IdeaVersion).where(IdeaVersion.idea_id == idea_id).order_by(IdeaVersion.number.desc())
    return db.session.scalars(own.options(joinedload(IdeaVersion.author)).limit(1)).unique().first()


def has_versions(idea_id: int) -> bool:
    """Whether any version of an idea is kept."""
    return bool(db.session.scalar(select(func.count(IdeaVersion.id)).where(IdeaVersion.idea_id == idea_id)))


def answers_of(idea_id: int) -> Sequence[QuestionAnswer]:
    """The answers to the questions of its challenge, in the order these are asked."""
    own = select(QuestionAnswer).join(QuestionAnswer.question).where(QuestionAnswer.idea_id == idea_id)
    return db.session.scalars(own.order_by(ChallengeQuestion.position, ChallengeQuestion.id)).unique().all()


def question_ids(challenge_id: int | None) -> set[int]:
    """The questions of a challenge."""
    if challenge_id is None:
        return set()
    own = select(ChallengeQuestion.id).where(ChallengeQuestion.challenge_id == challenge_id)
    return set(db.session.scalars(own))
