"""Points: in which municipality they lie, and whether in the region at all."""

import pytest
from flask import Flask

from app.kit.db import db, unit_of_work
from app.places.models import Place, PlaceKind
from app.places.queries import ags_at, in_region, place_at


@pytest.mark.parametrize(
    ("lat", "lon", "ags"),
    [
        (51.0504, 13.7373, "14612000"),  # Dresden
        (51.3397, 12.3731, "14713000"),  # Leipzig
        (51.1203, 13.1101, "14522080"),  # Döbeln
        (52.52, 13.405, None),  # Berlin
        (50.0755, 14.4378, None),  # Prag
        (13.7373, 51.0504, None),  # swapped
        (7031.0, 13.0, None),
        (float("nan"), 13.0, None),
    ],
)
def test_a_point_lies_in_a_municipality_or_outside(lat: float, lon: float, ags: str | None) -> None:
    assert ags_at(lat, lon) == ags
    assert in_region(lat, lon) == (ags is not None)


def test_every_place_with_an_outline_holds_its_own_point(app: Flask) -> None:
    with app.app_context(), unit_of_work(writes=False):
        kinds = (PlaceKind.CITY, PlaceKind.MUNICIPALITY)
        places = db.session.scalars(db.select(Place).where(Place.kind.in_(kinds))).unique().all()
        assert len(places) == 419
        assert [place.name for place in places if ags_at(place.lat, place.lon) != place.ags] == []
        found = place_at(51.0504, 13.7373)
        assert found is not None
        assert found.name == "Dresden"
