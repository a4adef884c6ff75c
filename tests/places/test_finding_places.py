"""People type places as they speak; two of a name are never mixed up."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.kit.db import unit_of_work
from app.places import commands, queries

TYPED = {
    "Döbeln, Mittelsachsen": "14522080",
    "  doebeln ": "14522080",
    "dobeln": "14522080",
    "DÖBELN": "14522080",
    "14522080": "14522080",
    "Leipzig": "14713000",
    "Landkreis Leipzig": "14729",
    "Görlitz": "14626110",
    "Görlitz, Landkreis Görlitz": "14626110",
    "Landkreis Görlitz": "14626",
    "Landkreis Mittelsachsen": "14522",
    "Bernsdorf, Landkreis Bautzen": "14625030",
    "Bernsdorf, Zwickau": "14524010",
    "Schwarzenberg": "14521550",
    "Reichenbach/O.L.": "14626450",
    "Budyšin": "14625020",
    "Wojerecy": "14625240",
    "Sachsen": "14",
}


@pytest.fixture(autouse=True)
def places(app: Flask) -> Iterator[None]:
    """An application whose database knows Saxony's places, within a unit of work."""
    with app.app_context(), unit_of_work():
        commands.load_places()
        yield


def test_a_place_is_found_by_what_people_type() -> None:
    assert {typed: queries.find_place(typed).ags for typed in TYPED} == TYPED


def test_a_text_without_a_letter_is_no_place() -> None:
    assert [queries.find_place(text) for text in ("", "   ", "%", "\u202e")] == [None] * 4


def test_a_name_of_several_places_asks_which() -> None:
    for typed in ("Bernsdorf", "Auerbach", "Neustadt", "Reichenbach"):
        with pytest.raises(queries.PlaceUnclear) as unclear:
            queries.find_place(typed)
        assert len(unclear.value.candidates) > 1
        assert all(place.label in unclear.value.message for place in unclear.value.candidates)


def test_the_beginning_of_a_name_is_asked_back_not_guessed() -> None:
    with pytest.raises(queries.PlaceUnclear) as unclear:
        queries.find_place("Annaberg")
    assert [place.label for place in unclear.value.candidates] == ["Annaberg-Buchholz, Erzgebirgskreis"]


def test_an_unknown_place_says_what_to_do() -> None:
    for typed in ("Entenhausen", "04703", "'; DROP TABLE places", "x" * 10_000):
        with pytest.raises(queries.PlaceUnclear, match="Diesen Ort kennen wir nicht"):
            queries.find_place(typed)


def test_labels_are_distinct() -> None:
    labels = [place.label for place in queries.place_options()]
    assert len(set(labels)) == len(labels) == 430


def test_names_sort_by_german_rules() -> None:
    names = [place.name for place in queries.place_options()]
    assert names.index("Döbeln") < names.index("Dohna")
    assert names.index("Böhlen") < names.index("Borna")


def test_every_label_finds_its_own_place() -> None:
    places = {place.ags: place.label for place in queries.place_options() if place.ags.startswith("14626")}
    assert {ags: queries.find_place(label).ags for ags, label in places.items()} == {ags: ags for ags in places}


def test_a_district_holds_its_municipalities_and_the_state_holds_all() -> None:
    district = queries.place_by_ags("14522")
    within = queries.places_within(district.id)
    assert district.id in within
    assert len(within) == 1 + sum(place.parent_id == district.id for place in queries.place_options())
    assert len(queries.places_within(queries.place_by_ags("14").id)) == 430


def test_a_place_knows_its_district() -> None:
    assert queries.find_place("Döbeln").district_id == queries.place_by_ags("14522").id
    assert queries.find_place("Dresden").district_id == queries.find_place("Dresden").id
    assert queries.find_place("Sachsen").district_id is None
