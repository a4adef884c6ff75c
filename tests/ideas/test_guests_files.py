"""What a guest chose with their words: it cannot be kept while they sign in, and that is said."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.client import Client
from tests.factories.accounts import confirm
from tests.factories.world import photo
from tests.ideas.test_first_steps import ANSWERS
from tests.people import Cast
from tests.support.pages import Page

NEW = {"name": "Juna Winkler", "email": "juna@example.org", "password": "Apfelbaum-am-Teich-9"}
FILE = {"file": ("plan.txt", b"Ein Plan.")}
PICTURE = {"picture": ("hof.jpg", photo())}
Enter = Callable[[Page], Page]


@pytest.fixture(params=["registers", "signs in"])
def enter(request: pytest.FixtureRequest, app: Flask, cast: Cast, client: Client) -> Enter:
    """Go through the door somebody was sent to."""

    def sign_in(door: Page) -> Page:
        return door.form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()

    def register(_door: Page) -> Page:
        client.page("/register").form("/register").fill(**NEW | {"password_confirm": NEW["password"]}).submit()
        with app.test_request_context():
            confirm(NEW["email"])
        return client.sign_in(NEW["email"], NEW["password"])

    return register if request.param == "registers" else sign_in


@pytest.mark.parametrize("chosen", [FILE, PICTURE, FILE | PICTURE])
def test_files_of_a_guest_are_asked_for_again_before_the_preview(
    client: Client, enter: Enter, chosen: dict[str, tuple[str, bytes]]
) -> None:
    back = enter(client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS, **chosen).submit())
    assert "Bilder und Dateien konnten wir vor dem Anmelden nicht aufbewahren" in back
    assert {str(field.get("name")) for field in back.select("input[type=file]")} == set(chosen)
    preview = back.form("/ideas/preview").fill(**chosen).submit("Weiter zur Vorschau")
    assert bool(preview.links("plan.txt")) is ("file" in chosen)
    assert bool(preview.select("img.photo")) is ("picture" in chosen)


@pytest.mark.parametrize("chosen", [FILE, PICTURE])
def test_the_form_says_that_files_of_a_guest_are_missing(
    client: Client, enter: Enter, chosen: dict[str, tuple[str, bytes]]
) -> None:
    back = enter(client.page("/ideas/new").form("/ideas").fill(**ANSWERS, **chosen).submit())
    assert ("Bilder und Dateien noch einmal" in back) or ("Bilder und Dateien konnten wir" in back)
    assert {str(field.get("name")) for field in back.select("input[type=file]")} >= set(chosen)
    assert back.form("/ideas").values["title"] == [ANSWERS["title"]]


def test_nothing_is_asked_for_again_where_nothing_was_chosen(client: Client, enter: Enter) -> None:
    back = enter(client.page("/ideas/new?guided=1").form("/ideas").fill(**ANSWERS).submit())
    assert not back.select("input[type=file]")
