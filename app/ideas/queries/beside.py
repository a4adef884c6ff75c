"""What the page of an idea shows beside its own text: small things of several tables, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, null, select, type_coerce

from app.accounts.models import User, shown_name
from app.attachments.models import File
from app.challenges.models import ChallengeQuestion
from app.follows.queries import Standing, standing_columns
from app.ideas.models import Answer, Idea, IdeaContact, QuestionAnswer
from app.ideas.models.texts import InWords
from app.ideas.queries.ballots import counts_votes, votes_sql
from app.kit.actor import Actor
from app.kit.fetching import Together
from app.moderation.models import Decision
from app.voting.models import Support


@dataclass(frozen=True, slots=True)
class Beside:
    """The official answers, oldest first; what was said to the challenge's questions; files to download.

    `supported_at`: since when the reader supports it; `contacts` and `decision` (the latest, by its id) are for those
    whom they concern.
    """

    answers: Sequence[Any]
    said: Sequence[Any]
    files: Sequence[Any]
    contacts: Sequence[Any]
    decision: Any
    standing: Standing
    supported_at: datetime | None
    votes_given: int | None


def beside(reader: Actor, idea: Idea, *, contacts: bool, decision: bool) -> Beside:
    """All of it as this reader may see it."""
    wanted = _together(
        said=idea.challenge_id is not None,
        contacts=contacts,
        decision=decision,
        supported=bool(reader.id),
        votes=bool(reader.id) and counts_votes(idea.challenge),
    )
    found = wanted.rows({"idea_id": idea.id, "challenge_id": idea.challenge_id or 0, "reader_id": reader.id or -1})
    [own] = found["reader"]
    return Beside(
        [_with_person(row) for row in found["answers"]],
        [_answered(row) for row in found.get("said", ())],
        found["files"],
        [_with_person(row) for row in found.get("contacts", ())],
        next(iter(found.get("decision", ())), None),
        Standing(bool(own.follows), own.followers),
        own.supported_at,
        own.votes_given,
    )


IDEA_ID, CHALLENGE_ID, READER_ID = (
    bindparam(name, type_=BigInteger) for name in ("idea_id", "challenge_id", "reader_id")
)


@cache
def _together(*, said: bool, contacts: bool, decision: bool, supported: bool, votes: bool) -> Together:
    parts = {"answers": _answers(), "files": _files(), "reader": _of_reader(supported, votes)}
    if said:
        parts["said"] = _said()
    if contacts:
        parts["contacts"] = _contacts()
    if decision:
        newest = select(Decision.id).where(Decision.subject_id == IDEA_ID)
        parts["decision"] = newest.order_by(Decision.id.desc()).limit(1)
    return Together(parts)


def _answers() -> Any:
    shown = (Answer.id, Answer.author_name, Answer.role_label, Answer.body, Answer.status, Answer.created_at)
    person = (Answer.author_id, User.own_name, User.deleted_at)
    own = select(*shown, *person).outerjoin(User, User.id == Answer.author_id)
    return own.where(Answer.idea_id == IDEA_ID).order_by(Answer.id)


def _said() -> Any:
    shown = (QuestionAnswer.text, QuestionAnswer.number, QuestionAnswer.file_id, File.name.label("file_name"))
    question = (ChallengeQuestion.label, ChallengeQuestion.kind, ChallengeQuestion.unit)
    own = (
        select(*shown, *question)
        .join(ChallengeQuestion, ChallengeQuestion.id == QuestionAnswer.question_id)
        .outerjoin(File, File.id == QuestionAnswer.file_id)
    )
    return own.where(QuestionAnswer.idea_id == IDEA_ID).order_by(ChallengeQuestion.position, ChallengeQuestion.id)


def _files() -> Any:
    listed = select(File.id, File.kind, File.name, File.size).where(File.subject_id == IDEA_ID, File.is_listed)
    return listed.order_by(File.position, File.id)


def _contacts() -> Any:
    shown = (IdeaContact.way, IdeaContact.phone, IdeaContact.given_at, User.own_name, User.deleted_at, User.email)
    own = select(*shown).join(User, User.id == IdeaContact.person_id)
    return own.where(IdeaContact.idea_id == IDEA_ID).order_by(IdeaContact.id)


def _of_reader(supported: bool, votes: bool) -> Select[Any]:
    followers, follows = standing_columns(READER_ID, IDEA_ID)
    mine = (Support.person_id == READER_ID) & (Support.subject_id == IDEA_ID)
    supported_at = select(Support.created_at).where(mine).scalar_subquery() if supported else null()
    votes_given = votes_sql(READER_ID, CHALLENGE_ID) if votes else null()
    return select(
        followers.label("followers"),
        follows.label("follows"),
        type_coerce(supported_at, Support.created_at.type).label("supported_at"),
        votes_given.label("votes_given"),
    )


@dataclass(frozen=True, slots=True)
class AnsweredQuestion(InWords):
    """An answer to a question of the challenge."""

    text: str
    number: float | None
    file_id: int | None
    file: Any
    question: Any


def _answered(row: Any) -> AnsweredQuestion:
    file = SimpleNamespace(name=row.file_name) if row.file_id else None
    return AnsweredQuestion(row.text, row.number, row.file_id, file, row)


def _with_person(row: Any) -> Any:
    row.author = SimpleNamespace(name=shown_name(row.own_name, row.deleted_at)) if row.own_name is not None else None
    return row
