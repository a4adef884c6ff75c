"""What htmx renews: focus, words for screen readers, one press at a time, and the connection."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Windows
from tests.factories import world
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")


@pytest.fixture
def page(server: LiveServer, windows: Windows) -> Page:
    """Mara on the page of an idea."""
    with backstage(server) as app:
        settle(app)
        made = world.build(app)
    page = windows.open()
    windows.sign_in(page, "mara@example.org")
    page.goto(f"/ideas/{made.idea}")
    return page


def support(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".act-row .support")


def test_a_vote_keeps_the_focus_and_says_what_it_did(page: Page) -> None:
    support(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text(re.compile(r"^Sie unterstützen diese Idee\. \d+ Stimmen? bisher\.$"))
    expect(support(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("nicht mehr")
    expect(support(page)).to_be_focused()


def test_the_second_button_at_the_bottom_of_a_phone_renews_the_first(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    second, before = page.locator(".action-bar .support"), support(page).locator("b").inner_text()
    second.click()
    for button in (second, support(page)):
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button.locator("b")).not_to_have_text(before)
    expect(second).to_be_focused()
    assert page.locator(".support[id]").count() == 2


def test_following_keeps_the_focus_and_says_what_it_did(page: Page) -> None:
    button = page.locator(".follow-button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Sie folgen.")
    expect(button).to_be_focused()


def test_after_a_comment_the_focus_is_where_one_reads_on(page: Page) -> None:
    page.locator("#kommentar").fill("Wer baut sie?")
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator("#kommentare .toast")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Danke.")


def test_an_empty_comment_leads_to_its_field(page: Page) -> None:
    page.locator("#kommentar").fill("   ")
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator("#kommentar")).to_be_focused()
    expect(page.locator("#kommentar")).to_have_attribute("aria-invalid", "true")


def test_while_a_vote_is_on_its_way_no_second_one_is_sent(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/support", lambda route: waiting.append(route))  # noqa: PLW0108 (Playwright marks its handlers)
    support(page).click()
    expect(support(page)).to_have_attribute("aria-busy", "true")
    support(page).press("Enter")
    support(page).press("Enter")
    page.wait_for_timeout(300)
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(support(page)).to_have_attribute("aria-pressed", "true")
    expect(support(page)).not_to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(300)
    assert len(waiting) == 1


def test_back_shows_what_was_pressed(page: Page) -> None:
    support(page).click()
    expect(support(page)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Ideen", exact=True).first.click()
    page.wait_for_url("**/ideas")
    page.go_back()
    expect(support(page)).to_have_attribute("aria-pressed", "true")


def test_a_connection_that_goes_and_comes_back_is_said(page: Page) -> None:
    line = page.locator("#connection")
    expect(line).to_be_hidden()
    page.context.set_offline(True)
    expect(line).to_contain_text("Die Verbindung ist weg.")
    page.context.set_offline(False)
    expect(line).to_have_text("Die Verbindung ist wieder da.")
    expect(line).to_be_hidden(timeout=6000)
