"""What a person typed survives errors, signing in midway and two tabs."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.client import Client
from tests.factories import world
from tests.factories.accounts import confirm
from tests.people import Cast

TEXT = "Ein Satz, den niemand zweimal tippen möchte."
ANSWERS = {"title": "Eine Bank", "summary": "Kurz.", "problem": TEXT, "solution": "Ja.", "benefit": "Alle."}


def test_a_guests_comment_waits_while_they_sign_in(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    door = client.page(f"/ideas/{made.idea}").form("/comments").fill(body=TEXT).submit()
    assert door.h1 == "Anmelden"
    back = door.form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()
    assert TEXT in back
    assert TEXT in back.press("Weiter"), "sent, it stands below the idea"


def test_a_guests_idea_waits_while_they_sign_in(app: Flask, cast: Cast, client: Client) -> None:
    door = client.page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care").submit()
    back = door.form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()
    assert TEXT in back
    idea = back.press("Weiter")
    assert idea.h1 == "Eine Bank"
    assert "Eine Bank" not in client.page("/account").texts(".drafts"), "the draft is gone once it is sent"


def test_a_guest_who_writes_too_much_gets_it_back(client: Client) -> None:
    refused = (
        client.page("/ideas/new")
        .form("/ideas")
        .fill(**ANSWERS | {"problem": TEXT * 5000}, topic="care")
        .submit(expect=422)
    )
    assert "Der Entwurf ist zu lang." in refused
    assert TEXT * 5000 in refused


def test_a_guest_is_asked_for_their_picture_again(app: Flask, cast: Cast, client: Client) -> None:
    """Files of people we do not know are not kept; the words are, and the page says so."""
    form = client.page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care")
    door = form.fill(picture=("bank.jpg", world.photo()), picture_alt="Eine Bank").submit()
    back = door.form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()
    assert "Bilder und Dateien konnten wir vor dem Anmelden nicht aufbewahren." in back
    idea = back.form("Weiter").fill(picture=("bank.jpg", world.photo())).submit()
    assert idea.h1 == "Eine Bank"
    assert idea.select(".window img[alt='Eine Bank']")


def test_who_registers_midway_is_asked_for_their_picture_in_the_form(app: Flask, client: Client) -> None:
    form = client.page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care")
    form.fill(picture=("bank.jpg", world.photo())).submit()
    new = {"name": "Juna Winkler", "email": "juna@example.org", "password": "Apfelbaum-am-Teich-9"}
    new["password_confirm"] = new["password"]
    client.page("/register").form("/register").fill(**new).submit()
    confirm_in(app, new["email"])
    page = client.sign_in(new["email"], new["password"])
    assert "Bitte wählen Sie Ihre Bilder und Dateien noch einmal." in page
    assert TEXT in page.select("textarea[name=problem]")[0].text


def confirm_in(app: Flask, email: str) -> None:
    with app.test_request_context():
        confirm(email)


def test_a_guests_support_is_given_after_signing_in(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    door = client.page(f"/ideas/{made.idea}").press("Unterstützen")
    back = door.form("/login").fill(email=cast.mara.email, password=cast.mara.password).submit()
    back.press("Weiter")
    assert "Unterstützt" in client.page(f"/ideas/{made.idea}").texts(".support")[0]


def test_an_invalid_form_comes_back_with_everything(signed_in: Callable[..., Client], cast: Cast) -> None:
    form = signed_in(cast.anton).page("/ideas/new").form("/ideas")
    page = form.fill(**ANSWERS | {"benefit": ""}, topic="care", place="Nirgendwo").submit(expect=422)
    assert page.select("textarea[name=problem]")[0].text.strip() == TEXT
    assert page.select("input[name=topic][value=care]")[0].get("checked") is not None
    assert "Diesen Ort kennen wir nicht" in page
    assert page.select("#fehler a[href='#benefit']")


def test_a_draft_saves_itself_and_can_be_gone_on_with(signed_in: Callable[..., Client], cast: Cast) -> None:
    client = signed_in(cast.anton)
    token = client.page("/ideas/new").form("/ideas").values["csrf_token"][0]
    saved = client.post("/drafts", data=ANSWERS | {"csrf_token": token, "form_address": "/ideas"})
    draft = saved.get_json()["draft_token"]
    again = client.post("/drafts", data=ANSWERS | {"csrf_token": token, "form_address": "/ideas", "draft_token": draft})
    assert again.get_json()["draft_token"] == draft, "the same draft, and the same text"
    page = client.page("/account").click("Eine Bank")
    assert page.select("textarea[name=problem]")[0].text.strip() == TEXT


def test_a_closed_challenge_refuses_an_idea_and_gives_it_back(
    signed_in: Callable[..., Client], cast: Cast, app: Flask
) -> None:
    form = signed_in(cast.anton).page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care")
    page = form.force(challenge="999999").submit(expect=422)
    assert TEXT in page.select("textarea[name=problem]")[0].text


def test_an_idea_sent_again_with_a_picture_gets_it(signed_in: Callable[..., Client], cast: Cast) -> None:
    client = signed_in(cast.anton)
    form = client.page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care")
    first = form.submit()
    again = form.fill(picture=("bank.jpg", world.photo()), picture_alt="Eine Bank").submit()
    assert again.path == first.path, "the same idea, not a second one"
    assert again.select(".window img[alt='Eine Bank']")
    third = form.fill(picture=("andere.jpg", world.photo()), picture_alt="Eine andere").submit()
    assert third.select(".window img[alt='Eine Bank']"), "what it has stays"


def test_the_preview_reminds_gently_of_a_missing_description(signed_in: Callable[..., Client], cast: Cast) -> None:
    form = signed_in(cast.anton).page("/ideas/new").form("/ideas").fill(**ANSWERS, topic="care")
    assert "hat eine Beschreibung" not in form.submit("Vorschau")
    preview = form.fill(picture=("bank.jpg", world.photo())).submit("Vorschau")
    assert "Nicht jedes Bild hat eine Beschreibung." in preview
    back = preview.click("Bilder beschreiben")
    row = back.select("input[name=picture_id]")[0].get("value")
    again = back.form("/ideas").fill(**{f"picture_alt_{row}": "Eine Bank"}).submit("Vorschau")
    assert "hat eine Beschreibung" not in again
    assert again.form("#vorschau-senden").submit().select(".window img[alt='Eine Bank']")


@pytest.mark.parametrize(
    ("who", "address", "field"),
    [
        ("ada", "/admin/pages/imprint/de", "body"),
        ("anton", "/ideas/{idea}/edit", "problem"),
        ("mara", "/ideas/{waiting_idea}/edit", "problem"),
        ("ada", "/organisations/{organisation}/edit", "text"),
        ("ada", "/updates/{update}/edit", "body"),
        ("ruth", "/ideas/{idea}/project", "description"),
    ],
)
def test_an_edit_waits_while_somebody_whose_session_ended_signs_in(
    app: Flask, cast: Cast, client: Client, who: str, address: str, field: str
) -> None:
    made, person = world.build(app), getattr(cast, who)
    path = address.format(**vars(made))
    client.sign_in(person.email, person.password)
    form = client.page(path).form(path).fill(**{field: TEXT})
    if "project" in path:
        form.fill(reason="Zusagen liegen vor.")
    client.sign_out()
    back = form.submit().form("/login").fill(email=person.email, password=person.password).submit()
    assert TEXT in back
    assert back.h1 == "Weiter, wo Sie waren"
    saved = back.form(path).submit("Weiter")
    assert TEXT in saved.main or TEXT in client.page(path).form(path).values[field]
    drafts = {link.text for link in client.page("/account").select("a[href^='/continue/']")}
    assert drafts <= {"Halb fertig"}, "only the one that was there before is left"


@pytest.mark.on("sqlite")
def test_a_preview_without_a_session_keeps_the_text_too(app: Flask, cast: Cast, client: Client) -> None:
    client.sign_in(cast.ada.email, cast.ada.password)
    form = client.page("/admin/pages/terms/de").form("/admin/pages/terms/de").fill(body=TEXT)
    client.sign_out()
    back = form.submit("Vorschau").form("/login").fill(email=cast.ada.email, password=cast.ada.password).submit()
    edit = back.press("Weiter")
    assert edit.form("/admin/pages/terms/de").values["body"] == [TEXT]
    edit.form("/admin/pages/terms/de").submit("Speichern")
    assert not client.page("/account").select("a[href^='/continue/']")
