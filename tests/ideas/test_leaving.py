"""Withdrawing with a reason, bringing back, and whether staff may get in touch."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.challenges.commands import set_state as set_challenge_state
from app.challenges.models import ChallengeState
from app.ideas.commands import submit_idea
from app.ideas.models import Idea, IdeaContact
from app.kit import clock
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories.challenges import a_challenge, an_answer, the
from tests.factories.world import World, idea_text, person
from tests.people import Cast, Person
from tests.support.mailbox import Mailbox, text_of_message

SignedIn = Callable[[Person], Client]
Work = Callable[[], None]


def withdraw(client: Client, idea_id: int, reason: str = "Die Bank steht schon.") -> None:
    form = client.page(f"/ideas/{idea_id}").click("Zurückziehen").form("/withdrawal")
    form.fill(reason=reason).submit("Ja, Idee zurückziehen")


def test_the_reason_stands_where_the_idea_stood_and_in_the_mail(
    cast: Cast, client: Client, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    signed_in(cast.mara).page(f"/ideas/{world.idea}").press("Unterstützen")
    withdraw(signed_in(cast.anton), world.idea)
    assert "Die Bank steht schon." in client.page(f"/ideas/{world.idea}", expect=410)
    client.page(f"/ideas/{world.idea}/history", expect=410)
    work()
    mail = text_of_message(smtp.last_to("mara@example.org"))
    assert "Die Bank steht schon." in mail
    assert "Sie unterstützen sie" in mail


def test_without_a_reason_it_just_says_so(cast: Cast, client: Client, signed_in: SignedIn, world: World) -> None:
    withdraw(signed_in(cast.anton), world.idea, reason="")
    page = client.page(f"/ideas/{world.idea}", expect=410)
    assert "hat sie zurückgezogen" in page
    assert "Der Grund" not in page


def test_within_thirty_days_it_comes_back_and_is_read_first(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    anton = signed_in(cast.anton)
    withdraw(anton, world.idea)
    page = anton.page(f"/ideas/{world.idea}")
    assert "wieder einreichen" in page
    page.press("Wieder einreichen")
    client.page(f"/ideas/{world.idea}", expect=410)
    ruth = signed_in(cast.ruth)
    titles = [(a.get("href"), "".join(a.itertext())) for a in ruth.page("/moderation").select("main a")]
    case = next(href for href, title in titles if "Eine Bank für alle" in title and "Kommentar" not in title)
    ruth.page(case).form("/decision").fill(measure="approve").submit()
    assert client.page(f"/ideas/{world.idea}").h1 == "Eine Bank für alle"


def test_after_thirty_days_it_does_not(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    anton = signed_in(cast.anton)
    withdraw(anton, world.idea)
    with app.app_context(), unit_of_work():
        db.session.get_one(Idea, world.idea).withdrawn_at = clock.now() - timedelta(days=31)
    page = anton.page(f"/ideas/{world.idea}")
    assert not page.has_form("/reopening")
    token = anton.page("/").form("#acts").values["csrf_token"][0]
    assert anton.post(f"/ideas/{world.idea}/reopening", data={"csrf_token": token}).status_code == 403


def test_an_idea_that_became_a_project_is_not_withdrawn(cast: Cast, signed_in: SignedIn, world: World) -> None:
    signed_in(cast.anton).page(f"/ideas/{world.promoted_idea}/withdrawal", expect=403)


def test_consent_is_given_with_the_idea_read_by_staff_alone_and_taken_back(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/ideas/new").form("/ideas").fill(title="Neu", summary="K.", problem="P.", solution="S.")
    form.fill(benefit="B.", topic="mobility", contact=True, contact_way="phone")
    refused = form.submit("Vorschau ansehen", expect=422)
    assert "unter der man Sie erreicht" in refused
    preview = refused.form("/ideas").fill(contact_phone="0351 / 123 456").submit("Vorschau ansehen")
    page = preview.press("Idee einreichen")
    assert "0351" not in page
    address = page.path
    assert "0351 / 123 456" in signed_in(cast.ruth).page(address)
    assert "0351" not in client.page(address)
    assert "0351" not in signed_in(cast.mara).page(address)
    consent = anton.page(address).click("Ansprechen lassen")
    assert consent.form("/contact").values["contact_phone"] == ["0351 / 123 456"]
    consent.form("/contact").fill(contact=False).submit("Speichern")
    assert "0351" not in signed_in(cast.ruth).page(address)
    with app.app_context(), unit_of_work(writes=False):
        assert db.session.scalars(db.select(IdeaContact)).unique().all() == []


@pytest.mark.parametrize("phone", ["anrufen", "12", "+49 (0) 351-123"])
def test_a_number_looks_like_one(cast: Cast, signed_in: SignedIn, world: World, phone: str) -> None:
    form = signed_in(cast.anton).page(f"/ideas/{world.idea}/contact").form("/contact")
    form.fill(contact=True, contact_way="phone", contact_phone=phone)
    form.submit("Speichern", expect=200 if phone.startswith("+") else 422)


def test_editing_leaves_the_consent_alone(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    anton = signed_in(cast.anton)
    anton.page(f"/ideas/{world.idea}/contact").form("/contact").fill(contact=True).submit("Speichern")
    anton.page(f"/ideas/{world.idea}/edit").form("/edit").fill(problem="Anders.").submit("Änderungen speichern")
    with app.app_context(), unit_of_work(writes=False):
        assert [one.way for one in db.session.scalars(db.select(IdeaContact)).unique()] == ["mail"]


def test_what_nobody_had_read_was_never_public(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    with app.test_request_context(), unit_of_work():
        waiting = submit_idea(idea_text("Noch ungelesen"), by=person("mara")).id
    page = signed_in(cast.mara).page(f"/ideas/{waiting}").click("Zurückziehen")
    assert "nicht mehr öffentlich" not in page
    page = page.form("/withdrawal").submit("Ja, Idee zurückziehen")
    assert "Ihre Idee ist zurückgezogen." in page
    assert "nicht mehr öffentlich" not in page


def test_while_its_challenge_is_hidden_it_waits_and_says_so(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge(by=person("ruth"))
        idea = an_answer(challenge).id
        set_challenge_state(challenge, ChallengeState.HIDDEN, "Bitte ansehen.")
        number = challenge.id
    anton = signed_in(cast.anton)
    page = anton.page(f"/ideas/{idea}").click("Zurückziehen")
    assert "erst, wenn sie es wieder ist" in page
    page = page.form("/withdrawal").submit("Ja, Idee zurückziehen")
    assert "erst, wenn ihre Herausforderung wieder öffentlich ist" in page
    assert not page.has_form("/reopening")
    token = page.form("#acts").values["csrf_token"][0]
    refused = anton.post(f"/ideas/{idea}/reopening", data={"csrf_token": token})
    assert refused.status_code == 409
    assert "gerade nicht öffentlich" in refused.get_data(as_text=True)
    with app.test_request_context(), unit_of_work():
        set_challenge_state(the(number), ChallengeState.PUBLISHED, "")
    assert "ist wieder eingereicht" in anton.page(f"/ideas/{idea}").press("Wieder einreichen")
