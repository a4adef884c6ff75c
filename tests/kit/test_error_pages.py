"""Error pages look like the site, speak German and give back what was typed."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.kit.web import mark_what_no_page_may_hold
from tests import people
from tests.client import Client
from tests.factories import world
from tests.people import Cast

TEXT = "Dieser Satz steht noch da, auch wenn etwas schiefgeht."


def test_each_code_has_a_page_of_its_own(
    client: Client, signed_in: Callable[..., Client], cast: Cast, app: Flask
) -> None:
    made = world.build(app)
    member = signed_in(cast.mara)
    assert client.page("/nirgendwo", expect=404).h1 == "Hinter dieser Tür ist nichts"
    assert client.page(f"/ideas/{made.waiting_idea}", expect=404).h1 == "Hinter dieser Tür ist nichts"
    gone = client.page(f"/ideas/{made.hidden_idea}", expect=410)
    assert gone.h1 == "Das ist nicht mehr öffentlich"
    assert "Der Ton." in gone, "the public reason"
    assert member.page("/moderation", expect=403).h1 == "Das dürfen Sie hier nicht"
    assert client.page("/ideas/1/support", expect=405).h1 == "Das geht auf diesem Weg nicht"
    assert client.page("/search?q=a%00b", expect=400).h1 == "Das hat nicht geklappt"


@pytest.mark.on("sqlite")
@pytest.mark.parametrize(("failure", "code"), [(RuntimeError("x"), 500), (OperationalError("x", {}, Exception()), 503)])
def test_a_mistake_of_ours_shows_no_trace_and_keeps_the_text(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: int, cast: Cast, app: Flask
) -> None:
    made = world.build(app)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise failure

    monkeypatch.setattr("app.moderation.commands.report", fail)
    form = client.page(f"/report/{made.idea}").form(f"/report/{made.idea}").fill(ground="law", text=TEXT)
    page = form.submit(expect=code)
    assert TEXT in page.html
    assert "Traceback" not in page
    assert "RuntimeError" not in page
    monkeypatch.undo()
    assert "Vorgangsnummer" in page.press("Noch einmal senden")


@pytest.mark.on("sqlite")
def test_without_a_database_a_plain_page_is_left(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(cast.mara.key)

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("x", {}, Exception())

    monkeypatch.setattr(Engine, "connect", away)
    response = client.get("/ideas")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


@pytest.mark.on("sqlite")
def test_too_much_at_once_is_said_in_words_and_loses_nothing(make_app: Callable[..., Flask]) -> None:
    app = make_app(ENVIRONMENT="development")
    people.settle(app)
    made = world.build(app)
    client = app.test_client()
    for number in range(11):
        form = client.page(f"/report/{made.idea}").form(f"/report/{made.idea}").fill(ground="law", text=TEXT)
        page = form.submit(expect=200 if number < 10 else 429)
    assert page.h1 == "Das war etwas viel auf einmal"
    assert TEXT in page.html


def test_pages_for_guests_hold_no_cookie_and_no_token(client: Client, app: Flask, cast: Cast) -> None:
    made = world.build(app)
    for path in (
        "/",
        "/ideas",
        f"/ideas/{made.idea}",
        f"/projects/{made.project}",
        "/challenges",
        "/activity",
        "/search?q=x",
    ):
        response = client.get(path, follow_redirects=True)
        assert "Set-Cookie" not in response.headers, path
        assert b"csrf_token" not in response.data, path
        assert "no-store" not in response.headers["Cache-Control"], path


def test_htmx_is_told_in_words_and_the_page_stays(
    client: Client, signed_in: Callable[..., Client], cast: Cast, app: Flask
) -> None:
    made = world.build(app)
    mara = signed_in(cast.mara)
    token = mara.page("/").form("#acts").values["csrf_token"][0]
    headers = {"HX-Request": "true", "X-CSRFToken": token}
    refused = mara.post(f"/ideas/{made.hidden_idea}/support", data={"csrf_token": token}, headers=headers)
    assert refused.status_code == 410
    assert refused.mimetype == "text/plain"
    words = "Das ist nicht mehr öffentlich. Die Moderation hat das ausgeblendet. Der Grund: Der Ton."
    assert refused.get_data(as_text=True) == words


@pytest.mark.on("sqlite")
def test_an_error_page_leads_back_to_where_one_came_from(client: Client, cast: Cast, app: Flask) -> None:
    here = {"Referer": "http://localhost/ideas?topic=care"}
    assert client.page("/nirgendwo", expect=404, headers=here).select("a.button[href='/ideas?topic=care']")
    for elsewhere in ("http://evil.example/ideas", "http://localhost/nirgendwo", "nonsense", "http://[broken"):
        page = client.page("/nirgendwo", expect=404, headers={"Referer": elsewhere})
        assert not page.select("main a.button"), elsewhere


@pytest.mark.on("sqlite")
def test_what_passes_can_be_asked_for_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("x", {}, Exception())

    monkeypatch.setattr("app.home.views.open_challenges", busy)
    page = client.page("/?lang=de", expect=503)
    assert page.links("Noch einmal versuchen") == ["/?lang=de"]


def test_the_language_of_a_form_that_came_back_is_switched_on_its_own_page(
    signed_in: Callable[..., Client], cast: Cast
) -> None:
    mara = signed_in(cast.mara)
    form = mara.page("/ideas/new?lang=de&place=1").form("/ideas")
    sent = {"data": form.values | {"title": ""}, "headers": {"Referer": "http://localhost/ideas/new?lang=de&place=1"}}
    answer = mara.post("/ideas", **sent)
    assert answer.status_code == 422
    assert 'href="/ideas/new?lang=en&amp;place=1"' in answer.text
    sent["headers"] = {"Referer": "https://elsewhere.example/ideas/new?lang=de"}
    assert "elsewhere" not in mara.post("/ideas", **sent).text


@pytest.mark.parametrize("typed", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ufdd0", "\ufffe", "\U0001ffff"])
def test_what_html_cannot_write_is_marked_and_all_else_stays(app: Flask, typed: str) -> None:
    with app.test_request_context():
        kept = "a\t\n Grüße „so“ \u00a0 § 😀"
        marked = mark_what_no_page_may_hold(Response(f"{kept}{typed}z"))
        assert marked.get_data(as_text=True) == f"{kept}\ufffdz"
        plain = Response(f"{kept}{typed}", mimetype="text/plain")
        assert mark_what_no_page_may_hold(plain).get_data(as_text=True) == f"{kept}{typed}"
