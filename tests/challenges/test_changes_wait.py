"""What a new member changes about a public challenge is read by a moderator before everybody reads it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.challenges import commands
from app.challenges.commands import PhaseText, QuestionText
from app.challenges.models import Challenge
from app.kit import clock
from app.kit.db import unit_of_work
from app.organisations.commands import found_organisation, verify
from tests.client import Client
from tests.factories.challenges import a_phase, in_days, the
from tests.factories.world import challenge_text, organisation_text, person
from tests.people import Cast, Person

SignedIn = Callable[[Person], Client]
REASON = "Die Moderation liest sie noch einmal."


@pytest.fixture
def mine(app: Flask, cast: Cast) -> int:
    """Mara's challenge, which was approved."""
    with app.test_request_context(), unit_of_work():
        challenge = commands.post_challenge(challenge_text("Warten im Regen"), by=person("mara"), moderate_new=False)
        return challenge.id


def approve(signed_in: SignedIn, cast: Cast) -> None:
    case = signed_in(cast.ruth).page("/moderation").click("Warten im Regen")
    case.form("/decision").fill(measure="approve").submit("Entscheidung senden")


def test_words_and_links_wait_and_are_public_once_they_were_read(
    cast: Cast, client: Client, signed_in: SignedIn, mine: int
) -> None:
    mara = signed_in(cast.mara)
    form = mara.page(f"/challenges/{mine}/edit").form(f"/challenges/{mine}/edit")
    page = form.fill(known="Kauft Rasierer.", links="https://werbung.example Billig").submit()
    assert "Die Moderation liest die Änderung" in page
    assert "Kauft Rasierer." in page
    gone = client.page(f"/challenges/{mine}", expect=410)
    assert REASON in gone
    assert "Rasierer" not in gone.html
    assert "Warten im Regen" not in client.page("/challenges?q=Regen").main
    approve(signed_in, cast)
    assert "Kauft Rasierer." in client.page(f"/challenges/{mine}")


@pytest.mark.parametrize("change", ["questions", "phases"])
def test_questions_and_phases_wait_too(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, mine: int, change: str
) -> None:
    with app.test_request_context(), unit_of_work():
        _change(the(mine), change)
    assert REASON in client.page(f"/challenges/{mine}", expect=410)
    approve(signed_in, cast)
    client.page(f"/challenges/{mine}")


def test_the_page_where_it_was_changed_says_that_it_waits(cast: Cast, signed_in: SignedIn, mine: int) -> None:
    mara = signed_in(cast.mara)
    for part in ("questions", "phases"):
        page = mara.page(f"/challenges/{mine}/{part}").form(f"/challenges/{mine}/{part}").submit()
        assert "Die Moderation liest die Änderung" in page
    assert "Sie ist nicht öffentlich, bis" in mara.page(f"/challenges/{mine}")


@pytest.mark.on("sqlite")
def test_people_we_trust_and_verified_organisations_do_not_wait(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        trusted = commands.post_challenge(challenge_text("Von Anton"), by=person("anton"))
        house = found_organisation(organisation_text("Verlässlich"), by=person("mara"), moderate_new=False)
        verify(house, by=person("ruth"))
        text = challenge_text("Von allen", organisation_id=house.id)
        vouched = commands.post_challenge(text, by=person("mara"), moderate_new=False)
        for challenge, name in ((trusted, "anton"), (vouched, "mara")):
            _change(challenge, "questions", by=name)
            assert challenge.is_public


def _change(challenge: Challenge, part: str, by: str = "mara") -> None:
    if part == "questions":
        commands.save_questions(challenge, [QuestionText(kind="text", label="Rasierer?")], by=person(by))
    else:
        phase: PhaseText = a_phase("collect", clock.today() - timedelta(days=1), in_days(9), text="Rasierer.")
        commands.save_phases(challenge, [phase], by=person(by))
