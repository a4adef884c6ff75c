"""The way to a first idea: choose, answer three questions, look and send. Without JavaScript, signing in midway."""

from collections.abc import Callable

from flask import Flask

from tests.client import Client
from tests.factories import world
from tests.factories.accounts import confirm
from tests.people import Cast
from tests.support.pages import Page

TEXT = "Wer um 22 Uhr Feierabend hat, kommt nicht mehr nach Hause."
ANSWERS = {"title": "Ein Bus nach der Spätschicht", "summary": "Zwei Busse.", "problem": TEXT}
ANSWERS |= {"solution": "Ein Bus wartet.", "benefit": "Wer spät arbeitet.", "topic": "mobility"}


def test_home_and_the_form_both_lead_to_the_first_step(client: Client) -> None:
    assert client.page("/").select("a.button[href='/ideas/begin']")
    assert client.page("/ideas/new").select(".form-head a[href='/ideas/begin']")


def test_the_first_step_offers_every_open_challenge_and_a_free_idea(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    begin = client.page("/ideas/begin")
    targets = [link.get("href") for link in begin.select(".picks a")]
    assert targets == ["/ideas/new?guided=1", f"/ideas/new?challenge={made.challenge}&guided=1"]
    assert begin.texts(".steps [aria-current=step]") == ["1 Schritt 1 von 3: Wozu?"]


def test_the_form_and_its_preview_say_truly_who_reads_first(
    cast: Cast, client: Client, signed_in: Callable[..., Client]
) -> None:
    waits = {client: True, signed_in(cast.mara): True, signed_in(cast.anton): False, signed_in(cast.ruth): False}
    for who, is_read_first in waits.items():
        form = who.page("/ideas/new")
        shown = [form] if who is client else [form, form.form("/ideas").fill(**ANSWERS).submit("Vorschau ansehen")]
        for page in shown:
            assert ("schaut die Moderation kurz darauf" in page) is is_read_first
            assert ("ist Ihre Idee sofort öffentlich" in page) is not is_read_first
        if who is not client:
            description = who.page("/challenges/new")
            assert ("Die Moderation schaut kurz darauf" in description) is is_read_first


def test_a_member_goes_through_three_steps(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    client.sign_in(cast.anton.email)
    second = client.page(f"/ideas/new?challenge={made.challenge}&guided=1")
    assert second.h1 == "Drei Fragen zu Ihrer Idee"
    assert len(second.texts(".example")) == 5, "each question has an example"
    third = second.form("/ideas").fill(**ANSWERS).submit()
    assert third.texts(".steps [aria-current=step]") == ["3 Schritt 3 von 3: Ansehen und senden"]
    assert TEXT in third
    idea = third.press("Idee einreichen")
    assert idea.h1 == ANSWERS["title"]
    assert idea.select(f".chain a[href*='/challenges/{made.challenge}-']")


def test_what_is_missing_is_said_in_the_second_step(cast: Cast, client: Client) -> None:
    client.sign_in(cast.anton.email)
    again = client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS | {"benefit": ""}).submit(expect=422)
    assert TEXT in again
    assert again.h1 == "Drei Fragen zu Ihrer Idee", "still in three steps"
    assert again.form("/ideas").fill(benefit="Alle.").submit().select(".steps [aria-current=step]")


def test_a_guest_signs_in_before_the_third_step_and_loses_nothing(cast: Cast, client: Client) -> None:
    door = client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS).submit()
    assert door.h1 == "Anmelden"
    back = door.form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()
    assert [text for text in back.texts(".echo dd") if len(text) < 4] == [], "marks and choices are no words"
    look_and_send(back)


def test_who_registers_midway_loses_nothing_either(app: Flask, client: Client) -> None:
    client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS).submit()
    new = {"name": "Juna Winkler", "email": "juna@example.org", "password": "Apfelbaum-am-Teich-9"}
    client.page("/register").form("/register").fill(**new | {"password_confirm": new["password"]}).submit()
    with app.test_request_context():
        confirm(new["email"])
    look_and_send(client.sign_in(new["email"], new["password"]))


def look_and_send(back: Page) -> None:
    assert TEXT in back
    third = back.press("Weiter zur Vorschau")
    assert third.texts(".steps [aria-current=step]") == ["3 Schritt 3 von 3: Ansehen und senden"]
    assert third.press("Idee einreichen").h1 == ANSWERS["title"]


def test_going_back_from_the_third_step_keeps_the_text(cast: Cast, client: Client) -> None:
    client.sign_in(cast.anton.email)
    third = client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS).submit()
    second = third.click("Drei Fragen")
    assert second.h1 == "Drei Fragen zu Ihrer Idee"
    assert TEXT in second.select("textarea[name=problem]")[0].text
