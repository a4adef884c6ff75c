"""A draft knows its version: what comes from an older tab neither overwrites nor throws away what is newer."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.kit.db import db, unit_of_work
from app.kit.drafts import Draft
from tests.client import Client
from tests.factories import world
from tests.people import Cast

OLD, NEW = "Der erste Gedanke.", "Der zweite, bessere Gedanke."
WORDS = {"title": "Eine Bank", "summary": "Kurz.", "solution": "Ja.", "benefit": "Alle.", "topic": "care"}


class Tab:
    """A form in a tab: it saves itself with the ticket it has."""

    def __init__(self, client: Client, ticket: str = "") -> None:
        self.client, self.ticket = client, ticket
        self.form = client.page("/ideas/new").form("/ideas").fill(**WORDS)
        self.token = self.form.values["csrf_token"][0]

    def save(self, problem: str, *, expect: int = 200) -> dict[str, Any]:
        """Autosave; on success the tab takes the new ticket."""
        fields = WORDS | {"problem": problem, "csrf_token": self.token, "form_address": "/ideas"}
        answer = self.client.post("/drafts", data=fields | {"draft_token": self.ticket})
        assert answer.status_code == expect
        told: dict[str, Any] = answer.get_json()
        if answer.status_code == 200:
            self.ticket = told["draft_token"]
        return told


@pytest.fixture
def anton(app: Flask, cast: Cast, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.anton)


@pytest.fixture
def tabs(anton: Client) -> tuple[Tab, Tab]:
    """Two tabs with the same draft; the second has changed it since."""
    first = Tab(anton)
    first.save(OLD)
    second = Tab(anton, first.ticket)
    second.save(NEW)
    return first, second


def kept(app: Flask) -> list[str]:
    """What drafts say, oldest first."""
    with app.app_context(), unit_of_work(writes=False):
        return [row.values.get("problem", "") for row in db.session.scalars(db.select(Draft).order_by(Draft.id))]


def test_one_tab_saves_again_and_again_under_the_same_token(app: Flask, anton: Client) -> None:
    tab = Tab(anton)
    tickets = [tab.save(text)["draft_token"] for text in (OLD, OLD, NEW)]
    assert [ticket.partition(".")[2] for ticket in tickets] == ["1", "1", "2"]
    assert len({ticket.partition(".")[0] for ticket in tickets}) == 1
    assert kept(app) == [NEW]


def test_an_older_tab_is_told_and_changes_nothing(app: Flask, tabs: tuple[Tab, Tab]) -> None:
    first, second = tabs
    told = first.save("Ein dritter.", expect=409)
    assert kept(app) == [NEW]
    assert told["draft_token"] == second.ticket
    page = first.client.page(told["other"])
    assert page.select("textarea[name=problem]")[0].text.strip() == NEW


def test_an_older_tab_that_says_the_same_is_no_conflict(app: Flask, tabs: tuple[Tab, Tab]) -> None:
    first, second = tabs
    first.save(NEW)
    assert first.ticket == second.ticket


def test_both_texts_are_kept_when_the_older_tab_keeps_its_own(app: Flask, tabs: tuple[Tab, Tab]) -> None:
    first, _second = tabs
    first.ticket = ""
    first.save("Ein dritter.")
    assert kept(app) == [NEW, "Ein dritter."]
    assert len(first.client.page("/account").select("a[href^='/continue/']")) == 2


def test_without_javascript_the_older_form_is_sent_and_the_newer_text_stays_a_draft(
    app: Flask, tabs: tuple[Tab, Tab]
) -> None:
    first, second = tabs
    idea = first.form.fill(problem=OLD).force(draft_token=first.ticket).submit("Idee einreichen")
    assert OLD in idea.main
    assert kept(app) == [NEW]
    sent = second.form.fill(problem=NEW, title="Zwei Bänke").force(draft_token=second.ticket).submit("Idee einreichen")
    assert NEW in sent.main
    assert kept(app) == []


def test_a_preview_from_the_older_form_becomes_a_draft_of_its_own(app: Flask, tabs: tuple[Tab, Tab]) -> None:
    first, _second = tabs
    preview = first.form.fill(problem="Ein dritter.").force(draft_token=first.ticket).submit("Vorschau")
    assert "Ein dritter." in preview.main
    assert kept(app) == [NEW, "Ein dritter."]
    preview.form("#vorschau-senden").submit()
    assert kept(app) == [NEW]


def test_a_form_whose_draft_was_sent_meanwhile_begins_anew(anton: Client) -> None:
    tab = Tab(anton)
    address = f"/ideas/new?draft={tab.save(OLD)['draft_token']}"
    tab.form.fill(problem=OLD).force(draft_token=tab.ticket).submit("Idee einreichen")
    assert not anton.page(address).select("textarea[name=problem]")[0].text.strip()


@pytest.mark.parametrize("ticket", ["x", ".", "..", ".5", "x.99999999999999999999", "x.-1", "x.٣"])
def test_a_made_up_ticket_is_a_new_draft(app: Flask, anton: Client, ticket: str) -> None:
    tab = Tab(anton, ticket)
    tab.save(OLD)
    assert kept(app) == [OLD]
    assert tab.ticket != ticket


def test_somebody_elses_draft_is_neither_read_nor_changed(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], tabs: tuple[Tab, Tab]
) -> None:
    mara = Tab(signed_in(cast.mara), tabs[1].ticket)
    mara.save("Meiner.")
    assert kept(app) == [NEW, "Meiner."]
    assert mara.client.get(f"/continue/{tabs[1].ticket.partition('.')[0]}").status_code == 404


def test_the_draft_of_an_edit_opens_in_the_form_of_that_idea(app: Flask, anton: Client) -> None:
    made = world.build(app)
    address = f"/ideas/{made.idea}/edit"
    form = anton.page(address).form(address)
    fields = {name: values[0] for name, values in form.values.items()} | {"problem": NEW, "form_address": address}
    saved = anton.post("/drafts", data=fields).get_json()
    assert saved["page"].startswith(f"{address}?draft=")
    page = anton.page(saved["page"])
    assert page.select("textarea[name=problem]")[0].text.strip() == NEW
    assert page.form(address).submit("Änderungen speichern").path.startswith(f"/ideas/{made.idea}")
    assert kept(app) == [""], "only the one that was there before"
