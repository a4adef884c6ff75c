"""What the page of an idea shows beside its own text: small things of several tables, parts of its one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, case, null, select, type_coerce

from app.accounts.models import User, shown_name
from app.attachments.models import File
from app.challenges.models import Challenge, ChallengeQuestion, VotingMethod
from app.follows.queries import Standing, standing_columns
from app.ideas.models import Answer, Idea, IdeaContact, QuestionAnswer
from app.ideas.models.texts import InWords
from app.ideas.queries.ballots import votes_sql
from app.kit.fetching import Together
from app.moderation.models import Decision
from app.voting.models import Support


@dataclass(frozen=True, slots=True)
class Beside:
    """The official answers, oldest first; what was said to the challenge's questions; files to download.

    `supported_at`: since when the reader supports it; `contacts` and `decision` (the latest, by its id) are for those
    whom they concern, which the page asks the rules about.
    """

    answers: Sequence[Any]
    said: Sequence[Any]
    files: Sequence[Any]
    contacts: Sequence[Any]
    decision: Any
    standing: Standing
    supported_at: datetime | None
    votes_given: int | None


def beside_of(statement: Together, found: Mapping[str, list[list[Any]]]) -> Beside:
    """All of it, as a statement with `parts_beside` found it."""
    rows = {part: statement.named(part, found[part]) for part in PARTS if part in found}
    [own] = rows["reader"]
    return Beside(
        [_with_person(row) for row in rows["answers"]],
        [_answered(row) for row in rows["said"]],
        rows["files"],
        [_with_person(row) for row in rows.get("contacts", ())],
        next(iter(rows.get("decision", ())), None),
        Standing(bool(own.follows), own.followers),
        own.supported_at,
        own.votes_given,
    )


PARTS = ("answers", "files", "reader", "said", "contacts", "decision")
IDEA_ID, READER_ID = (bindparam(name, type_=BigInteger) for name in ("idea_id", "reader_id"))


def parts_beside(*, for_member: bool, for_staff: bool) -> dict[str, Any]:
    """The parts of a statement: what is for members, what for staff, is not asked for others."""
    parts = {"answers": _answers(), "files": _files(), "said": _said(), "reader": _of_reader(for_member)}
    if for_member:
        newest = select(Decision.id).where(Decision.subject_id == IDEA_ID)
        parts["decision"] = newest.order_by(Decision.id.desc()).limit(1)
    if for_staff:
        parts["contacts"] = _contacts()
    return parts


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


def _of_reader(is_member: bool) -> Select[Any]:
    followers, follows = standing_columns(READER_ID, IDEA_ID)
    mine = (Support.person_id == READER_ID) & (Support.subject_id == IDEA_ID)
    supported_at = select(Support.created_at).where(mine).scalar_subquery() if is_member else null()
    counted = Challenge.voting_method == VotingMethod.VOTES.value
    votes_given = case((counted, votes_sql(READER_ID, Challenge.id))) if is_member else null()
    own = select(
        followers.label("followers"),
        follows.label("follows"),
        type_coerce(supported_at, Support.created_at.type).label("supported_at"),
        votes_given.label("votes_given"),
    )
    return own.select_from(Idea).outerjoin(Challenge, Challenge.id == Idea.challenge_id).where(Idea.id == IDEA_ID)


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
