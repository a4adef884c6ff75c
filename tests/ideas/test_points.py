"""A point on the map: typed with a comma, within the region, in the place that is named; preview equals the page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from lxml import html

from app.ideas.forms.point import degrees_in
from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from app.places.queries import frame
from tests.client import Client
from tests.factories.world import photo
from tests.people import Cast, Person
from tests.support.pages import Form

SignedIn = Callable[[Person], Client]


def written(client: Client, **more: str) -> Form:
    form = client.page("/ideas/new").form("/ideas")
    form.fill(title="Bank am Markt", summary="Kurz.", problem="P.", solution="S.", benefit="B.", topic="mobility")
    return form.fill(**more)


@pytest.mark.parametrize(
    ("text", "value"),
    [("51,0504", 51.0504), ("51.05", 51.05), ("51,0504° N", 51.0504), ("13 °O", 13.0), ("x", None), ("1e3", None)],
)
def test_degrees_are_read_as_people_write_them(text: str, value: float | None) -> None:
    assert degrees_in(text) == value


def test_a_point_stands_on_the_page_and_names_the_municipality(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    page = written(signed_in(cast.anton), lat="51,1203", lon="13,1101").submit("Idee einreichen")
    assert "51,1203° Nord" in page
    assert "Döbeln" in page.texts(".subject")[0]
    form = page.click("Bearbeiten").form("/edit")
    assert form.values["lat"] == ["51,12030"]
    form.fill(lat="", lon="").submit("Änderungen speichern")
    with app.app_context(), unit_of_work(writes=False):
        idea = db.session.scalars(db.select(Idea).where(Idea.title == "Bank am Markt")).one()
        assert (idea.lat, idea.lon) == (None, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lat": "52,52", "lon": "13,405"}, "außerhalb der Region"),
        ({"lat": "13,7373", "lon": "51,0504"}, "vertauscht"),
        ({"lat": "51,0504", "lon": ""}, "fehlt die zweite Zahl"),
        ({"lat": "", "lon": "13,7"}, "fehlt die erste Zahl"),
        ({"lat": "hier", "lon": "13,7"}, "Schreiben Sie eine Zahl"),
        ({"lat": "51,0504", "lon": "13,7373", "place": "Leipzig"}, "liegt in Dresden"),
    ],
)
def test_a_point_that_does_not_fit_is_refused_in_words_and_kept(
    cast: Cast, signed_in: SignedIn, fields: dict[str, str], words: str
) -> None:
    page = written(signed_in(cast.anton), **fields).submit("Idee einreichen", expect=422)
    assert words in " ".join(page.texts("#fehler"))
    assert {name: page.form("/ideas").values[name][0] for name in fields} == fields


def test_a_pair_copied_from_elsewhere_is_taken_apart(cast: Cast, signed_in: SignedIn) -> None:
    assert "51,0504° Nord" in written(signed_in(cast.anton), lat="51.0504, 13.7373").submit("Idee einreichen")


def test_the_map_knows_where_it_lies_on_the_globe() -> None:
    x, y = frame().at(51.0504, 13.7373)
    assert abs(x - 376) < 12, "Dresden"
    assert abs(y - 205) < 12


def test_the_preview_says_what_the_page_says(cast: Cast, signed_in: SignedIn) -> None:
    form = written(signed_in(cast.anton), lat="51,1203", lon="13,1101", easy_text="Eine Bank ist gut.")
    form.fill(picture=("bank.jpg", photo()), picture_alt="Eine Bank", problem="**Fett** und\n\n- eins\n- zwei")
    preview = form.submit("Vorschau ansehen")
    shown = article(preview.html)
    page = preview.press("Idee einreichen")
    assert article(page.html) == shown


def article(source: str) -> list[str]:
    """The parts of the article that say what the idea says, as HTML without blanks."""
    tree = html.document_fromstring(source)
    parts = tree.cssselect(
        "article h1, article .lead, article .subject .row-tight:first-child, article .subject .by, article .idea-text"
    )
    texts = [" ".join(html.tostring(part, encoding="unicode", with_tail=False).split()) for part in parts]
    return [re.sub(r'(datetime="[^"]*"|href="[^"]*easy=1[^"]*")', "", text) for text in texts]
