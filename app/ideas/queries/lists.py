"""Lists of public ideas: a page, the first few, points for a map, rows for a table."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.challenges.models import VotingMethod
from app.ideas.models import Idea, IdeaState
from app.ideas.queries.cards import Card, cards
from app.ideas.queries.filters import IdeaFilter
from app.ideas.queries.ranges import COUNTED
from app.ideas.queries.reading import card
from app.ideas.queries.walking import Found, Stretch, Walked, found_among, walk
from app.kit.actor import GUEST, Actor
from app.kit.db import db
from app.kit.paging import Page
from app.places.models import Place, PlaceKind
from app.places.queries import MapOutlines, PlaceName

PAGE = 20
ON_MAP = 500
IN_TABLE = 5000
PIECE = 250


@dataclass(frozen=True, slots=True)
class Listing(Page[Card]):
    """A page of ideas; what `is_more`, `is_short`, `began_anew` and `offers` mean stands at `Stretch`."""

    is_more: bool = False
    is_short: bool = False
    began_anew: bool = False
    offers: Sequence[str] = ()

    @property
    def words(self) -> tuple[tuple[int, ...], ...] | None:
        """What of these cards votes and comments change; None where they tell the reader of votes of their own."""
        if any(card.challenge and card.challenge.voting_method == VotingMethod.VOTES for card in self.items):
            return None
        return tuple((card.id, card.supporters_count, card.comments_count, card.supported) for card in self.items)


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


@dataclass(frozen=True, slots=True)
class MapListing:
    """The first ideas of a list as points; `without_place` others have none. `is_all`: the list has no more."""

    points: Sequence[Point]
    without_place: int
    is_all: bool


def list_ideas(
    chosen: IdeaFilter, *, sort: str = "newest", after: str | None = None, size: int = PAGE, reader: Actor = GUEST
) -> Listing:
    """A page of public ideas in one of the `SORTS`."""
    return _listing(_stretch(chosen, sort=sort, after=after, size=size, reader=reader), reader)


def top_ideas(chosen: IdeaFilter, *, sort: str, size: int, reader: Actor = GUEST) -> Sequence[Card]:
    """The first few ideas of a list, without counting all."""
    return cards(_stretch(chosen, sort=sort, after=None, size=size, reader=reader).ids, reader=reader)[0]


def ideas_as(organisation_id: int, size: int, *, reader: Actor = GUEST) -> Sequence[Card]:
    """What was submitted as an organisation and is public, newest first."""
    own = select(Idea.id).where(Idea.state == IdeaState.PUBLISHED.value, Idea.organisation_id == organisation_id)
    ids = db.session.scalars(own.order_by(Idea.published_at.desc(), Idea.id.desc()).limit(size)).all()
    return cards(ids, reader=reader)[0]


def on_map(
    chosen: IdeaFilter, *, sort: str, after: str | None = None, reader: Actor = GUEST
) -> tuple[Listing, MapListing | None]:
    """A page of a list, and the list's first 500 ideas as points, among which it lies; a page further on has no map."""
    found = _reading(chosen, sort=sort, after=after, size=ON_MAP, reader=reader, whole=True)
    own = found.page(PAGE)
    if own is None:
        return list_ideas(chosen, sort=sort, after=after, reader=reader), None
    drawn = found.beginning(ON_MAP)
    shown = _points(drawn.ids)
    return _listing(own, reader), MapListing(shown, len(drawn.ids) - len(shown), drawn.after is None)


def points(chosen: IdeaFilter, *, sort: str, reader: Actor) -> Sequence[Point]:
    """The first 500 ideas of a list as points; those without a place are left out."""
    return _points(_stretch(chosen, sort=sort, after=None, size=ON_MAP, reader=reader).ids)


def table_pieces(chosen: IdeaFilter, *, sort: str, reader: Actor) -> Iterator[Sequence[Idea]]:
    """The first 5,000 ideas of a list, a few hundred at a time."""
    after: str | None = None
    for _piece in range(IN_TABLE // PIECE):
        found = _stretch(chosen, sort=sort, after=after, size=PIECE, reader=reader)
        yield _whole(found.ids)
        db.session.expunge_all()
        if found.after is None:
            return
        after = found.after


def by_district(
    points: Sequence[Point], places: Sequence[PlaceName], drawn: MapOutlines
) -> list[tuple[PlaceName, int, str]]:
    """Each district and city with how many of these points lie in it, and its outline; cities last, to be on top."""
    paths = {shape.ags: shape.path for shape in drawn.districts}
    counts = Counter(point.district_id for point in points)
    found = [(place, counts[place.id], paths[place.ags]) for place in places if place.ags in paths]
    return sorted(found, key=lambda row: (row[0].is_city, row[0].ags))


def _reading(
    chosen: IdeaFilter, *, sort: str, after: str | None, size: int, reader: Actor, whole: bool = False
) -> Walked | Found:
    """At least so many ideas behind a key; `whole`: of the list from its beginning."""
    if chosen.words:
        return found_among(chosen, sort=sort, after=after, reader=reader)
    return walk(chosen, sort=sort, after=after, size=size, reader=reader, whole=whole)


def _stretch(chosen: IdeaFilter, *, sort: str, after: str | None, size: int, reader: Actor) -> Stretch:
    found = _reading(chosen, sort=sort, after=after, size=size, reader=reader).page(size)
    assert found is not None
    return found


def _listing(found: Stretch, reader: Actor) -> Listing:
    shown, number = cards(found.ids, reader=reader, number=found.number)
    total, is_more = (found.total, found.is_more) if number is None else (min(number, COUNTED), number > COUNTED)
    return Listing(shown, found.after, found.is_first, total, is_more, found.is_short, found.began_anew, found.offers)


def _whole(idea_ids: Collection[int]) -> Sequence[Idea]:
    """These ideas with all a table says of them, in this order."""
    found = db.session.scalars(select(Idea).where(Idea.id.in_(idea_ids)).options(*card())).unique()
    by_id = {idea.id: idea for idea in found}
    return [by_id[one] for one in idea_ids if one in by_id]


def _points(idea_ids: Collection[int]) -> Sequence[Point]:
    shown = (Idea.id, Idea.title, Idea.slug, Idea.status, Idea.supporters_count, Idea.lat, Idea.lon)
    point = (Place.lat.label("place_lat"), Place.lon.label("place_lon"))
    where = (Place.id.label("place_id"), Place.name, Place.kind, Place.parent_id, *point)
    rows = db.session.execute(
        select(*shown, *where).outerjoin(Place, Idea.place_id == Place.id).where(Idea.id.in_(idea_ids))
    )
    by_id = {row.id: row for row in rows}
    return [_point(by_id[one]) for one in idea_ids if one in by_id and _has_point(by_id[one])]


def _has_point(row: Any) -> bool:
    return row.lat is not None or row.place_lat is not None


def _point(row: Any) -> Point:
    is_exact = row.lat is not None and row.lon is not None
    lat, lon = (row.lat, row.lon) if is_exact else (row.place_lat, row.place_lon)
    district = row.parent_id if row.kind == PlaceKind.MUNICIPALITY else row.place_id
    words = (row.id, row.title, row.slug, row.status, row.supporters_count, row.name or "")
    return Point(*words, district, lat, lon, is_exact)
