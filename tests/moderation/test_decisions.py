"""Deciding without a report, deciding again, and who reads why."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.ideas.commands import invite_coauthor, join_idea, submit_idea
from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from app.moderation.commands import decide, report
from app.moderation.models import Ground, Measure
from app.organisations.commands import add_member, found_organisation
from app.organisations.models import Role
from tests.client import Client
from tests.factories import world as worlds
from tests.factories.world import World, idea_text, organisation_text, person
from tests.people import Cast, Person

SignedIn = Callable[[Person], Client]


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    return worlds.build(app)


def test_a_moderator_hides_what_nobody_reported_and_shows_it_again(
    cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    ruth = signed_in(cast.ruth)
    case = ruth.page(f"/ideas/{world.idea}").press("Ausblenden oder wieder zeigen")
    case.form("/decision").fill(measure="hide", ground="respect", facts="Der Ton.").submit("Entscheidung senden")
    assert "Der Ton." in client.page(f"/ideas/{world.idea}", expect=410)
    case = ruth.page(f"/ideas/{world.idea}").press("Ausblenden oder wieder zeigen")
    form = case.form("/decision").fill(measure="restore")
    form.submit("Entscheidung senden", expect=422)
    form.fill(facts="Ein Versehen.").submit("Entscheidung senden")
    assert client.page(f"/ideas/{world.idea}").h1 == "Eine Bank für alle"


def test_closed_cases_are_listed_and_can_be_decided_again(
    cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    ruth = signed_in(cast.ruth)
    case = ruth.page(f"/challenges/{world.challenge}").press("Ausblenden oder wieder zeigen")
    case.form("/decision").fill(measure="hide", ground="law", facts="Geht nicht.").submit("Entscheidung senden")
    closed = ruth.page("/moderation").click("Abgeschlossene Fälle").click("Warten ohne Bank")
    again = closed.press("Noch einmal entscheiden")
    again.form("/decision").fill(measure="restore", facts="Doch.").submit("Entscheidung senden")
    assert client.page(f"/challenges/{world.challenge}").h1 == "Warten ohne Bank"


def test_one_case_is_open_however_often_somebody_takes_it_up(cast: Cast, signed_in: SignedIn, world: World) -> None:
    ruth, ada = signed_in(cast.ruth), signed_in(cast.ada)
    page = f"/ideas/{world.idea}"
    first = ruth.page(page).press("Ausblenden oder wieder zeigen").path
    assert ada.page(page).press("Ausblenden oder wieder zeigen").path == first
    assert "Ausblenden oder wieder zeigen" not in signed_in(cast.anton).page(page)


def test_a_comment_is_hidden_from_where_it_stands(
    cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    case = signed_in(cast.ruth).page(f"/ideas/{world.idea}").press("Ausblenden: Kommentar von")
    case.form("/decision").fill(measure="hide", ground="respect", facts="Ton.").submit("Entscheidung senden")
    assert "Gern." not in client.page(f"/ideas/{world.idea}")


def test_coauthors_and_colleagues_read_why_something_was_hidden(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World
) -> None:
    with app.test_request_context(), unit_of_work():
        ada, anton = person("ada"), person("anton")
        house = found_organisation(organisation_text("Die Werkbank"), by=ada)
        add_member(house, person("sven").id, Role.EDITOR, by=ada)
        ours = submit_idea(idea_text("Von der Werkbank", organisation_id=house.id), by=ada)
        along = db.session.get_one(Idea, world.idea)
        join_idea(invite_coauthor(along, "mara@example.org", by=anton), by=person("mara"))
        decisions = {}
        for idea in (ours, along):
            report(idea, ground=Ground.LAW, text="Bitte ansehen.", email="", by=anton)
            made = decide(idea, measure=Measure.HIDE, ground=Ground.LAW, facts="Deshalb.", by=person("ruth"))
            decisions[idea.id] = made.id
        ours_id = ours.id
    mara, sven = signed_in(cast.mara), signed_in(cast.sven)
    assert "Deshalb." in mara.page(f"/ideas/{world.idea}").click("Begründung lesen")
    assert "Deshalb." in sven.page(f"/decisions/{decisions[ours_id]}")
    mara.page(f"/decisions/{decisions[ours_id]}", expect=404)
    sven.page(f"/decisions/{decisions[world.idea]}", expect=404)
