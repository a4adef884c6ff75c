"""A hundred thousand ideas as lists and the search see them, quickly, with uneven values.

One challenge has a fifth of them, one status 60 %, one topic a third; stages are rare, most have no comment. Their
indexes are left out while the rows come in, and made at the end.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from app.accounts.models import User
from app.challenges.models import Challenge
from app.ideas.models import Idea, IdeaStage, IdeaState, IdeaStatus
from app.ideas.models.listing import listing_indexes, profile_of
from app.kit import textindex, vocabulary
from app.kit.db import db, is_sqlite, unit_of_work
from app.organisations.models import Organisation
from app.places.models import Place, PlaceKind
from app.subjects.models import Subject
from app.topics.models import Topic
from tests.factories.corpus import lexicon

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 5000
HIDDEN = 50
"""One in so many."""
STATUSES = list(IdeaStatus)
STATUS_WEIGHTS = (0, 60, 20, 10, 5, 3, 2)
STAGE_WEIGHTS = (80, 10, 6, 3, 1)


@dataclass(frozen=True)
class Crowd:
    """What there is to filter by: ids, the most frequent first."""

    challenges: list[int]
    topics: list[int]
    municipalities: list[int]
    districts: list[int]
    region: int
    number: int


def fill(number: int, *, people: int = 3000, challenges: int = 60) -> Crowd:
    """Write them into a migrated database without ideas."""
    dice = random.Random(5)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        found = _surroundings(connection, people, challenges, number)
        indexes = [index for index in Idea.__table__.indexes if index.name in {one.name for one in listing_indexes()}]
        for index in indexes:
            index.drop(connection)
        users = list(connection.scalars(select(User.id).order_by(User.id)))
        organisations = list(connection.scalars(select(Organisation.id)))
        first = (connection.scalar(select(func.max(Subject.id))) or 0) + 1
        for start in range(0, number, BATCH):
            ids = range(first + start, first + min(start + BATCH, number))
            connection.execute(insert(Subject), [{"id": one, "kind": "idea"} for one in ids])
            rows = [_row(one, one - first, found, users, organisations, dice) for one in ids]
            connection.execute(insert(Idea), rows)
        if not is_sqlite():
            connection.execute(text("SELECT setval(pg_get_serial_sequence('subjects', 'id'), max(id)) FROM subjects"))
        for index in indexes:
            index.create(connection)
    _describe(first, number)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if is_sqlite() else "VACUUM ANALYZE"))
    return found


def _surroundings(connection: Connection, people: int, challenges: int, number: int) -> Crowd:
    first = (connection.scalar(select(func.max(Subject.id))) or 0) + 1
    names = [(first + n, f"crowd{n}") for n in range(people)]
    connection.execute(insert(Subject), [{"id": one, "kind": "person"} for one, _name in names])
    person = {"password": "-", "active": True}
    connection.execute(
        insert(User),
        [
            person | {"id": one, "name": name, "handle": name, "email": f"{name}@example.org", "fs_uniquifier": name}
            for one, name in names
        ],
    )
    few = [first + people + challenges + n for n in range(max(1, people // 10))]
    connection.execute(insert(Subject), [{"id": one, "kind": "organisation"} for one in few])
    group = {"category": "association", "summary": "", "text": "", "state": "published"}
    connection.execute(
        insert(Organisation),
        [
            group | {"id": one, "name": f"Verein {one}", "sort_name": f"verein {one}", "slug": f"verein-{one}"}
            for one in few
        ],
    )
    posed = [first + people + n for n in range(challenges)]
    connection.execute(insert(Subject), [{"id": one, "kind": "challenge"} for one in posed])
    words = {"summary": "Eine Frage", "problem": "Ein Problem", "state": "published", "published_at": BEGAN}
    connection.execute(
        insert(Challenge), [words | {"id": one, "title": f"Frage {one}", "slug": f"frage-{one}"} for one in posed]
    )
    places = connection.execute(select(Place.id, Place.kind).order_by(Place.ags)).all()
    of_kind = {kind: [row.id for row in places if row.kind == kind] for kind in PlaceKind}
    topics = list(connection.scalars(select(Topic.id).order_by(Topic.position)))
    lists = (posed, topics, of_kind[PlaceKind.MUNICIPALITY], of_kind[PlaceKind.DISTRICT])
    return Crowd(*lists, of_kind[PlaceKind.STATE][0], number)


def _describe(first: int, number: int) -> None:
    """What the search finds of those that are public: their titles, and some words below."""
    dice = random.Random(9)
    book = lexicon(dice)
    for start in range(0, number, BATCH):
        with unit_of_work(), textindex.in_bulk():
            for place in range(start, min(start + BATCH, number)):
                one, words = first + place, book.some(dice, 12)
                title = f"{words[0]} und {words[1]} für {words[2]}"
                if place % HIDDEN:
                    at = BEGAN + timedelta(minutes=20 * place)
                    textindex.put(one, "idea", title=title, body=" ".join(words[3:]), at=at, slug=f"idee-{one}")
    vocabulary.recount()


def _row(
    one: int, place: int, found: Crowd, users: list[int], organisations: list[int], dice: random.Random
) -> dict[str, Any]:
    at = BEGAN + timedelta(minutes=20 * place)
    status = dice.choices(STATUSES, STATUS_WEIGHTS)[0].value
    stage = dice.choices(list(IdeaStage), STAGE_WEIGHTS)[0].value
    author = None if dice.random() < 0.1 else dice.choice(users)
    speaker = dice.choice(organisations) if organisations and dice.random() < 0.05 else None
    challenge = found.challenges[0] if dice.random() < 0.2 else dice.choice([None, *found.challenges[1:]])
    topic = found.topics[0] if dice.random() < 0.3 else dice.choice(found.topics)
    town = found.municipalities[0] if dice.random() < 0.1 else dice.choice([None, *found.municipalities])
    return {
        "id": one,
        "title": f"Idee {one}",
        "slug": f"idee-{one}",
        "summary": "In einem Satz gesagt, worum es geht.",
        "problem": "Das Problem.",
        "challenge_id": challenge,
        "topic_id": topic,
        "place_id": town,
        "author_id": author,
        "organisation_id": speaker,
        "state": (IdeaState.HIDDEN if place % HIDDEN == 0 else IdeaState.PUBLISHED).value,
        "status": status,
        "stage": stage,
        "needs": 0 if dice.random() < 0.6 else dice.randrange(16),
        "profile": profile_of(speaker, author, stage, status),
        "supporters_count": int(dice.paretovariate(1)) % 5000,
        "comments_count": 0 if dice.random() < 0.7 else dice.randrange(40),
        "fair_rank": place,
        "submitted_at": at,
        "published_at": at,
        "changed_at": at + timedelta(days=dice.randrange(200)),
    }
