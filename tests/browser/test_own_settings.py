"""The fifteen main pages for people who set their browser to their needs: more space between letters and lines
(WCAG 1.4.12), 400 per cent (1.4.10), no motion, and the colours of their system."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.demo_house import PASSWORD, DemoHouse
from tests.support.legible import illegible

pytestmark = pytest.mark.on("sqlite")
# The figures of the success criterion, on everything.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
MOVING = """() => {
  const seconds = (all) => Math.max(0, ...all.split(",").map(parseFloat));
  return [...document.querySelectorAll("*")].filter((e) => {
    const its = getComputedStyle(e);
    return seconds(its.transitionDuration) > 0 || (its.animationName !== "none" && seconds(its.animationDuration) > 0)
      || its.scrollBehavior === "smooth";
  }).map((e) => e.tagName + "." + e.className);
}"""
# What one presses or fills in shows where it is by a line around it or under it, by its words, or by its mark.
UNSEEN = """() => {
  const shown = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const start = (e) => e.outerHTML.slice(0, 90);
  const framed = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea, .button, .chip, .support";
  const hasLine = (e) => ["Top", "Right", "Bottom", "Left"].some((side) =>
    parseFloat(getComputedStyle(e)[`border${side}Width`]) > 0 && getComputedStyle(e)[`border${side}Style`] !== "none");
  const bare = [...document.querySelectorAll(framed)].filter((e) => shown(e) && !hasLine(e));
  const chosen = "[aria-current], [aria-pressed=true]";
  const looks = (e) => ["fontWeight", "backgroundColor", "borderBottomColor", "borderTopWidth", "outlineStyle"]
    .map((name) => getComputedStyle(e)[name]).join();
  const same = [...document.querySelectorAll(`a:is(${chosen}), button:is(${chosen})`)].filter((e) => {
    const others = [...e.parentElement.parentElement.querySelectorAll(e.tagName)];
    const other = others.find((o) => !o.matches(chosen) && shown(o));
    return shown(e) && other && looks(other) === looks(e);
  });
  return [...bare.map((e) => `no line around ${start(e)}`), ...same.map((e) => `looks like the others: ${start(e)}`)];
}"""
# How much of the window is always covered.
STUCK = """() => [...document.querySelectorAll("body *")]
  .filter((e) => ["sticky", "fixed"].includes(getComputedStyle(e).position) && e.checkVisibility())
  .map((e) => e.getBoundingClientRect()).filter((box) => box.width > innerWidth / 2)
  .reduce((sum, box) => sum + box.height, 0)"""


def test_more_space_between_letters_and_lines_cuts_nothing_off(browser: Browser, demo: DemoHouse) -> None:
    found = []
    for address, page in every_page(browser, demo):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SPACED)
            found += [f"{address} at {width} px: {fault}" for fault in illegible(page)]
    assert found == [], "\n".join(found)


def test_at_four_hundred_per_cent_everything_can_be_read(browser: Browser, demo: DemoHouse) -> None:
    """1280 x 1024 at 400 per cent is a window of 320 x 256; little of it may be taken by what sticks."""
    found = []
    for address, page in every_page(browser, demo, viewport={"width": 320, "height": 256}):
        stuck = page.evaluate(STUCK)
        if stuck > 256 / 4:
            found.append(f"{address}: {stuck} of 256 px are always covered")
        found += [f"{address}: {fault}" for fault in illegible(page)]
    assert found == [], "\n".join(found)


def test_who_wants_no_motion_sees_none(browser: Browser, demo: DemoHouse) -> None:
    found = []
    for address, page in every_page(browser, demo, reduced_motion="reduce"):
        found += [f"{address}: {moving}" for moving in page.evaluate(MOVING)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_systems_colours_controls_and_places_are_seen(browser: Browser, demo: DemoHouse, scheme: str) -> None:
    found = []
    for address, page in every_page(browser, demo, forced_colors="active", color_scheme=scheme):
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        found += [f"{address}: {fault}" for fault in [*page.evaluate(UNSEEN), *illegible(page)]]
    assert found == [], "\n".join(found)


def every_page(browser: Browser, demo: DemoHouse, **settings: Any) -> Iterator[tuple[str, Page]]:
    """The main pages one after another, each as who reads it."""
    with closing_all() as windows:
        for address, who in demo.pages.items():
            if who not in windows:
                windows[who] = browser.new_context(base_url=demo.server.url, locale="de-DE", **settings)
                page = windows[who].new_page()
                if who:
                    sign_in(page, who)
            page = windows[who].pages[0]
            page.goto(address)
            yield address, page


@contextmanager
def closing_all() -> Iterator[dict[str, BrowserContext]]:
    windows: dict[str, BrowserContext] = {}
    try:
        yield windows
    finally:
        for context in windows.values():
            context.close()


def sign_in(page: Page, who: str) -> None:
    page.goto("/login")
    page.get_by_label("E-Mail-Adresse").fill(who)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda address: "/login" not in address)
