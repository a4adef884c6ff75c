"""Ideas as they would be, for previews and comparisons; nothing of it is kept."""

from collections.abc import Sequence

from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import User
from app.attachments.models import File, Picture
from app.challenges.models import Challenge, ChallengeQuestion
from app.ideas.commands.said import GivenAnswer
from app.ideas.commands.write import IdeaText, fill
from app.ideas.models import Idea, IdeaState, IdeaStatus, QuestionAnswer
from app.kit import clock
from app.kit.actor import Actor
from app.kit.db import db
from app.organisations.models import Organisation
from app.places.models import Place
from app.topics.models import Topic


def sketch_idea(text: IdeaText, *, pictures: Sequence[Picture], by: Actor) -> Idea:
    """The idea as everybody would see it once it is public, for a preview; it is not kept."""
    idea = Idea(id=0, state=IdeaState.PUBLISHED.value, status=IdeaStatus.IN_DISCUSSION.value, version=1)
    idea.challenge_id, idea.author_id, idea.submitted_at = text.challenge_id, by.id or None, clock.now()
    idea.organisation_id, idea.supporters_count, idea.comments_count = text.organisation_id, 0, 0
    fill(idea, text)
    for name, model in (("challenge", Challenge), ("topic", Topic), ("place", Place), ("organisation", Organisation)):
        key = getattr(idea, f"{name}_id")
        set_committed_value(idea, name, db.session.get(model, key) if key else None)
    set_committed_value(idea, "author", db.session.get(User, by.id) if by.id else None)
    for name, value in (("pictures", list(pictures)), ("coauthors", []), ("origin", None)):
        set_committed_value(idea, name, value)
    return idea


def sketch_answers(given: Sequence[GivenAnswer], kept: Sequence[QuestionAnswer] = ()) -> list[QuestionAnswer]:
    """The answers as they would be: what is said now, and of what was kept the rest."""
    said = [_sketched(one) for one in given if one.text or one.number is not None or one.file_id]
    mentioned = {one.question_id for one in given}
    rest = [answer for answer in kept if answer.question_id not in mentioned]
    return sorted([*said, *rest], key=lambda answer: (answer.question.position, answer.question_id))


def _sketched(given: GivenAnswer) -> QuestionAnswer:
    answer = QuestionAnswer(question_id=given.question_id, text=given.text, number=given.number, file_id=given.file_id)
    set_committed_value(answer, "question", db.session.get_one(ChallengeQuestion, given.question_id))
    set_committed_value(answer, "file", db.session.get(File, given.file_id) if given.file_id else None)
    return answer
