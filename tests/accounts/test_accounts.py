"""Coming in, forgetting the password, leaving."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.commands import add_person
from app.accounts.models import User
from app.kit.db import db, unit_of_work
from tests.client import PASSWORD, Client
from tests.factories import world
from tests.people import Cast
from tests.support.mailbox import Mailbox

NEW = "Ein-neues-Passwort-11"


def join(client: Client, email: str) -> None:
    form = client.page("/register").form("/register")
    form.fill(name="Neu Hier", email=email, password=NEW, password_confirm=NEW).submit()


def test_an_address_must_be_confirmed_before_signing_in(
    client: Client, cast: Cast, smtp: Mailbox, work: Callable[[], None]
) -> None:
    join(client, "neu@example.org")
    refused = client.page("/login").form("/login").fill(email="neu@example.org", password=NEW).submit(expect=422)
    assert not client.is_signed_in
    assert "Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse" in refused
    assert "stimmen nicht" not in refused
    guessed = (
        client.page("/login").form("/login").fill(email="neu@example.org", password="geraten-123").submit(expect=422)
    )
    assert "stimmen nicht" in guessed
    assert "bestätigen" not in guessed.text
    work()
    client.page(smtp.link_in_last_to("neu@example.org"))
    client.sign_in("neu@example.org", NEW)


def cookies_of(client: Client) -> set[str]:
    return {cookie.key for cookie in (client._cookies or {}).values()}


def test_signing_out_leaves_nothing_of_the_person_in_the_browser(make_app: Callable[..., Flask], cast: Cast) -> None:
    client = make_app(GUEST_CACHE="on").test_client()
    assert isinstance(client, Client)
    client.page("/login").form("/login").fill(email=cast.mara.email, password=PASSWORD, remember=True).submit()
    assert cookies_of(client) == {"session", "remember_token"}
    client.page("/account").form("/logout").submit()
    assert cookies_of(client) == set()
    client.get("/ideas")
    assert client.get("/ideas").headers["Cache-Status"].endswith("; hit")


def test_what_is_said_after_leaving_is_the_last_that_a_session_holds(
    make_app: Callable[..., Flask], cast: Cast
) -> None:
    client = make_app(GUEST_CACHE="on").test_client()
    assert isinstance(client, Client)
    client.sign_in(cast.mara.email)
    page = client.page("/account/delete").form("/account/delete").fill(sure=True).submit()
    assert "Ihr Konto ist gelöscht" in page
    assert cookies_of(client) == set()


def test_registering_a_known_address_tells_its_owner_and_nobody_else(
    client: Client, cast: Cast, smtp: Mailbox, work: Callable[[], None]
) -> None:
    join(client, cast.mara.email)
    work()
    assert "schon eines" in smtp.last_to(cast.mara.email).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    client.sign_in(cast.mara.email)


def test_a_forgotten_password_is_set_anew_by_mail(
    client: Client, cast: Cast, smtp: Mailbox, work: Callable[[], None]
) -> None:
    client.page("/account/reset").form("/account/reset").fill(email=cast.mara.email).submit()
    work()
    link = smtp.link_in_last_to(cast.mara.email)
    client.page(link).form().fill(password=NEW, password_confirm=NEW).submit()
    client.sign_in(cast.mara.email, NEW)
    client.sign_out()
    assert client.page(link).path != link, "the link works once"


def test_a_password_is_changed_by_those_who_know_it(client: Client, cast: Cast) -> None:
    client.sign_in(cast.mara.email)
    form = client.page("/account/password").form("/account/password")
    form.fill(password="falsch-geraten-1", new_password=NEW, new_password_confirm=NEW).submit(expect=422)
    form = client.page("/account/password").form("/account/password")
    form.fill(password=PASSWORD, new_password=NEW, new_password_confirm=NEW).submit()
    client.sign_out()
    client.sign_in(cast.mara.email, NEW)


def test_who_leaves_is_forgotten_and_what_others_answered_to_stays(
    app: Flask, signed_in: Callable[..., Client], cast: Cast, client: Client
) -> None:
    made = world.build(app)
    anton = signed_in(cast.anton)
    assert "Eine Bank für alle" in anton.get("/account/data.json").get_data(as_text=True)
    anton.page("/account/delete").form("/account/delete").fill(sure=True).submit()
    assert not anton.is_signed_in
    page = client.page(f"/ideas/{made.idea}")
    assert "Anton" not in page.text
    assert "Gelöschte Person" in page
    client.page("/people/anton-boehme", expect=404)
    refused = client.page("/login").form("/login").fill(email=cast.anton.email, password=PASSWORD).submit(expect=422)
    assert "stimmen nicht" in refused
    with app.app_context():
        assert db.session.get_one(User, cast.anton.id).email is None


def test_the_last_administrator_cannot_leave(signed_in: Callable[..., Client], cast: Cast) -> None:
    ada = signed_in(cast.ada)
    page = ada.page("/account/delete").form("/account/delete").fill(sure=True).submit(expect=409)
    assert "letzte Person mit Administrationsrechten" in page


@pytest.mark.on("sqlite")
def test_demo_passwords_open_doors_on_the_own_machine_only(app: Flask) -> None:
    demo = {"email": "demo@example.org", "password": PASSWORD}
    with app.app_context(), unit_of_work():
        add_person(**demo, name="Demo", is_demo=True)
    assert app.test_client().get("/login", base_url="http://zukunft.example.org").status_code == 400
    for host, status in (("http://localhost", 200), ("http://127.0.0.1:8000", 200)):
        client = app.test_client()
        form = client.page("/login", base_url=host).form("/login").fill(**demo)
        response = client.post("/login", data=form.values, base_url=host, follow_redirects=True)
        assert response.status_code == status, host


def test_an_operator_adds_people_with_the_password_on_standard_input(app: Flask, client: Client, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["users", "add", "neu@example.org", "--role", "moderator"], input=f"{NEW}\n")
    assert done.exit_code == 0, done.output
    assert "kurz" not in done.output
    client.sign_in("neu@example.org", NEW)
    client.page("/moderation")
    assert "at least 10 characters" in run(args=["users", "add", "x@example.org"], input="kurz\n").output
    assert run(args=["users", "add", "neu@example.org"], input=f"{NEW}\n").exit_code == 1


def test_everybody_chooses_the_language_of_their_mails(
    signed_in: Callable[..., Client], cast: Cast, app: Flask
) -> None:
    mara = signed_in(cast.mara)
    mara.page("/account").form("/account/language").fill(language="en").submit()
    with app.app_context():
        assert db.session.get_one(User, cast.mara.id).language == "en"
    own = mara.page("/account?lang=en").form("/account/language")
    assert own.values["language"] == ["en"]
