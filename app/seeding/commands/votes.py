"""The supports and comments of a seed, and the counters that follow them."""

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import and_, func, select, update

from app.challenges.models import Challenge
from app.comments.activities import CommentPublished
from app.comments.models import Comment, CommentState
from app.ideas.models import Idea, IdeaState
from app.kit.bulk import insert_rows
from app.kit.db import command, db
from app.seeding.commands.people import ACTIVITY
from app.seeding.commands.plan import Plan
from app.seeding.commands.words import comment_words
from app.subjects.models import ActivityRow, Subject
from app.voting.models import Support

ANSWERS = 0.45
ANSWERED = 12
"""How many of the newest comments of an idea are answered to."""


@command
def write_supports(plan: Plan, people: range, counts: list[int]) -> None:
    """What these people (places from 0) support, in the order of the index that forbids supporting twice."""
    rows: list[tuple[Any, ...]] = []
    for person in people:
        dice, one = plan.dice("supports", person), plan.person_ids[person]
        liked = sorted(plan.liked.draw_some(dice, counts[person]))
        rows += [(plan.idea_ids[place], one, plan.later(place, dice.random())) for place in liked]
    insert_rows(Support, ("subject_id", "person_id", "created_at"), rows)


@command
def write_comments(plan: Plan, places: range, first_id: int) -> int:
    """All comments on these ideas, with ids from `first_id` on; the id behind the last."""
    rows: list[tuple[Any, ...]] = []
    for place in places:
        rows += _thread(plan, place, first_id + len(rows))
    insert_rows(Subject, ("id", "kind"), [(row[0], "comment") for row in rows])
    names = ("id", "subject_id", "thread_id", "parent_id", "author_id", "body", "created_at", "state")
    insert_rows(Comment, names, [(*row, CommentState.PUBLISHED.value) for row in rows])
    kind = CommentPublished
    facts = [(kind.name, one, by, at, kind.is_public, {"about_id": about}) for one, about, _, _, by, _, at in rows]
    insert_rows(ActivityRow, ACTIVITY, facts)
    return first_id + len(rows)


@command
def count_all(ids: range) -> None:
    """Set the counters of these ideas, and when something last happened to them, in one statement."""
    within = Idea.id.between(ids.start, ids.stop - 1)
    of_idea = (Comment.subject_id == Idea.id) & (Comment.state == CommentState.PUBLISHED.value)
    said = select(func.count()).select_from(Comment).where(of_idea).correlate(Idea).scalar_subquery()
    newest = select(func.max(Comment.created_at)).where(of_idea).correlate(Idea).scalar_subquery()
    supported = select(func.count()).select_from(Support).where(Support.subject_id == Idea.id).correlate(Idea)
    values = {"comments_count": said, "changed_at": func.coalesce(newest, Idea.changed_at)}
    counted = update(Idea).where(within).values(supporters_count=supported.scalar_subquery(), **values)
    db.session.execute(counted, execution_options={"synchronize_session": False})


@command
def count_challenges(plan: Plan) -> None:
    """Set how many public ideas each challenge of the seed has."""
    ids = plan.challenge_ids
    public = and_(Idea.challenge_id == Challenge.id, Idea.state == IdeaState.PUBLISHED.value)
    number = select(func.count(Idea.id)).where(public).correlate(Challenge).scalar_subquery()
    within = Challenge.id.between(ids.start, ids.stop - 1)
    db.session.execute(
        update(Challenge).where(within).values(ideas_count=number), execution_options={"synchronize_session": False}
    )


def _thread(plan: Plan, place: int, first_id: int) -> Iterator[tuple[Any, ...]]:
    number = plan.discussed.share_of(place, plan.comments)
    if not number:
        return
    dice = plan.dice("comments", place)
    moments = sorted(plan.later(place, dice.random()) for _ in range(number))
    begun: list[tuple[int, int]] = []
    for one, at in enumerate(moments, first_id):
        thread, parent = _answered(begun, dice)
        begun.append((thread or one, one))
        author = plan.person_ids[plan.writers.draw(dice)]
        yield one, plan.idea_ids[place], thread or one, parent, author, comment_words(plan.book, dice), at


def _answered(begun: list[tuple[int, int]], dice: Random) -> tuple[int | None, int | None]:
    """The thread and the comment that is answered to, if any."""
    if begun and dice.random() < ANSWERS:
        return dice.choice(begun[-ANSWERED:])
    return None, None
