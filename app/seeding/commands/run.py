"""The steps of a seed. Each looks what is there and goes on behind it, so a seed that was killed is gone on with."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.challenges.models import Challenge
from app.comments.models import Comment
from app.follows.models import Follow
from app.ideas.models import Idea
from app.ideas.queries.fair import next_rank
from app.kit import bulk, vocabulary
from app.kit.db import command, db, unit_of_work
from app.kit.textindex import Document
from app.organisations.models import Organisation
from app.seeding import queries
from app.seeding.activities import SeedBegan, SeedFinished
from app.seeding.commands import ideas, people, votes
from app.seeding.commands.plan import Plan, plan_of
from app.seeding.commands.shares import capped_shares
from app.seeding.commands.words import all_words
from app.subjects.commands import record
from app.subjects.models import ActivityRow, Subject
from app.voting.models import Support

Tell = Callable[[str, int, int], None]
WORDS = 10_000
PEOPLE = 1000
BLOCKS = 5
SUPPORTS = 50_000
COMMENTS = 10_000
COUNTED = 20_000
# Their indexes are made when all rows are there: one sort instead of a search for each row.
LEFT_OUT = (Idea, Support, Comment, Document, ActivityRow, Follow)
NUMBERS = ("ideas", "people", "supports", "comments", "key")


class Refused(Exception):
    """This seed does not go into this database, or nowhere; the message says why."""


def seed(numbers: dict[str, int], tell: Tell, *, beside_content: bool = False) -> bool:
    """Write a seed, or what is missing of it.

    Args:
        numbers: ideas, people, supports, comments and key.
        tell: is called with a step's name, how much of it is done, and of how much.
        beside_content: begin even where there is content already.

    Returns:
        False where the last seed had these numbers and is finished.

    Raises:
        Refused: more supports than people could give; another seed is not finished; there is content already.
    """
    _guard_room(**numbers)
    counts = capped_shares(Plan(**numbers, first_id=1, first_rank=0).supporters, numbers["supports"], numbers["ideas"])
    with unit_of_work():
        began, is_finished = queries.latest_seed()
        is_same = began is not None and all(getattr(began, name) == numbers[name] for name in NUMBERS)
        if is_finished and is_same:
            return False
        if began is None or is_finished:
            _guard_content(began, beside_content)
            begun = _begin(numbers)
        elif is_same:
            begun = began
        else:
            raise Refused(f"A seed with {_told(began)} is not finished; run it again first.")
    _write(begun, plan_of(begun), counts, tell)
    return True


def _guard_room(*, ideas: int, people: int, supports: int, **_more: int) -> None:
    if supports > people * ideas:
        raise Refused(f"{supports} supports do not fit: {people} people can support {ideas} ideas each.")


def _guard_content(finished: SeedBegan | None, beside_content: bool) -> None:
    if beside_content or not queries.holds_content():
        return
    there = f"A seed with {_told(finished)} is here" if finished else "There is content already"
    raise Refused(f"{there}; a seed goes into an empty database. Use --beside-content to add it all the same.")


def _told(began: SeedBegan) -> str:
    return ", ".join(f"{name} {getattr(began, name)}" for name in NUMBERS)


def _write(begun: SeedBegan, plan: Plan, counts: list[int], tell: Tell) -> None:
    _words(plan, tell)
    _people(plan, tell)
    _ideas(plan, tell)
    _supports(plan, counts, tell)
    _comments(plan, tell)
    _indexes(begun.indexes, tell, votes_first=True)
    _counters(plan, tell)
    _indexes(begun.indexes, tell)
    tell("search", 0, 1)
    with unit_of_work():
        bulk.analyze()
    vocabulary.recount()
    with unit_of_work():
        record(SeedFinished(subject_id=plan.first_id, actor_id=0))
    tell("search", 1, 1)


@command
def _begin(numbers: dict[str, int]) -> SeedBegan:
    """Say what will be written, keep ids for it, and leave indexes out."""
    first_id = (db.session.scalar(select(func.max(Subject.id))) or 0) + 1
    indexes = bulk.index_definitions([model.__tablename__ for model in LEFT_OUT])
    plan = Plan(**numbers, first_id=first_id, first_rank=next_rank())
    people.write_people(plan, first_id, first_id)
    bulk.reserve_ids(Subject, plan.comment_ids.stop)
    bulk.drop_indexes(indexes)
    began: dict[str, Any] = {**numbers, "first_id": first_id, "first_rank": plan.first_rank, "indexes": indexes}
    fact = SeedBegan(subject_id=first_id, actor_id=0, **began)
    record(fact)
    return fact


def _words(plan: Plan, tell: Tell) -> None:
    """Teach the vocabulary every word there will be; those no text holds in the end are forgotten with the counting."""
    found = sorted(all_words(plan.book))
    for start in range(0, len(found), WORDS):
        with unit_of_work():
            _learn(found[start : start + WORDS])
        tell("words", min(start + WORDS, len(found)), len(found))


@command
def _learn(some: list[str]) -> None:
    vocabulary.learn(some)


def _people(plan: Plan, tell: Tell) -> None:
    with unit_of_work():
        done = queries.last_in(User.id, plan.person_ids) + 1
    while done < plan.person_ids.stop:
        with unit_of_work():
            people.write_people(plan, done, min(done + PEOPLE, plan.person_ids.stop) - 1)
        done = min(done + PEOPLE, plan.person_ids.stop)
        tell("people", done - plan.first_id, plan.people)
    with unit_of_work():
        if queries.last_in(Organisation.id, plan.organisation_ids) < plan.organisation_ids.start:
            people.write_organisations(plan)
    with unit_of_work():
        if queries.last_in(Challenge.id, plan.challenge_ids) < plan.challenge_ids.start:
            people.write_challenges(plan)


def _ideas(plan: Plan, tell: Tell) -> None:
    with unit_of_work():
        done = queries.last_in(Idea.id, plan.idea_ids) + 1 - plan.idea_ids.start
        region = ideas.region_of(plan)
    begin, end = -(-done // ideas.BLOCK), -(-plan.ideas // ideas.BLOCK)
    for start in range(begin, end, BLOCKS):
        stop = min(start + BLOCKS, end)
        with unit_of_work():
            for block in range(start, stop):
                ideas.write_ideas(plan, region, block)
        tell("ideas", min(stop * ideas.BLOCK, plan.ideas), plan.ideas)


def _supports(plan: Plan, counts: list[int], tell: Tell) -> None:
    with unit_of_work():
        begin = queries.last_in(Support.person_id, plan.person_ids) + 1 - plan.first_id
    done = sum(counts[:begin])
    while begin < plan.people:
        end, some = begin, 0
        while end < plan.people and some < SUPPORTS:
            some += counts[end]
            end += 1
        with unit_of_work():
            votes.write_supports(plan, range(begin, end), counts)
        begin, done = end, done + some
        tell("supports", done, plan.supports)


def _comments(plan: Plan, tell: Tell) -> None:
    with unit_of_work():
        next_id = queries.last_in(Comment.id, plan.comment_ids) + 1
        last = db.session.get(Comment, next_id - 1)
        begin = last.subject_id + 1 - plan.idea_ids.start if last else 0
    shares = [plan.discussed.share_of(place, plan.comments) for place in range(plan.ideas)]
    while begin < plan.ideas and next_id < plan.comment_ids.stop:
        end, some = begin, 0
        while end < plan.ideas and some < COMMENTS:
            some += shares[end]
            end += 1
        with unit_of_work():
            next_id = votes.write_comments(plan, range(begin, end), shares, next_id)
        begin = end
        tell("comments", next_id - plan.comment_ids.start, plan.comments)


def _counters(plan: Plan, tell: Tell) -> None:
    for start in range(plan.idea_ids.start, plan.idea_ids.stop, COUNTED):
        end = min(start + COUNTED, plan.idea_ids.stop)
        with unit_of_work():
            votes.count_all(range(start, end))
        tell("counters", end - plan.idea_ids.start, plan.ideas)
    with unit_of_work():
        votes.count_challenges(plan)


def _indexes(wanted: dict[str, str], tell: Tell, *, votes_first: bool = False) -> None:
    """Make the indexes that are missing; `votes_first`: those only that counting needs."""
    models = (Support, Comment) if votes_first else LEFT_OUT
    with unit_of_work():
        there = bulk.index_definitions([model.__tablename__ for model in LEFT_OUT])
    starts = tuple(f"ix_{model.__tablename__}_" for model in models)
    missing = [name for name in wanted if name not in there and (name.startswith(starts) or not votes_first)]
    for number, name in enumerate(missing, 1):
        with unit_of_work():
            bulk.make_index(wanted[name])
        tell("indexes", number, len(missing))
