"""Lists of public ideas: a page, the first few, points for a map, rows for a table."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.challenges.models import Challenge, ChallengeState
from app.ideas.models import Idea, IdeaState
from app.ideas.queries.filters import IdeaFilter
from app.ideas.queries.reading import card
from app.ideas.queries.walking import Stretch, walk
from app.kit.actor import GUEST, Actor
from app.kit.db import db
from app.kit.paging import Page
from app.places.models import Place, PlaceKind
from app.places.queries import MapOutlines

PAGE = 20
ON_MAP = 500
IN_TABLE = 5000
PIECE = 250
MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Listing(Page[Idea]):
    """A page of ideas; what `is_more`, `is_short` and `began_anew` mean stands at `Stretch`."""

    is_more: bool = False
    is_short: bool = False
    began_anew: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """An idea on the map. One without a point of its own stands at its municipality's; without a place nowhere."""

    id: int
    title: str
    slug: str
    status: str
    supporters: int
    place: str
    district_id: int | None
    lat: float
    lon: float
    is_exact: bool

    kind = "idea"


def list_ideas(
    chosen: IdeaFilter, *, sort: str = "newest", after: str | None = None, size: int = PAGE, reader: Actor = GUEST
) -> Listing:
    """A page of public ideas in one of the `SORTS`."""
    found = walk(chosen, sort=sort, after=after, size=size, reader=reader)
    ideas, (is_more, is_short) = _with_cards(found.ids), (found.is_more, found.is_short)
    return Listing(ideas, found.after, found.is_first, found.total, is_more, is_short, found.began_anew)


def top_ideas(chosen: IdeaFilter, *, sort: str, size: int) -> Sequence[Idea]:
    """The first few ideas of a list, without counting all."""
    found = walk(chosen, sort=sort, after=None, size=size, reader=GUEST, counted=False)
    return _with_cards(found.ids)


def ideas_as(organisation_id: int, size: int) -> Sequence[Idea]:
    """What was submitted as an organisation and is public, newest first."""
    own = (
        select(Idea)
        .where(Idea.state == IdeaState.PUBLISHED.value, Idea.organisation_id == organisation_id)
        .options(*card())
    )
    return db.session.scalars(own.order_by(Idea.published_at.desc(), Idea.id.desc()).limit(size)).all()


def points(chosen: IdeaFilter, *, sort: str, reader: Actor) -> tuple[Sequence[Point], Stretch]:
    """The first 500 ideas of a list as points, and what the list says of itself; those without a place are left out."""
    found = walk(chosen, sort=sort, after=None, size=ON_MAP, reader=reader)
    shown = (Idea.id, Idea.title, Idea.slug, Idea.status, Idea.supporters_count, Idea.lat, Idea.lon)
    point = (Place.lat.label("place_lat"), Place.lon.label("place_lon"))
    where = (Place.id.label("place_id"), Place.name, Place.kind, Place.parent_id, *point)
    rows = db.session.execute(
        select(*shown, *where).outerjoin(Place, Idea.place_id == Place.id).where(Idea.id.in_(found.ids))
    )
    by_id = {row.id: row for row in rows}
    return [_point(by_id[one]) for one in found.ids if one in by_id and _has_point(by_id[one])], found


def table_pieces(chosen: IdeaFilter, *, sort: str, reader: Actor) -> Iterator[Sequence[Idea]]:
    """The first 5,000 ideas of a list, a few hundred at a time."""
    after: str | None = None
    for _piece in range(IN_TABLE // PIECE):
        found = walk(chosen, sort=sort, after=after, size=PIECE, reader=reader, counted=False)
        yield _with_cards(found.ids)
        db.session.expunge_all()
        if found.after is None:
            return
        after = found.after


def by_district(points: Sequence[Point], drawn: MapOutlines) -> list[tuple[Place, int, str]]:
    """Each district and city with how many of these points lie in it, and its outline; cities last, to be on top."""
    paths = {shape.ags: shape.path for shape in drawn.districts}
    places = db.session.scalars(select(Place).where(Place.ags.in_(paths)))
    counts = Counter(point.district_id for point in points)
    found = [(place, counts[place.id], paths[place.ags]) for place in places]
    return sorted(found, key=lambda row: (row[0].kind == PlaceKind.CITY, row[0].ags))


def challenge_names(chosen: int | None) -> dict[int, str]:
    """The titles of the newest public challenges, and of the one that is chosen, for a filter."""
    named = select(Challenge.id, Challenge.title).where(Challenge.state == ChallengeState.PUBLISHED.value)
    newest = named.order_by(Challenge.published_at.desc(), Challenge.id.desc()).limit(MOST_NAMED)
    names = {row.id: row.title for row in db.session.execute(newest)}
    if chosen and chosen not in names:
        names |= {row.id: row.title for row in db.session.execute(named.where(Challenge.id == chosen))}
    return names


def _with_cards(idea_ids: Collection[int]) -> Sequence[Idea]:
    """What cards show of these ideas, in this order."""
    if not idea_ids:
        return []
    found = db.session.scalars(select(Idea).where(Idea.id.in_(idea_ids)).options(*card())).unique()
    by_id = {idea.id: idea for idea in found}
    return [by_id[one] for one in idea_ids if one in by_id]


def _has_point(row: Any) -> bool:
    return row.lat is not None or row.place_lat is not None


def _point(row: Any) -> Point:
    is_exact = row.lat is not None and row.lon is not None
    lat, lon = (row.lat, row.lon) if is_exact else (row.place_lat, row.place_lon)
    district = row.parent_id if row.kind == PlaceKind.MUNICIPALITY else row.place_id
    words = (row.id, row.title, row.slug, row.status, row.supporters_count, row.name or "")
    return Point(*words, district, lat, lon, is_exact)
