"""Finding places, and the outlines of the districts for the map."""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from app.kit.clauses import tag
from app.kit.db import db
from app.kit.errors import Invalid
from app.kit.filters import Group, Option
from app.kit.i18n import gettext as _
from app.kit.remembering import remembered
from app.kit.said import say
from app.places.models import Place, PlaceKind

OUTLINES = Path(__file__).parent / "data" / "outlines.json"
MUNICIPALITIES = Path(__file__).parent / "data" / "municipalities.geo.json"
DISTRICTS = Path(__file__).parent / "data" / "districts.geo.json"
MOST_CANDIDATES = 6
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})  # "Doebeln"
# What follows the short name people use: "Schwarzenberg/Erzgeb.", "Neustadt i. Sa.", "Reichenbach im Vogtland".
SUFFIX = re.compile(r"(/| im | i\.| a\. ?d\.| b\. ).*")


class PlaceUnclear(Invalid):
    """The text names no place, or several; `candidates` are the places it may have meant, perhaps none."""

    def __init__(self, message: str, candidates: Sequence[Place]) -> None:
        super().__init__(message, {"place": message})
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Outline:
    """A district or city drawn on the map's grid: an SVG path and the point its label stands at."""

    ags: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality or city on the globe: its rings of (longitude, latitude), and the box around them."""

    ags: str
    box: tuple[float, float, float, float]
    rings: tuple[tuple[tuple[float, float], ...], ...]

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies within: a ray to the east crosses the border an odd number of times (holes too)."""
        west, south, east, north = self.box
        if not (west <= lon <= east and south <= lat <= north):
            return False
        crossed = 0
        for ring in self.rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                crossed += (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1
        return crossed % 2 == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How the map's grid lies on the globe: the point (`left`, `top`) is at `west` and `north` (degrees), and a degree
    is `east` units wide and `south` units high.
    """

    west: float
    north: float
    left: int
    top: int
    east: float
    south: float

    def at(self, lat: float, lon: float) -> tuple[int, int]:
        """Where a point stands on the grid."""
        return round(self.left + (lon - self.west) * self.east), round(self.top + (self.north - lat) * self.south)


@dataclass(frozen=True, slots=True)
class MapOutlines:
    """All outlines on one grid of `width` by `height` units, so that neighbours share their borders."""

    width: int
    height: int
    districts: tuple[Outline, ...]


class PlaceName(NamedTuple):
    """What a filter shows of a place; lighter than the place itself."""

    id: int
    name: str
    ags: str
    is_city: bool


def offered(selected: Any) -> ColumnElement[bool]:
    """Whether a filter offers a place: districts, cities, and the one that is chosen, should it be a smaller one."""
    return or_(Place.kind.in_((PlaceKind.DISTRICT, PlaceKind.CITY)), Place.id == selected)


def offered_places(selected: int | None) -> list[PlaceName]:
    """The places a filter offers."""
    shown = select(Place.id, Place.name, Place.ags, Place.kind == PlaceKind.CITY)
    return [PlaceName(*row) for row in db.session.execute(shown.where(offered(selected or 0)))]


def place_group(places: Sequence[PlaceName], selected: int | None) -> Group:
    """Places as a filter, in German order."""
    named = sorted(places, key=lambda place: (fold(place.name), place.ags))
    options = [Option(str(place.id), place.name, place.id == selected) for place in named]
    return Group("place", _("Ort"), [Option("", _("Überall"), not selected), *options])


def place_names(place_ids: Collection[int]) -> dict[int, str]:
    """The names of several places, by their ids."""
    named = select(Place.id, Place.name).where(Place.id.in_(place_ids))
    return {row.id: row.name for row in db.session.execute(named)} if place_ids else {}


def place_tags(place_id: int | None) -> list[str]:
    """What the search filters by: a place and those it lies in, from small to large."""
    tags: list[str] = []
    while place_id and (place := db.session.get(Place, place_id)):
        tags.append(tag("place", place.id))
        place_id = place.parent_id
    return tags


def place_options() -> list[Place]:
    """Every place a person may choose, in German order; their labels fill the form's list."""
    return sorted(db.session.scalars(select(Place)), key=_sort_key)


def place_labels() -> list[str]:
    """The labels of every place, in German order, for the list a form offers; lighter than the places themselves."""
    above = aliased(Place)
    rows = db.session.execute(select(Place.name, Place.kind, above.name).outerjoin(above, Place.parent_id == above.id))
    named = [
        f"{name}, {district}" if kind == PlaceKind.MUNICIPALITY and district else name for name, kind, district in rows
    ]
    return sorted(named, key=fold)


def places_exist() -> bool:
    """Whether the region has any places yet."""
    return db.session.scalar(select(Place.id).limit(1)) is not None


def place_by_ags(ags: str) -> Place | None:
    """The place with this official key."""
    return db.session.scalars(select(Place).where(Place.ags == ags)).one_or_none()


def find_place(text: str) -> Place | None:
    """The place a person typed or picked: a label, a name, a name in Sorbian, or an AGS; none for an empty text.

    Raises:
        PlaceUnclear: no place is called that, or more than one.
    """
    return find_among(place_options(), text) if fold(text) else None


def find_among(places: Sequence[Place], text: str) -> Place:
    """As `find_place`, among places that are loaded already: an import asks for thousands.

    Raises:
        PlaceUnclear: no place is called that, or more than one.
    """
    wanted = fold(text)
    fitting = [place for place in places if wanted in _names(place)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        choice = "; ".join(place.label for place in fitting)
        raise PlaceUnclear(say("Diesen Namen gibt es mehrmals. Bitte wählen Sie: %(choice)s.", choice=choice), fitting)
    raise _unknown(wanted, places)


def places_within(place_id: int) -> list[int]:
    """The ids of the place itself and of every place in it."""
    return list(db.session.scalars(select(Place.id).where(lies_within(place_id)).order_by(Place.id)))


def lies_within(place_id: Any) -> ColumnElement[bool]:
    """Whether a place is this one or lies in it."""
    inner = select(Place.id).where(Place.parent_id == place_id)
    return or_(Place.id == place_id, Place.parent_id == place_id, Place.parent_id.in_(inner))


@cache
def outlines() -> MapOutlines:
    """The districts' outlines (© BKG, see `data/SOURCES.md`)."""
    data = json.loads(OUTLINES.read_text(encoding="utf-8"))
    shapes = tuple(Outline(ags=d["key"], path=d["path"], x=d["x"], y=d["y"]) for d in data["districts"])
    return MapOutlines(width=data["width"], height=data["height"], districts=shapes)


def drawn_map() -> tuple[MapOutlines, Frame] | None:
    """The outlines of the region with where they lie on the globe; none where it has no outlines."""
    drawn = outlines()
    keys = [district.ags for district in drawn.districts]
    there = db.session.scalar(select(Place.id).where(Place.ags.in_(keys)).limit(1))
    return (drawn, frame()) if there is not None else None


@cache
def frame() -> Frame:
    """Where the map's grid lies on the globe."""
    drawn = " ".join(one.path for one in outlines().districts)
    shapes = [(int(x), int(y)) for x, y in re.findall(r"(-?\d+),(-?\d+)", drawn)]
    boxes = [area.box for area in areas()]
    west, north = min(box[0] for box in boxes), max(box[3] for box in boxes)
    wide, high = max(box[2] for box in boxes) - west, north - min(box[1] for box in boxes)
    left, top = min(x for x, _y in shapes), min(y for _x, y in shapes)
    right, bottom = max(x for x, _y in shapes), max(y for _x, y in shapes)
    return Frame(west=west, north=north, left=left, top=top, east=(right - left) / wide, south=(bottom - top) / high)


@cache
def areas() -> tuple[Area, ...]:
    """Every municipality and city with an outline (© BKG, see `data/SOURCES.md`)."""
    features = json.loads(MUNICIPALITIES.read_text(encoding="utf-8"))["features"]
    return tuple(_area(feature["properties"]["ags"], feature["geometry"]) for feature in features)


def ags_at(lat: float, lon: float) -> str | None:
    """The official key of the municipality or city a point lies in (WGS 84, degrees); none outside the region."""
    return next((area.ags for area in areas() if area.holds(lat, lon)), None)


def in_region(lat: float, lon: float) -> bool:
    """Whether a point lies in the region: within the outline of any municipality or city."""
    return ags_at(lat, lon) is not None


def region_holds(lat: float, lon: float) -> bool:
    """Whether a point counts as within the region; where no place of it has an outline, every point on earth does."""
    if place_at(lat, lon) is not None:
        return True
    outlined = select(Place.id).where(Place.ags.in_([area.ags for area in areas()])).limit(1)
    return -90 <= lat <= 90 and -180 <= lon <= 180 and db.session.scalar(outlined) is None


def place_at(lat: float, lon: float) -> Place | None:
    """The municipality or city a point lies in."""
    ags = ags_at(lat, lon)
    return place_by_ags(ags) if ags else None


@remembered(4000)
def fold(text: str) -> str:
    """A name for sorting and comparing by DIN 5007-1: ä as a, ß as ss, case and punctuation aside."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", letters))


def _area(ags: str, geometry: dict[str, Any]) -> Area:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = tuple(tuple((x, y) for x, y in ring) for polygon in polygons for ring in polygon)
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    return Area(ags, (min(xs), min(ys), max(xs), max(ys)), rings)


def _unknown(wanted: str, places: Sequence[Place]) -> PlaceUnclear:
    near = [place for place in places if any(name.startswith(wanted) for name in _names(place))][:MOST_CANDIDATES]
    if near:
        choice = "; ".join(place.label for place in near)
        return PlaceUnclear(say("Diesen Ort kennen wir nicht. Meinten Sie: %(choice)s?", choice=choice), near)
    return PlaceUnclear(say("Diesen Ort kennen wir nicht. Bitte wählen Sie eine Gemeinde oder einen Kreis."), [])


def _names(place: Place) -> set[str]:
    names = {place.ags, place.label, place.name, SUFFIX.sub("", place.name), place.name_sorbian or place.name}
    if place.kind == PlaceKind.DISTRICT:
        names.add(f"Landkreis {place.name}")
    elif place.kind == PlaceKind.MUNICIPALITY and place.parent:
        names.add(f"{place.name} {place.parent.name.removeprefix('Landkreis ')}")
    return set().union(*map(_spellings, names))


@remembered(2000)
def _spellings(name: str) -> frozenset[str]:
    return frozenset({fold(name), fold(name.translate(WRITTEN_OUT))})


def _sort_key(place: Place) -> tuple[str, str]:
    return fold(place.label), place.ags
