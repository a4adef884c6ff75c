"""Suggestions under the search field: fetched while somebody types, walked with the arrows, closed with Escape."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.live import LiveServer

LIST = "#suggestions-page"


@pytest.mark.on("sqlite")
def test_suggestions_can_be_walked_and_closed_with_the_keyboard(page: Page, server: LiveServer) -> None:
    server.flask("demo", "load")
    page.goto("/search")
    field = page.locator("#search-page")
    before = page.locator("footer").bounding_box()
    field.press_sequentially("bus")
    expect(page.locator(f"{LIST} a").first).to_be_visible()
    assert page.locator("footer").bounding_box() == before, "nothing moves"
    expect(page.locator("main [data-suggestions-status]")).to_contain_text("Vorschl")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{LIST} a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(LIST)).to_be_hidden()
    expect(field).to_be_focused()
    field.fill("")
    expect(page.locator(LIST)).to_be_hidden()
    field.press_sequentially("bus")
    expect(page.locator(f"{LIST} a").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".hits mark").first).to_be_visible()
