"""The ideas of a seed, a thousand at a time."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.follows.models import Because, Follow
from app.ideas import commands as ideas
from app.ideas.activities import IdeaPublished, IdeaSubmitted, IdeaUnpublished, IdeaWithdrawn
from app.ideas.models import Idea, IdeaStage, IdeaState, IdeaStatus
from app.ideas.models.listing import profile_of
from app.kit.bulk import insert_rows
from app.kit.db import command, db
from app.kit.shuffling import interleaved
from app.kit.text import slugify
from app.kit.textindex import in_bulk
from app.places.models import Place, PlaceKind
from app.seeding.commands.people import ACTIVITY, FOLLOW, founder_of, topic_ids
from app.seeding.commands.plan import Plan
from app.seeding.commands.words import idea_words
from app.subjects.models import ActivityRow, Subject

BLOCK = 1000
STATUSES = (IdeaStatus.IN_DISCUSSION, IdeaStatus.UNDER_REVIEW, IdeaStatus.SHORTLISTED, IdeaStatus.NOT_PURSUED)
STATUS_WEIGHTS = (75, 14, 7, 4)
STAGES = tuple(IdeaStage)
STAGE_WEIGHTS = (80, 10, 6, 3, 1)
WITHDRAWN_AFTER = timedelta(days=5)
DEGREES_AROUND = 0.002
NOWHERE = 1.5


@dataclass(frozen=True)
class Where:
    """A place ideas are about, and the point its map shows."""

    id: int
    lat: float
    lon: float


@dataclass(frozen=True)
class Region:
    """Topics and places (None: nowhere), with how often they are chosen, and each idea's place in the fair order."""

    topics: list[int]
    towns: list[Where | None]
    weights: list[float]
    ranks: list[int]


def region_of(plan: Plan) -> Region:
    """What all ideas of a seed choose from."""
    kinds = (PlaceKind.MUNICIPALITY.value, PlaceKind.CITY.value)
    rows = db.session.execute(select(Place.id, Place.lat, Place.lon).where(Place.kind.in_(kinds)).order_by(Place.ags))
    towns = [Where(*row) for row in rows]
    plan.dice("region").shuffle(towns)
    weights = accumulate([NOWHERE, *(1 / (rank + 3) for rank in range(len(towns)))])
    return Region(topic_ids(), [None, *towns], list(weights), _fair_ranks(plan))


@command
def write_ideas(plan: Plan, region: Region, block: int) -> None:
    """A block of ideas: their texts, documents, facts, and that their authors follow them."""
    places = range(block * BLOCK, min((block + 1) * BLOCK, plan.ideas))
    dice = plan.dice("ideas", block)
    rows = [_row(plan, region, place, dice) for place in places]
    insert_rows(Subject, ("id", "kind"), [(row["id"], "idea") for row in rows])
    insert_rows(Idea, list(rows[0]), [tuple(row.values()) for row in rows])
    insert_rows(ActivityRow, ACTIVITY, [fact for row in rows for fact in _facts(row)])
    own = [(row["author_id"], row["id"], Because.OWN.value, row["submitted_at"]) for row in rows if not _is_gone(row)]
    insert_rows(Follow, FOLLOW, own)
    _index([row for row in rows if not _is_gone(row)])


def _index(rows: list[dict[str, Any]]) -> None:
    """Write what the search finds of ideas. It reads columns only, so a row will do as an idea."""
    places = db.session.scalars(select(Place)).all()  # held: the session finds them again without asking
    with in_bulk(learns=False):
        for row in rows:
            idea: Any = SimpleNamespace(**row)
            ideas.index(idea)
    del places


def _row(plan: Plan, region: Region, place: int, dice: Random) -> dict[str, Any]:
    said, at, gone = idea_words(plan.book, dice), plan.moment_of(place), plan.is_withdrawn(place)
    return {
        "id": plan.idea_ids[place],
        "title": said.title,
        "slug": slugify(said.title),
        "summary": said.summary,
        "problem": said.problem,
        "solution": said.solution,
        "benefit": said.benefit,
        "challenge_id": plan.challenge_of(place),
        "state": (IdeaState.WITHDRAWN if gone else IdeaState.PUBLISHED).value,
        "withdrawn_at": at + WITHDRAWN_AFTER if gone else None,
        "fair_rank": plan.first_rank + region.ranks[place],
        "submitted_at": at,
        "published_at": at,
        "changed_at": at,
        **_standing(plan, dice),
        **_about(region, dice),
    }


def _standing(plan: Plan, dice: Random) -> dict[str, Any]:
    """Who stands behind it, how far it is, what it needs."""
    author, speaker = plan.person_ids[plan.writers.draw(dice)], None
    if dice.random() < 0.05:
        speaker = dice.choice(plan.organisation_ids)
        author = founder_of(plan, speaker)
    stage = dice.choices(STAGES, STAGE_WEIGHTS)[0].value
    status = dice.choices(STATUSES, STATUS_WEIGHTS)[0].value
    said = {"author_id": author, "organisation_id": speaker, "stage": stage, "status": status}
    needs = 0 if dice.random() < 0.6 else dice.randrange(16)
    return said | {"needs": needs, "profile": profile_of(speaker, author, stage, status)}


def _about(region: Region, dice: Random) -> dict[str, Any]:
    """Its topic, its place, and for some a point on the map."""
    town = dice.choices(region.towns, cum_weights=region.weights)[0]
    lat, lon = _point(town, dice) if town and dice.random() < 0.25 else (None, None)
    topic = region.topics[int(len(region.topics) * dice.random() ** 2)]
    return {"topic_id": topic, "place_id": town.id if town else None, "lat": lat, "lon": lon}


def _facts(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    at, speaker, challenge = row["submitted_at"], row["organisation_id"] or 0, row["challenge_id"]
    kinds: list[Any] = [IdeaSubmitted, IdeaPublished]
    if _is_gone(row):
        kinds += [IdeaUnpublished, IdeaWithdrawn]
    moments = (at, at, row["withdrawn_at"], row["withdrawn_at"])
    return [
        (kind.name, row["id"], row["author_id"], moment, kind.is_public, _own_facts(kind, speaker, challenge))
        for kind, moment in zip(kinds, moments, strict=False)
    ]


@lru_cache(maxsize=20_000)
def _own_facts(kind: Any, speaker: int, challenge: int | None) -> dict[str, Any]:
    more = {"challenge_id": challenge} if kind in (IdeaPublished, IdeaUnpublished) else {}
    facts: dict[str, Any] = kind(subject_id=0, actor_id=0, organisation_id=speaker, **more).own_facts()
    return facts


def _is_gone(row: dict[str, Any]) -> bool:
    return bool(row["state"] != IdeaState.PUBLISHED.value)


def _point(town: Where, dice: Random) -> tuple[float, float]:
    return town.lat + dice.uniform(-1, 1) * DEGREES_AROUND, town.lon + dice.uniform(-1, 1) * DEGREES_AROUND


def _fair_ranks(plan: Plan) -> list[int]:
    """The place of each idea in the round; those of a challenge stand evenly apart, withdrawn ones behind the end."""
    public = [place for place in range(plan.ideas) if not plan.is_withdrawn(place)]
    mixed = interleaved([(place, plan.challenge_of(place)) for place in public], plan.dice("fair"))
    ranks = [len(public)] * plan.ideas
    for rank, place in enumerate(mixed):
        ranks[place] = rank
    return ranks
