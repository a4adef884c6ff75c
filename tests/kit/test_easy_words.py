"""Leichte Sprache of the interface: chosen once, kept, German only, and kept apart in the memory of guests' pages."""

import pytest

from tests.client import Client
from tests.people import Cast


@pytest.mark.on("sqlite")
def test_the_choice_changes_the_words_and_stays(client: Client) -> None:
    assert "Idee schicken" not in client.page("/")
    easy = client.page("/?easy=1")
    assert "Idee schicken" in easy
    assert easy.select("html")[0].get("lang") == "de"
    assert easy.texts(".site-nav li")[0] == "Probleme"
    assert "Probleme" in client.page("/ideas").texts(".site-nav li"), "kept in a cookie"
    assert "Herausforderungen" in client.page("/ideas?easy=0").texts(".site-nav li")
    assert "Herausforderungen" in client.page("/ideas").texts(".site-nav li"), "and taken back"


@pytest.mark.on("sqlite")
def test_easy_and_other_pages_are_kept_apart(client: Client) -> None:
    for _time in range(2):
        client.delete_cookie("easy")
        assert "Herausforderungen" in client.page("/").texts(".site-nav li")
        client.set_cookie("easy", "1")
        assert "Probleme" in client.page("/").texts(".site-nav li")


@pytest.mark.on("sqlite")
def test_english_stays_english(client: Client) -> None:
    page = client.page("/?lang=en&easy=1")
    assert page.select("html")[0].get("lang") == "en"
    assert "Challenges" in page.texts(".site-nav li")
    assert not page.select("html.easy-words")


@pytest.mark.on("sqlite")
def test_labels_errors_and_numbers_are_easy_too(cast: Cast, client: Client) -> None:
    client.sign_in(cast.anton.email)
    client.page("/?easy=1")
    form = client.page("/ideas/new")
    assert "Welches Thema passt?" in form
    refused = form.form("/ideas").fill(title="").submit(expect=422)
    assert "Geben Sie Ihrer Idee einen Namen." in refused
    assert "&lt;br" not in refused.text
    assert "&lt;br" not in form.response.get_data(as_text=True)


@pytest.mark.on("sqlite")
@pytest.mark.parametrize("path", ["/", "/ideas", "/ideas/begin", "/ideas/new", "/login", "/register", "/nichts"])
def test_no_line_break_is_shown_as_text(client: Client, path: str) -> None:
    page = client.get(f"{path}?easy=1")
    assert b"&lt;br" not in page.data
