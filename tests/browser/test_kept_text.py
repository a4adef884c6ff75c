"""A text that was not sent is offered again where the form shows another one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
TERMS = "/admin/pages/terms/de"
MINE, LATER = "Mein neuer Absatz.", "Etwas anderes."


@pytest.fixture
def page(server: LiveServer, windows: Windows) -> Page:
    """An administrator who typed into a form full of text, and went away."""
    with backstage(server) as app:
        settle(app)
    page = windows.open()
    windows.sign_in(page, "ada@example.org")
    page.goto(TERMS)
    expect(notice(page)).to_have_count(0)
    page.locator("[name=body]").fill(MINE)
    page.goto("/")
    page.goto(TERMS)
    return page


def test_the_kept_text_is_taken_over_with_the_keyboard(page: Page) -> None:
    body = page.locator("[name=body]")
    expect(notice(page)).to_contain_text("Ungespeicherter Text vom ")
    expect(notice(page)).to_contain_text(" Uhr")
    assert body.input_value() != MINE, "nothing is changed unasked"
    page.get_by_role("button", name="Übernehmen").focus()
    page.keyboard.press("Enter")
    expect(body).to_have_value(MINE)
    expect(body).to_be_focused()
    expect(notice(page)).to_have_count(0)
    expect(page.locator("#vorschau")).to_contain_text(MINE)
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    expect(page.locator("article")).to_contain_text(MINE)
    page.goto(TERMS)
    expect(page.locator("[name=body]")).to_have_value(MINE)
    expect(notice(page)).to_have_count(0)


def test_the_kept_text_is_thrown_away(page: Page) -> None:
    shipped = page.locator("[name=body]").input_value()
    page.get_by_role("button", name="Verwerfen").click()
    expect(notice(page)).to_have_count(0)
    page.reload()
    expect(page.locator("[name=body]")).to_have_value(shipped)
    expect(notice(page)).to_have_count(0)


def test_typing_past_the_offer_loses_neither_text(page: Page) -> None:
    expect(notice(page)).to_be_visible()
    page.locator("[name=body]").fill(LATER)
    page.goto("/")
    page.goto(TERMS)
    expect(notice(page)).to_have_count(1)
    page.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator("[name=body]")).to_have_value(MINE)


def test_a_text_typed_on_an_older_version_is_compared_before_it_counts(page: Page, windows: Windows) -> None:
    colleague = windows.open()
    windows.sign_in(colleague, "ada@example.org")
    colleague.goto(TERMS)
    colleague.locator("[name=body]").fill("Inzwischen geändert.")
    colleague.get_by_role("button", name="Speichern und veröffentlichen").click()
    page.goto(TERMS)
    page.get_by_role("button", name="Übernehmen").click()
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    expect(page.locator("main")).to_contain_text("Jemand anderes hat diesen Text inzwischen geändert")
    expect(page.locator("[name=body]")).to_have_value(MINE)


def notice(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("main .notice[role=status]")
