"""On paper stands what one reads, not what one presses."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page

from tests.factories import world
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
SHEET = {"width": 665, "height": 970}  # A4 between its margins, at 96 dots per inch
PRESSED = ".site-nav, .bottom-bar, .action-bar, .site-footer .cols, main form, main button, main .support, .skip-link"

SHOWN = "(all) => all.filter((one) => one.offsetParent).map((one) => one.outerHTML)"
COLOURS = "(body) => [getComputedStyle(body).color, getComputedStyle(body).backgroundColor]"


@pytest.fixture
def pages(browser: Browser, server: LiveServer) -> Iterator[tuple[Page, dict[str, str]]]:
    """A sheet of paper, and what can be printed on it."""
    with backstage(server) as app:
        settle(app)
        made = world.build(app)
    addresses = {
        "challenge": f"/challenges/{made.challenge}-warten-ohne-bank",
        "idea": f"/ideas/{made.idea}-eine-bank-fuer-alle",
        "project": f"/projects/{made.project}-fahrradkeller",
        "result": f"/challenges/{made.challenge}/outcomes",
    }
    with closing(browser.new_context(base_url=server.url, locale="de-DE", viewport=SHEET)) as context:
        page = context.new_page()
        page.emulate_media(media="print", color_scheme="dark")
        yield page, addresses


def test_pages_are_printed_without_what_one_presses(pages: tuple[Page, dict[str, str]]) -> None:
    page, addresses = pages
    for name, address in addresses.items():
        page.goto(address)
        pressed = page.locator(PRESSED).evaluate_all(
            "(all) => all.filter((one) => one.offsetParent).map((one) => one.outerHTML)"
        )
        assert pressed == [], name
        assert page.locator("h1").is_visible()
        assert page.locator(".brand b").is_visible(), "whose page it is"
        assert page.locator(".eu-emblem").is_visible(), "who pays"
        own = page.locator(".site-footer .only-print")
        assert own.is_visible()
        assert own.inner_text().endswith(address), "where it comes from"
        out = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert out <= 0, f"{name} sticks out by {out} px"
        ink, paper = page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)"), "dark pages are printed on white paper"


def test_journey_and_funding_can_be_read(pages: tuple[Page, dict[str, str]]) -> None:
    page, addresses = pages
    page.goto(addresses["project"])
    assert page.locator(".journey").is_visible()
    assert page.locator(".funding").first.is_visible()
    assert "18.640" in page.locator(".funding").first.inner_text()
    written = page.locator(".button-campaign").first.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert "crowdfunding.example" in written, "the address of the campaign is written out"


def test_a_page_makes_whole_sheets(pages: tuple[Page, dict[str, str]]) -> None:
    page, addresses = pages
    for address in addresses.values():
        page.goto(address)
        sheets = len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))
        assert 1 <= sheets <= 4
