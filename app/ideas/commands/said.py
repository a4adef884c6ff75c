"""What ideas answer to the questions of their challenge."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.attachments.commands import attach_part, remove
from app.ideas import queries
from app.ideas.models import Idea, QuestionAnswer
from app.kit.actor import Actor
from app.kit.db import command, db


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What is said to one question of the challenge: words, a number, or the id of one's own loose file."""

    question_id: int
    text: str = ""
    number: float | None = None
    file_id: int | None = None


@command
def keep_answers(idea: Idea, answers: Sequence[GivenAnswer], *, by: Actor) -> None:
    """Keep what is said to questions of the idea's challenge; what is not mentioned stays as it is."""
    known = {answer.question_id: answer for answer in queries.answers_of(idea.id)}
    asked = queries.question_ids(idea.challenge_id) if answers else set()
    for given in answers:
        if given.question_id in asked:
            _keep(idea, given, known.get(given.question_id), by)
    db.session.flush()


def _keep(idea: Idea, given: GivenAnswer, answer: QuestionAnswer | None, by: Actor) -> None:
    before = answer.file if answer else None
    stays = before is not None and before.id == given.file_id
    file_id = given.file_id if stays else attach_part(idea.id, given.file_id, by=by)
    if given.text or given.number is not None or file_id is not None:
        if answer is None:
            answer = QuestionAnswer(idea_id=idea.id, question_id=given.question_id)
            db.session.add(answer)
        answer.text, answer.number, answer.file_id = given.text, given.number, file_id
    elif answer is not None:
        db.session.delete(answer)
    db.session.flush()
    if before is not None and not stays:
        remove(before)
