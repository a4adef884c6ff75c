"""The front page: what is open and until when, what happened, what became of ideas; and when there is nothing yet."""

from types import SimpleNamespace

import pytest
from flask import Flask

from app.home.queries import furthest
from tests.client import Client
from tests.factories import world
from tests.people import Cast


@pytest.mark.on("sqlite")
def test_an_empty_house_says_how_it_works_and_how_to_begin(client: Client) -> None:
    page = client.page("/")
    assert page.texts(".story h3") == ["Herausforderung", "Idee", "Projekt", "Crowdfunding", "Ergebnis"]
    assert len(page.texts(".ways li")) == 3
    assert not page.select(".so-far"), "no row of noughts"
    assert not page.select("#offen")


@pytest.mark.on("sqlite")
def test_what_is_open_says_until_when(app: Flask, cast: Cast, client: Client) -> None:
    world.build(app)
    page = client.page("/")
    assert page.texts("#offen h3") == ["Warten ohne Bank"]
    assert page.texts("#offen .until") == ["ohne festes Ende"]
    assert page.texts(".live li"), "what has just happened"


def test_the_example_is_the_project_that_came_furthest() -> None:
    projects = [SimpleNamespace(status=status) for status in ("running", "funding", "realised")]
    assert furthest(projects) is projects[2]  # type: ignore[arg-type]
    assert furthest(projects[:2]) is projects[1]  # type: ignore[arg-type]
    assert furthest(projects[:1]) is projects[0]  # type: ignore[arg-type]
