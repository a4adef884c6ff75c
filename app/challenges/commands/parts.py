"""The questions a challenge asks, what ideas are assessed by, how people vote."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.challenges import policy, queries
from app.challenges.activities import ChallengeEdited
from app.challenges.commands.showing import show_change
from app.challenges.models import Challenge, ChallengeCriterion, ChallengeQuestion, QuestionKind, VotingMethod
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Invalid
from app.kit.i18n import gettext as _
from app.subjects.commands import record


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """A question as it was written. `id` of one there is; `is_asked` false retires it."""

    id: int | None = None
    kind: str
    label: str
    hint: str = ""
    is_required: bool = False
    options: Sequence[str] = ()
    unit: str = ""
    is_asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionText:
    """A criterion as it was written; `weight` from 1 to 5."""

    id: int | None = None
    name: str
    description: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting:
    """How people vote, and what ideas are assessed by."""

    method: str = VotingMethod.SUPPORT.value
    votes_each: int = 0
    criteria: Sequence[CriterionText] = ()


@command
def save_questions(
    challenge: Challenge, texts: Sequence[QuestionText], *, by: Actor, moderate_new: bool = True
) -> None:
    """Lay out the questions of the idea form, in this order; a new member's wait for a moderator where it is public.

    As soon as ideas have answered, a question there is keeps its words and kind, and one that is left out is
    retired: no answer ever vanishes. New ones are optional then, for those who answered without them.

    Raises:
        Invalid: a new question that must be answered, though ideas have answered before it.
    """
    require(policy.can_manage(by, challenge), by)
    queries.lock(challenge.id)
    db.session.refresh(challenge, ["ideas_count", "published_at"])
    fixed, known = queries.is_answered(challenge), {question.id: question for question in challenge.questions}
    if fixed and any(text.is_required and text.id not in known for text in texts):
        raise Invalid(_("Es gibt schon Ideen. Eine neue Frage kann nur freiwillig sein."))
    kept = [_question(known.get(text.id or 0), text, number, fixed) for number, text in enumerate(texts)]
    left_out = [question for question in known.values() if question not in kept]
    if challenge.published_at is not None:
        for question in left_out:
            question.retired_at = question.retired_at or clock.now()
        kept += left_out
    challenge.questions = kept
    db.session.flush()
    record(ChallengeEdited(subject_id=challenge.id, actor_id=by.id, part="questions"))
    show_change(challenge, by, moderate_new)


@command
def save_voting(challenge: Challenge, voting: Voting, *, by: Actor) -> None:
    """Say how people vote and what ideas are assessed by; votes given before stay, whatever the method.

    Raises:
        Invalid: fewer than one or more than 50 votes each.
    """
    require(policy.can_rewrite(by, challenge), by)
    queries.lock(challenge.id)
    method = VotingMethod(voting.method)
    if method is VotingMethod.VOTES and not 1 <= voting.votes_each <= 50:
        raise Invalid(_("Jede Person hat mindestens eine und höchstens 50 Stimmen."))
    challenge.voting_method = method.value
    challenge.votes_each = voting.votes_each if method is VotingMethod.VOTES else 0
    known = {criterion.id: criterion for criterion in challenge.criteria}
    challenge.criteria = [
        _criterion(known.get(text.id or 0), text, number) for number, text in enumerate(voting.criteria)
    ]
    db.session.flush()
    record(ChallengeEdited(subject_id=challenge.id, actor_id=by.id, part="voting"))


def _question(question: ChallengeQuestion | None, text: QuestionText, position: int, fixed: bool) -> ChallengeQuestion:
    is_new = question is None
    question = question or ChallengeQuestion()
    question.position = position
    question.retired_at = None if text.is_asked else question.retired_at or clock.now()
    if fixed and not is_new:
        question.hint, question.is_required = text.hint, question.is_required and text.is_required
        return question
    question.kind, question.label, question.hint = QuestionKind(text.kind).value, text.label, text.hint
    question.is_required = text.is_required
    question.options = list(text.options) if text.kind == QuestionKind.CHOICE else []
    question.unit = text.unit if text.kind == QuestionKind.NUMBER else ""
    return question


def _criterion(criterion: ChallengeCriterion | None, text: CriterionText, position: int) -> ChallengeCriterion:
    criterion = criterion or ChallengeCriterion()
    criterion.position, criterion.name, criterion.description = position, text.name, text.description
    criterion.weight = min(max(text.weight, 1), 5)
    return criterion
