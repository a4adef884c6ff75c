"""The people of a seed, their organisations and the challenges they pose."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.accounts.activities import PersonJoined
from app.accounts.models import User
from app.challenges import commands as challenges
from app.challenges.activities import ChallengePublished, ChallengeSubmitted
from app.challenges.models import Challenge, ChallengeState
from app.follows.models import Because, Follow
from app.kit.bulk import insert_rows
from app.kit.db import command, db
from app.kit.text import slugify
from app.kit.textindex import in_bulk
from app.organisations import commands as organisations
from app.organisations.activities import OrganisationPublished
from app.organisations.models import Category, Membership, Organisation, OrganisationState, Role
from app.places.models import Place, PlaceKind
from app.seeding.commands.plan import BEGAN, Plan
from app.seeding.commands.words import comment_words, idea_words, person_name
from app.subjects.models import ActivityRow, Subject
from app.topics.models import Topic

Fact = tuple[Any, ...]
ACTIVITY = ("name", "subject_id", "actor_id", "at", "is_public", "facts")
ORGANISATIONS = ("Verein", "Initiative", "Werkstatt", "Bündnis")
FOLLOW = ("person_id", "subject_id", "because", "created_at")


@command
def write_people(plan: Plan, first: int, last: int) -> None:
    """The people with these ids; none of them has a password."""
    ids = range(first, last + 1)
    insert_rows(Subject, ("id", "kind"), [(one, "person") for one in ids])
    names = ("id", "name", "handle", "email", "fs_uniquifier", "trusted", "confirmed_at", "created_at")
    insert_rows(User, names, [_person(plan, one) for one in ids])
    joined: list[Fact] = [(PersonJoined.name, one, one, BEGAN, PersonJoined.is_public, {}) for one in ids]
    insert_rows(ActivityRow, ACTIVITY, joined)


@command
def write_organisations(plan: Plan) -> None:
    """All organisations; each has one of the people as its owner."""
    dice, topics, places = plan.dice("organisations"), topic_ids(), town_ids()
    rows = [_organisation(plan, one, topics, places, dice) for one in plan.organisation_ids]
    _add("organisation", rows)
    owners = [(one.id, one.founder_id, Role.OWNER.value, BEGAN) for one in rows]
    insert_rows(Membership, ("organisation_id", "person_id", "role", "created_at"), owners)
    insert_rows(Follow, FOLLOW, [(one.founder_id, one.id, Because.OWN.value, BEGAN) for one in rows])
    published = OrganisationPublished
    facts: list[Fact] = [(published.name, one.id, one.founder_id, BEGAN, published.is_public, {}) for one in rows]
    insert_rows(ActivityRow, ACTIVITY, facts)
    _index(Organisation, plan.organisation_ids, organisations.index)


@command
def write_challenges(plan: Plan) -> None:
    """All challenges; all of them are open."""
    dice, topics, places = plan.dice("challenges"), topic_ids(), town_ids()
    rows = [_challenge(plan, place, topics, places, dice) for place in range(len(plan.challenge_ids))]
    _add("challenge", rows)
    insert_rows(Follow, FOLLOW, [(one.author_id, one.id, Because.OWN.value, one.published_at) for one in rows])
    facts: list[Fact] = [
        (kind.name, one.id, one.author_id, one.published_at, kind.is_public, {})
        for one in rows
        for kind in (ChallengeSubmitted, ChallengePublished)
    ]
    insert_rows(ActivityRow, ACTIVITY, facts)
    _index(Challenge, plan.challenge_ids, challenges.index)


def founder_of(plan: Plan, organisation_id: int) -> int:
    """Whose organisation it is."""
    return plan.person_ids[(organisation_id - plan.organisation_ids.start) * 7 % plan.people]


def topic_ids() -> list[int]:
    return list(db.session.scalars(select(Topic.id).order_by(Topic.position, Topic.id)))


def town_ids() -> list[int]:
    """Every place ideas are about: municipalities and cities."""
    towns = select(Place.id).where(Place.kind.in_((PlaceKind.MUNICIPALITY.value, PlaceKind.CITY.value)))
    return list(db.session.scalars(towns.order_by(Place.ags)))


def _person(plan: Plan, one: int) -> tuple[Any, ...]:
    name, dice = f"saat-{plan.key}-{one}", plan.dice("person", one - plan.first_id)
    joined = BEGAN + timedelta(minutes=one - plan.first_id)
    return one, person_name(dice), name, f"{name}@example.org", name, dice.random() < 0.8, joined, joined


def _organisation(plan: Plan, one: int, topics: list[int], places: list[int], dice: Random) -> Organisation:
    number, kind = one - plan.organisation_ids.start + 1, dice.choice(ORGANISATIONS)
    name = f"{kind} {plan.book.some(dice, 1)[0]} {number}"
    return Organisation(
        id=one,
        name=name,
        sort_name=name.lower(),
        slug=f"{slugify(name)}-{one}",
        category=dice.choice(list(Category)).value,
        summary=comment_words(plan.book, dice),
        text=comment_words(plan.book, dice),
        topic_id=dice.choice(topics),
        place_id=dice.choice(places),
        founder_id=founder_of(plan, one),
        state=OrganisationState.PUBLISHED.value,
        created_at=BEGAN,
        published_at=BEGAN,
    )


def _challenge(plan: Plan, place: int, topics: list[int], places: list[int], dice: Random) -> Challenge:
    said, at = idea_words(plan.book, dice), _asked_at(plan, place)
    return Challenge(
        id=plan.challenge_ids[place],
        title=f"Wie geht {said.title}?",
        slug=slugify(said.title),
        summary=said.summary,
        problem=said.problem,
        affected=said.benefit,
        good_answer=said.solution,
        topic_id=dice.choice(topics),
        place_id=dice.choice(places),
        sdgs=[],
        author_id=plan.person_ids[plan.writers.draw(dice)],
        state=ChallengeState.PUBLISHED.value,
        created_at=at,
        published_at=at,
    )


def _asked_at(plan: Plan, place: int) -> datetime:
    """Before the first idea, an hour apart."""
    return BEGAN - timedelta(hours=len(plan.challenge_ids) - place)


def _add(kind: str, rows: list[Any]) -> None:
    insert_rows(Subject, ("id", "kind"), [(one.id, kind) for one in rows])
    db.session.add_all(rows)
    db.session.flush()


def _index(model: Any, ids: range, index: Any) -> None:
    """Write what the search finds of them."""
    db.session.expire_all()
    with in_bulk():
        for one in db.session.scalars(select(model).where(model.id.between(ids.start, ids.stop - 1))).unique():
            index(one)
