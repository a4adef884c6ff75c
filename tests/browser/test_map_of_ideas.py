"""The map of ideas in a real browser: groups, words, keyboard, the list beside it; nothing from elsewhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")


@pytest.fixture
def demo(server: LiveServer) -> LiveServer:
    """The platform with its demo content."""
    server.flask("demo", "load")
    return server


def test_the_map_shows_ideas_in_groups_that_open(demo: LiveServer, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/ideas?view=map")
    marks = page.locator(".leaflet-marker-icon")
    expect(marks.first).to_be_visible()
    shown = page.locator("[data-ideas]").evaluate_all("all => all.flatMap((one) => one.dataset.ideas.split(' '))")
    assert len(shown) == len(set(shown)) == int(page.locator(".idea-map > p").inner_text().split()[3])
    before = marks.count()
    page.locator(".map-group-mark").first.click()
    page.wait_for_timeout(800)
    assert marks.count() >= before - 1
    assert all(url.startswith(demo.url) for url in asked), asked


def test_a_mark_is_reached_and_opened_with_the_keyboard(demo: LiveServer, page: Page) -> None:
    page.goto("/ideas?view=map")
    mark = page.locator(".map-pin-mark").first
    expect(mark).to_be_visible()
    assert mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map-told a").first
    expect(link).to_be_visible()
    assert link.inner_text() == mark.get_attribute("aria-label")


def test_pointing_at_a_line_shows_where_it_is(demo: LiveServer, page: Page) -> None:
    page.goto("/ideas?view=map")
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    page.locator("[data-idea]").first.hover()
    expect(page.locator(".is-near")).to_have_count(1)


def test_filters_stay_with_list_and_map(demo: LiveServer, page: Page) -> None:
    page.goto("/ideas?view=map")
    page.select_option("#filter-place", label="Dresden")
    page.wait_for_url("**place=*")
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    shown = page.locator("[data-ideas]").evaluate_all("all => all.flatMap((one) => one.dataset.ideas.split(' '))")
    listed = page.locator("[data-idea]").evaluate_all("all => all.map((one) => one.dataset.idea)")
    assert sorted(shown) == sorted(listed)
