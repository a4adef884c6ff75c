"""What a list of ideas can be narrowed to: challenges, topics and places by name, in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, case, literal_column, select, union_all

from app.challenges.models import Challenge, ChallengeState
from app.kit.prepared import Prepared
from app.places.models import Place, PlaceKind
from app.places.queries import PlaceName, lies_within, offered
from app.topics.models import Topic
from app.topics.queries import TopicName

MOST_NAMED = 60
_NOTHING: Any = literal_column("''")
_ZERO: Any = literal_column("0")


@dataclass(frozen=True, slots=True)
class Choices:
    """The newest public challenges and the one that is chosen; all topics; districts, cities and the chosen place.

    `within`: the ids of the chosen place and of every place in it.
    """

    challenges: dict[int, str]
    topics: list[TopicName]
    places: list[PlaceName]
    within: list[int]


def choices(*, challenge_id: int | None, place_id: int | None) -> Choices:
    """What there is to choose from, with what is chosen."""
    rows: dict[str, list[Any]] = {"challenge": [], "topic": [], "place": [], "within": []}
    asked = {name: one for name, one in (("challenge_id", challenge_id), ("place_id", place_id)) if one}
    for row in _choices.rows(asked, bool(challenge_id), bool(place_id)):
        rows[row.what].append(row)
    topics = sorted(rows["topic"], key=lambda row: (row.position, row.id))
    return Choices(
        {row.id: row.name for row in rows["challenge"]},
        [TopicName.of(row.id, row.key, row.name, row.hue) for row in topics],
        [PlaceName(row.id, row.name, row.key, bool(row.hue)) for row in rows["place"]],
        sorted(row.id for row in rows["within"]),
    )


def _statement(of_challenge: bool, of_place: bool) -> Any:
    """For all that may be chosen, and what is."""
    challenge_id = bindparam("challenge_id", type_=BigInteger) if of_challenge else None
    return union_all(*_parts(challenge_id, bindparam("place_id", type_=BigInteger) if of_place else None))


_choices = Prepared(_statement)


def _parts(challenge_id: Any, place_id: Any) -> Iterator[Select[Any]]:
    named = select(Challenge.id, Challenge.title, Challenge.published_at).where(
        Challenge.state == ChallengeState.PUBLISHED.value
    )
    newest = named.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(MOST_NAMED).subquery()
    yield _part("challenge", newest.c.id, newest.c.title)
    if challenge_id is not None:
        chosen = named.where(Challenge.id == challenge_id).subquery()
        yield _part("challenge", chosen.c.id, chosen.c.title)
    yield _part("topic", Topic.id, Topic.own_name, Topic.key, Topic.hue, Topic.position)
    yield _part("place", Place.id, Place.name, Place.ags, case((Place.kind == PlaceKind.CITY, 1), else_=0)).where(
        offered(0 if place_id is None else place_id)
    )
    if place_id is not None:
        yield _part("within", Place.id).where(lies_within(place_id))


def _part(what: str, id_: Any, name: Any = _NOTHING, key: Any = _NOTHING, hue: Any = _ZERO, place: Any = _ZERO) -> Any:
    columns = {"id": id_, "name": name, "key": key, "hue": hue, "position": place}
    return select(
        literal_column(f"'{what}'").label("what"), *(column.label(label) for label, column in columns.items())
    )
