"""The front page: what is open and until when, what happened, what became of ideas; and when there is nothing yet."""

from types import SimpleNamespace

import pytest
from flask import Flask

from app.home import jobs, queries
from app.home.queries import furthest
from app.kit import tallies
from app.kit.db import unit_of_work
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


def test_few_are_counted_as_they_are_and_of_many_the_runner_counts(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.build(app)
    with app.test_request_context(), unit_of_work(writes=False):
        now = queries.region()
        assert now.numbers["ideas"] > 1
        assert sum(count for _place, count, _path in now.districts) <= now.numbers["ideas"]
        everything = queries.counted()
        assert everything == now.numbers | {"districts": everything["districts"]}
    with app.test_request_context():
        jobs.count()
    monkeypatch.setattr(tallies, "EXACT", 0)  # now everything is too much to be counted
    with app.test_request_context():
        with unit_of_work(writes=False):
            assert queries.region() == now, "what the runner counted"
        with unit_of_work():
            more = everything | {"ideas": 5000, "districts": {str(now.districts[0][0].id): 4000}}
            tallies.keep(queries.TALLY, more)
        with unit_of_work(writes=False):
            told = queries.region()
            assert told.numbers["ideas"] == 5000, "counted some minutes ago is good enough"
            assert told.districts[0][1] == 4000
