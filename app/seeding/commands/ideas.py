"""The ideas of a seed, a thousand at a time."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import select

from app.follows.models import Because, Follow
from app.ideas.activities import IdeaPublished, IdeaSubmitted, IdeaUnpublished, IdeaWithdrawn
from app.ideas.models import Idea, IdeaStage, IdeaState, IdeaStatus
from app.ideas.models.listing import profile_of
from app.kit.bulk import insert_rows
from app.kit.db import command, db
from app.kit.shuffling import interleaved
from app.kit.text import slugify
from app.places.models import Place, PlaceKind
from app.places.queries import place_tags
from app.seeding.commands.documents import write_documents
from app.seeding.commands.people import ACTIVITY, FOLLOW, founder_of, topic_ids
from app.seeding.commands.plan import Plan
from app.seeding.commands.words import IdeaWords, idea_words
from app.subjects.models import ActivityRow, Subject

BLOCK = 1000
STATUSES = (
    IdeaStatus.IN_DISCUSSION.value,
    IdeaStatus.UNDER_REVIEW.value,
    IdeaStatus.SHORTLISTED.value,
    IdeaStatus.NOT_PURSUED.value,
)
STATUS_WEIGHTS = tuple(accumulate((75, 14, 7, 4)))
STAGES = tuple(stage.value for stage in IdeaStage)
STAGE_WEIGHTS = tuple(accumulate((80, 10, 6, 3, 1)))
PUBLISHED, WITHDRAWN = IdeaState.PUBLISHED.value, IdeaState.WITHDRAWN.value
WITHDRAWN_AFTER = 5 * 24 * 60 * 60
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
    """Topics and places (None: nowhere), with how often they are chosen, and each idea's place in the fair order.

    `tags` are what the search filters by, for each place.
    """

    topics: list[int]
    towns: list[Where | None]
    weights: list[float]
    ranks: list[int]
    tags: dict[int | None, list[str]]


def region_of(plan: Plan) -> Region:
    """What all ideas of a seed choose from."""
    kinds = (PlaceKind.MUNICIPALITY.value, PlaceKind.CITY.value)
    rows = db.session.execute(select(Place.id, Place.lat, Place.lon).where(Place.kind.in_(kinds)).order_by(Place.ags))
    towns = [Where(*row) for row in rows]
    plan.dice("region").shuffle(towns)
    weights = accumulate([NOWHERE, *(1 / (rank + 3) for rank in range(len(towns)))])
    tags: dict[int | None, list[str]] = {None: []} | {town.id: place_tags(town.id) for town in towns}
    return Region(topic_ids(), [None, *towns], list(weights), _fair_ranks(plan), tags)


@command
def write_ideas(plan: Plan, region: Region, block: int) -> None:
    """A block of ideas: their texts, documents, facts, and that their authors follow them."""
    places = range(block * BLOCK, min((block + 1) * BLOCK, plan.ideas))
    dice = plan.dice("ideas", block)
    said = [_row(plan, region, place, dice) for place in places]
    rows = [row for row, _words in said]
    insert_rows(Subject, ("id", "kind"), [(row["id"], "idea") for row in rows])
    insert_rows(Idea, list(rows[0]), [tuple(row.values()) for row in rows])
    insert_rows(ActivityRow, ACTIVITY, [fact for row in rows for fact in _facts(row)])
    own = [(row["author_id"], row["id"], Because.OWN.value, row["submitted_at"]) for row in rows if not _is_gone(row)]
    insert_rows(Follow, FOLLOW, own)
    write_documents([one for one in said if not _is_gone(one[0])], region.tags)


def _row(plan: Plan, region: Region, place: int, dice: Random) -> tuple[dict[str, Any], IdeaWords]:
    said, at, gone = idea_words(plan.book, dice), plan.moment_of(place), plan.is_withdrawn(place)
    row = {
        "id": plan.idea_ids[place],
        "title": said.title,
        "slug": slugify(said.title),
        "summary": said.summary,
        "problem": said.problem,
        "solution": said.solution,
        "benefit": said.benefit,
        "challenge_id": plan.challenge_of(place),
        "state": WITHDRAWN if gone else PUBLISHED,
        "withdrawn_at": at + WITHDRAWN_AFTER if gone else None,
        "fair_rank": plan.first_rank + region.ranks[place],
        "submitted_at": at,
        "published_at": at,
        "changed_at": at,
        "listed_supporters": 0,
        "listed_comments": 0,
        "listed_change": at,
        **_standing(plan, dice),
        **_about(region, dice),
    }
    return row, said


def _standing(plan: Plan, dice: Random) -> dict[str, Any]:
    """Who stands behind it, how far it is, what it needs."""
    author, speaker = plan.person_ids[plan.writers.draw(dice)], None
    if dice.random() < 0.05:
        speaker = dice.choice(plan.organisation_ids)
        author = founder_of(plan, speaker)
    stage = dice.choices(STAGES, cum_weights=STAGE_WEIGHTS)[0]
    status = dice.choices(STATUSES, cum_weights=STATUS_WEIGHTS)[0]
    said = {"author_id": author, "organisation_id": speaker, "stage": stage, "status": status}
    needs = 0 if dice.random() < 0.6 else dice.randrange(16)
    return said | {"needs": needs, "profile": _profile(bool(speaker), stage, status)}


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


@lru_cache
def _profile(has_speaker: bool, stage: str, status: str) -> int:
    return profile_of(int(has_speaker), 1, stage, status)


def _is_gone(row: dict[str, Any]) -> bool:
    return bool(row["state"] == WITHDRAWN)


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
