"""Nobody is asked for a comment where none is taken."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.challenges.commands import save_phases
from app.kit import clock
from app.kit.db import unit_of_work
from app.organisations.commands import found_organisation
from app.subjects.acts import Act
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, in_days
from tests.factories.world import organisation_text, person
from tests.people import Cast, Person

CLOSED = "Hier wird gerade nicht kommentiert."


@pytest.fixture
def closed(app: Flask, cast: Cast) -> list[int]:
    """An organisation, which never takes comments, and an idea whose phase takes none now."""
    with app.test_request_context(), unit_of_work():
        house = found_organisation(organisation_text("Offene Werkstatt"), by=person("anton"))
        challenge = a_challenge()
        idea = an_answer(challenge)
        later = a_phase("discuss", in_days(5), in_days(9))
        now = a_phase("collect", clock.today() - timedelta(days=1), in_days(3), acts=frozenset({Act.SUBMIT}))
        save_phases(challenge, [now, later], by=person("ruth"))
        return [house.id, idea.id]


def test_guests_and_members_get_no_form(
    cast: Cast, client: Client, signed_in: Callable[[Person], Client], closed: list[int]
) -> None:
    for reader in (client, signed_in(cast.mara)):
        for number in closed:
            page = reader.page(f"/subjects/{number}/comments")
            assert CLOSED in page
            assert not page.has_form("Kommentar veröffentlichen")
    assert CLOSED in client.page(f"/ideas/{closed[1]}")


def test_where_comments_are_taken_a_guest_may_begin(app: Flask, cast: Cast, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        number = an_answer(a_challenge()).id
    assert client.page(f"/ideas/{number}").has_form("Kommentar veröffentlichen")
