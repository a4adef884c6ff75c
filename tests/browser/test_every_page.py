"""Every page there is, walked by the URL map: axe, the console, other hosts, and nothing that sticks out.

A new page is looked at by itself: its address comes from the table of rights (tests/house/test_rights.py), which must
name every route. Who sees the most of a page looks at it by all rules of axe at both widths, in both themes and in both
languages. Every other kind of person who sees something of their own there looks at it by all rules once, and by the
rules of colour in the dark. All look at 320 px by the rule of targets, for what sticks out and for what is cut off.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from app.closings.commands import publish_closing
from app.kit.db import unit_of_work
from tests.client import Client
from tests.conftest import House
from tests.factories import world
from tests.factories.challenges import the
from tests.house.test_rights import PEOPLE, RIGHTS
from tests.people import Cast, cast, settle
from tests.support.axe import COLOUR, STANDARDS, script, violations
from tests.support.crowd import backstage, signed
from tests.support.live import LiveServer

SLICES = 4
WIDE, PHONE, SMALLEST = 1280, 390, 320
ACTORS = {"administrator": "ada", "moderator": "ruth", "author": "anton", "member": "mara", "suspended": "sven"}
# Beside the routes: what answers where there is none, where there was one, and where nothing is found.
MORE = {
    "/gibt-es-nicht": ["administrator", "guest"],
    "/ideas/{hidden_idea}": ["author", "guest"],
    "/challenges/{challenge}/outcomes": ["author", "guest"],
    "/search?q=gibtesnicht": ["guest"],
    "/ideas?q=gibtesnicht": ["guest"],
    "/ideas?view=map": ["guest"],
}


@dataclass(frozen=True)
class Stage:
    """A running platform with one thing of everything, and the session cookies of the cast."""

    server: LiveServer
    cookies: dict[str, str]
    looks: dict[str, list[str]]
    """Addresses of pages with those who look at each: first who sees the most of it."""


@pytest.fixture(scope="module")
def stage(house, worker_folder: Path) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    home: House = house("sqlite")
    # A name of its own: a worker that comes back to this file after others must not write over what is still open.
    own = f"every_page_{token_hex(3)}"
    names = {"ENVIRONMENT": "development", "DATABASE_URL": home.databases.copy(own)} | home.mail
    server = LiveServer(worker_folder / own, names)
    with backstage(server) as app:
        settle(app)
        made, people = world.build(app), cast(app)
        with app.test_request_context(), unit_of_work():
            publish_closing(the(made.challenge), by=world.person("anton"))
        looks = looks_at(app, made, people) | {address.format(**vars(made)): who for address, who in MORE.items()}
        cookies = {who: signed(app, getattr(people, name).key)[0] for who, name in ACTORS.items()}
    try:
        yield Stage(server.start(), cookies, looks)
    finally:
        server.stop()


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_can_be_used_by_everyone(browser: Browser, stage: Stage, language: str, part: int) -> None:
    found: list[str] = []
    mine = [looks for place, looks in enumerate(stage.looks.items()) if place % SLICES == part]
    for who in ("guest", *ACTORS):
        with closing(window(browser, stage, who, language)) as context:
            page = context.new_page()
            for address, readers in mine:
                if who == readers[0] or (who in readers and language == "de"):
                    heard = faults(page, address, is_first=who == readers[0])
                    found += [f"{address} ({who}, {language}) {fault}" for fault in heard]
    assert found == [], "\n".join(found)


def test_the_walk_reaches_pages_of_every_kind_of_person(stage: Stage) -> None:
    assert {who for readers in stage.looks.values() for who in readers} == {"guest", *ACTORS}
    assert len(stage.looks) > 40


def test_the_rules_measure_targets_and_contrast(browser: Browser) -> None:
    """axe leaves the rule of targets (WCAG 2.2, 2.5.8) out unless it is asked for it."""
    with closing(browser.new_context()) as context:
        context.add_init_script(script())
        page = context.new_page()
        page.goto("data:text/html,<html lang=de><title>x</title><main><h1>x</h1>" + SMALL_AND_PALE)
        found = {fault.partition(":")[0] for fault in violations(page)}
        assert found == {"target-size", "color-contrast"}
        assert violations(page, *COLOUR) != []
        named = page.evaluate("(standards) => axe.getRules(standards).map((rule) => rule.ruleId)", STANDARDS)
        assert set(COLOUR) | {"target-size"} <= set(named)


def faults(page: Page, address: str, *, is_first: bool) -> Iterator[str]:
    """What is wrong with a page; `is_first`: by all rules at both widths and in both themes."""
    with listening(page, address) as heard:
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(address)
        for width in (WIDE, PHONE) if is_first else (WIDE,):
            page.set_viewport_size({"width": width, "height": 900})
            if width == PHONE:
                page.evaluate(UNSTICK)
            for theme, rules in (("light", ()), ("dark", () if is_first else COLOUR)):
                page.emulate_media(color_scheme=theme)
                yield from (f"{width} px, {theme}: {fault}" for fault in violations(page, *rules))
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": SMALLEST, "height": 900})
        page.evaluate(UNSTICK)
        yield from (f"{SMALLEST} px: {fault}" for fault in violations(page, "target-size"))
        yield from (f"{SMALLEST} px: {fault}" for fault in page.evaluate(STICKING_OUT))
    yield from heard


# The bars at the bottom of a phone stand at the page's end, so that they cover nothing one could scroll to.
UNSTICK = """() => document.querySelectorAll(".action-bar, .bottom-bar").forEach((bar) => {
  bar.style.position = "static";
})"""
# Beside the page itself: words in boxes that cut them off and cannot be scrolled.
STICKING_OUT = """() => {
  const name = (e) => `${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 30)}"`;
  const all = [...document.querySelectorAll("main *, header *, footer *, .bottom-bar *")];
  const out = document.documentElement.scrollWidth - innerWidth;
  const wide = out > 0 ? all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3) : [];
  const clips = (its) => ["hidden", "clip"].includes(its.overflowX) && its.textOverflow !== "ellipsis";
  const cut = all.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && e.textContent.trim()
    && !e.closest(".leaflet-container") && clips(getComputedStyle(e)));
  return [...(out > 0 ? [`sticks out by ${out} px: ${wide.map(name)}`] : []), ...cut.map((e) => `cut off: ${name(e)}`)];
}"""
SMALL_AND_PALE = (
    "<p style='color:%23ccc'>pale</p>" + "<a href=x style='display:block;height:9px;font-size:8px'>x</a>" * 2
)


@contextmanager
def listening(page: Page, address: str) -> Iterator[list[str]]:
    """Errors of the console and requests to other hosts, as they come."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Of a page that is not there, or no more, the browser says so itself.
        is_told = re.search(r"status of (404|410)", message.text) and urlsplit(page.url).path == address
        if message.type in ("error", "warning") and not is_told:
            heard.append(f"{message.type}: {message.text}")

    def look(request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            heard.append(f"asks another host: {request.url}")

    listeners = {"console": hear, "pageerror": lambda error: heard.append(f"error: {error}"), "request": look}
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    yield heard
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def window(browser: Browser, stage: Stage, who: str, language: str) -> BrowserContext:
    """A browser of this person, in this language, without motion (colours that fade in would be measured midway)."""
    context = browser.new_context(
        base_url=stage.server.url,
        locale={"de": "de-DE", "en": "en-GB"}[language],
        reduced_motion="reduce",
    )
    if who != "guest":
        context.add_cookies([{"name": "session", "value": stage.cookies[who], "url": stage.server.url}])
    context.add_init_script(script())
    return context


def looks_at(app: Flask, made: world.World, people: Cast) -> dict[str, list[str]]:
    """Every GET route that answers with a page, with those who see something of their own there: staff first."""
    looks: dict[str, list[str]] = {}
    for name, (template, answers) in RIGHTS.items():
        if not name.endswith(" GET") or name == "static GET":
            continue
        address = template.format(**vars(made))
        may = dict(zip(PEOPLE, answers.split(), strict=True))
        seen: dict[str, str] = {}
        for who in (*ACTORS, "guest"):
            if may[who] != "200":
                continue
            if not (main := main_of(app, people, address, who)):
                break  # no page, for anybody
            seen.setdefault(main, who)
        if seen:
            looks[address] = list(seen.values())
    return looks


def main_of(app: Flask, people: Cast, address: str, who: str) -> str:
    """What somebody sees between header and footer, as HTML; empty if this is no page."""
    client = app.test_client()
    assert isinstance(client, Client)
    if who != "guest":
        client.become(getattr(people, ACTORS[who]).key)
    with client.get(address) as response:
        is_html = response.status_code == 200 and response.mimetype == "text/html"
        text = response.get_data(as_text=True) if is_html else ""
    if "<html" not in text[:500]:  # a fragment is part of a page
        return ""
    return re.sub(r'name="csrf_token"[^>]*>', "", text[text.index("<main") :].partition("</main>")[0])
