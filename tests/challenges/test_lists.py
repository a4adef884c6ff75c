"""The lists of challenges and projects: what narrows them."""

import pytest
from flask import Flask

from app.challenges.queries import ChallengeFilter, list_challenges
from app.kit.db import unit_of_work
from app.places.queries import find_place
from tests.client import Client
from tests.factories.challenges import a_challenge
from tests.factories.world import build
from tests.people import Cast


@pytest.fixture
def town(app: Flask, cast: Cast) -> tuple[int, int]:
    """Pirna and its district: it has a challenge of its own, one it shares with Leipzig, and Leipzig has one."""
    with app.test_request_context(), unit_of_work():
        pirna, leipzig = find_place("Pirna"), find_place("Leipzig")
        assert pirna is not None
        assert leipzig is not None
        a_challenge("Nur in Pirna", place_id=pirna.id)
        a_challenge("Hier und dort", place_id=leipzig.id, more_place_ids=[pirna.id])
        a_challenge("Nur in Leipzig", place_id=leipzig.id)
        return pirna.id, pirna.parent_id or 0


def test_challenges_of_a_place_are_those_within_and_those_that_name_it_further(
    client: Client, town: tuple[int, int]
) -> None:
    for number in town:
        page = client.page(f"/challenges?place={number}")
        assert sorted(page.texts(".challenge-card h3")) == ["Hier und dort", "Nur in Pirna"]
    page = client.page("/challenges")
    assert "Nur in Leipzig" in page
    district = next(o for o in page.select("#filter-place option") if o.get("value") == str(town[1]))
    assert district.text
    assert client.page(f"/challenges?place={town[1]}").links("Alle Filter entfernen")
    for wrong in ("x", "-1", str(2**63), "999999"):
        client.page(f"/challenges?place={wrong}")


def test_projects_are_searched_as_other_lists_are(app: Flask, cast: Cast, client: Client) -> None:
    build(app)
    title = client.page("/projects").texts(".card h3")[0]
    word = max(title.split(), key=len)
    assert client.page(f"/projects?q={word}").texts(".card h3") == [title]
    nothing = client.page("/projects?q=zzzqqq")
    assert nothing.texts(".card h3") == []
    assert "Dazu haben wir kein Projekt gefunden" in nothing
    assert "für „zzzqqq“" in nothing
    assert nothing.links("Alle Projekte ansehen")


def test_each_page_goes_on_where_the_one_before_ended(app: Flask, town: tuple[int, int]) -> None:
    """All were published on one day: moments are compared, not how they are written."""
    with app.test_request_context():
        every, met, after = [one.id for one in list_challenges(ChallengeFilter()).items], [], None
        for _page in every:
            page = list_challenges(ChallengeFilter(), after=after, size=1)
            met += [one.id for one in page.items]
            after = page.after
    assert len(every) >= 3
    assert (met, after) == (every, None)
