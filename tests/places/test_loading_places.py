"""Saxony's places: names, keys and outlines fit together."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kit.db import db, unit_of_work
from app.places import commands, queries
from app.places.models import Place

DATA = Path(commands.__file__).parent / "data"
HEAD = "ags,name,name_sorbian,kind,parent_ags,lat,lon\n"


@pytest.fixture
def places(app: Flask) -> Iterator[None]:
    """An application whose database knows Saxony's places, within a unit of work."""
    with app.app_context(), unit_of_work():
        commands.load_places()
        yield


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_saxony_has_ten_districts_three_cities_and_416_municipalities(places: None) -> None:
    kinds = Counter(db.session.scalars(select(Place.kind)))
    assert kinds == {"state": 1, "district": 10, "city": 3, "municipality": 416}


def test_loading_twice_changes_nothing(places: None) -> None:
    before = {place.ags: place.id for place in queries.place_options()}
    assert commands.load_places() == 0
    assert {place.ags: place.id for place in queries.place_options()} == before


def test_loading_again_brings_a_changed_name(places: None, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(HEAD + "14,Sachsen neu,,state,,51,13\n", encoding="utf-8")
    commands.load_places(file)
    assert queries.place_by_ags("14").name == "Sachsen neu"
    assert len(queries.place_options()) == 430


def test_a_file_with_a_missing_parent_is_refused(places: None, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(HEAD + "09162000,München,,city,09,48,11\n", encoding="utf-8")
    with pytest.raises(ValueError, match="its parent 09 does not stand above it"):
        commands.load_places(file)


def test_every_key_is_text_and_lies_in_its_parents() -> None:
    for row in _rows("places.csv"):
        assert row["ags"].isdigit()
        assert len(row["ags"]) in (2, 5, 8)
        assert row["ags"].startswith(row["parent_ags"])


def test_names_are_clean_and_whole() -> None:
    names = {row["ags"]: row["name"] for row in _rows("places.csv")}
    assert names["14521020"] == "Annaberg-Buchholz"
    assert names["14522180"] == "Freiberg"
    assert names["14625240"] == "Hoyerswerda"
    assert not any(", " in name or name != name.strip() for name in names.values())


def test_every_outline_belongs_to_one_place() -> None:
    outlines = [key for row in _rows("places.csv") for key in row["outline_ags"].split()]
    assert len(outlines) == len(set(outlines)) == 10 + 3 + 416 + 7


def test_every_outline_with_another_key_is_listed_with_its_reason() -> None:
    moved = {key: row["ags"] for row in _rows("places.csv") for key in row["outline_ags"].split() if len(key) == 8}
    moved = {key: ags for key, ags in moved.items() if key != ags}
    mapping = _rows("outline_mapping.csv")
    assert {row["outline_ags"]: row["ags"] for row in mapping} == moved
    assert len({row["ags"] for row in mapping}) == 7
    assert all(row["reason"] and row["changed_on"] for row in mapping)


def test_every_municipality_has_an_outline_and_its_point_lies_inside() -> None:
    features = json.loads((DATA / "municipalities.geo.json").read_text(encoding="utf-8"))["features"]
    outlines = {feature["properties"]["ags"]: _polygons(feature["geometry"]) for feature in features}
    places = {row["ags"]: row for row in _rows("places.csv") if len(row["ags"]) == 8}
    assert outlines.keys() == places.keys()
    outside = [row["name"] for ags, row in places.items() if not _contains(outlines[ags], row)]
    assert outside == []


def test_the_map_shows_each_district_and_city_once(places: None) -> None:
    shown = Counter(outline.ags for outline in queries.outlines().districts)
    assert shown == Counter(place.ags for place in queries.offered_places(None))


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def _contains(polygons: list[Any], row: dict[str, str]) -> bool:
    x, y = float(row["lon"]), float(row["lat"])
    crossings = 0
    for ring in (ring for polygon in polygons for ring in polygon):
        for (x1, y1), (x2, y2) in pairwise(ring):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1
