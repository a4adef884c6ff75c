"""The supports and comments of a seed, and the counters that follow them."""

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import bindparam, func, select, update

from app.challenges.models import Challenge
from app.comments.activities import CommentPublished
from app.comments.models import Comment, CommentState
from app.ideas.models import Idea, IdeaState
from app.ideas.models.listing import LISTED
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
    first, later = plan.idea_ids.start, plan.later
    for person in people:
        dice, one = plan.dice("supports", person), plan.person_ids[person]
        liked, random = sorted(plan.liked.draw_some(dice, counts[person])), dice.random
        rows += [(first + place, one, later(place, random())) for place in liked]
    insert_rows(Support, ("subject_id", "person_id", "created_at"), rows)


@command
def write_comments(plan: Plan, places: range, shares: list[int], first_id: int) -> int:
    """All comments on these ideas, each as many as its share, with ids from `first_id` on; the id behind the last."""
    rows: list[tuple[Any, ...]] = []
    for place in places:
        if shares[place]:
            rows += _thread(plan, place, shares[place], first_id + len(rows))
    insert_rows(Subject, ("id", "kind"), [(row[0], "comment") for row in rows])
    names = ("id", "subject_id", "thread_id", "parent_id", "author_id", "body", "created_at", "state")
    insert_rows(Comment, names, [(*row, CommentState.PUBLISHED.value) for row in rows])
    kind = CommentPublished
    about = {idea: {"about_id": idea} for _, idea, *_ in rows}
    facts = [(kind.name, one, by, at, kind.is_public, about[idea]) for one, idea, _, _, by, _, at in rows]
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
    found = {
        "supporters_count": supported.scalar_subquery(),
        "comments_count": said,
        "changed_at": func.coalesce(newest, Idea.changed_at),
    }
    columns = [value.label(name) for name, value in found.items()]
    true = select(Idea.id, *columns).where(within).subquery("true")
    values = {name: true.c[name] for name in found} | {after: true.c[name] for name, after in LISTED.items()}
    counted = update(Idea).where(Idea.id == true.c.id).values(values)
    db.session.execute(counted, execution_options={"synchronize_session": False})


@command
def count_challenges(plan: Plan) -> None:
    """Set how many public ideas each challenge of the seed has.

    All ideas are read once: the indexes that would find those of a challenge are still left out, and reading all
    of them for each challenge took ten minutes for a million.
    """
    ids = plan.challenge_ids
    within = Idea.challenge_id.between(ids.start, ids.stop - 1)
    public = select(Idea.challenge_id, func.count()).where(within, Idea.state == IdeaState.PUBLISHED.value)
    found = {row[0]: row[1] for row in db.session.execute(public.group_by(Idea.challenge_id))}
    counted = update(Challenge).where(Challenge.id == bindparam("of")).values(ideas_count=bindparam("now"))
    db.session.connection().execute(counted, [{"of": one, "now": found.get(one, 0)} for one in ids])


def _thread(plan: Plan, place: int, number: int, first_id: int) -> Iterator[tuple[Any, ...]]:
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
