"""Every page there is, walked by the URL map: axe, the console, other hosts, and nothing that sticks out.

A new page is looked at by itself: its address comes from the table of rights (tests/house/test_rights.py), which must
name every route. Who sees the most of a page looks at it by all rules of axe at both widths, in both themes and in both
languages; other people's views of it, where they differ, are looked at by all rules, once.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.client import Client
from tests.conftest import House
from tests.factories import world
from tests.house.test_rights import PEOPLE, RIGHTS
from tests.people import Cast, cast, settle
from tests.support.axe import script, violations
from tests.support.crowd import backstage, signed
from tests.support.live import LiveServer

SLICES = 4
WIDE, PHONE, SMALLEST = 1280, 390, 320
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ACTORS = {"member": "mara", "author": "anton", "moderator": "ruth", "administrator": "ada"}
# Beside the routes: what answers where there is none.
MORE = {"/gibt-es-nicht": ["administrator", "guest"]}


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
    names = {"ENVIRONMENT": "development", "DATABASE_URL": home.databases.copy("every_page")} | home.mail
    server = LiveServer(worker_folder / "every-page", names)
    with backstage(server) as app:
        settle(app)
        made, people = world.build(app), cast(app)
        looks = looks_at(app, made, people) | MORE
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
    assert {who for readers in stage.looks.values() for who in readers} >= {"guest", "author", "administrator"}
    assert len(stage.looks) > 40


def faults(page: Page, address: str, *, is_first: bool) -> Iterator[str]:
    """What is wrong with a page; `is_first`: at both widths and in both themes."""
    with listening(page, address) as heard:
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(address)
        for width in (WIDE, PHONE) if is_first else (WIDE,):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(UNSTICK)
            for theme in THEMES if is_first else THEMES[:1]:
                page.emulate_media(color_scheme=theme)
                yield from (f"{width} px, {theme}: {fault}" for fault in violations(page))
        page.set_viewport_size({"width": SMALLEST, "height": 900})
        out = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if out > 0:
            yield f"320 px: sticks out by {out} px: {page.evaluate(STICKING_OUT)}"
    yield from heard


# The bars at the bottom of a phone stand at the page's end, so that they cover nothing one could scroll to.
UNSTICK = """() => document.querySelectorAll(".action-bar, .bottom-bar").forEach((bar) => {
  bar.style.position = "static";
})"""
STICKING_OUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
  .map((e) => e.tagName + "." + e.className).join(", ")"""


@contextmanager
def listening(page: Page, address: str) -> Iterator[list[str]]:
    """Errors of the console and requests to other hosts, as they come."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Of a page that is not there the browser says so itself.
        if message.type in ("error", "warning") and not (address in MORE and "404" in message.text):
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
    """Every GET route that answers with a page, with those who look at it: first who sees the most of it."""
    looks: dict[str, list[str]] = {}
    for name, (template, answers) in RIGHTS.items():
        if not name.endswith(" GET") or name == "static GET":
            continue
        address = template.format(**vars(made))
        seen_by = dict(zip(PEOPLE, answers.split(), strict=True))
        staff = next((who for who in ("administrator", "moderator") if seen_by[who] == "200"), None)
        readers = [staff, "author" if "{" in template else None, "guest"]
        chosen = [who for who in readers if who and seen_by[who] == "200"] or ["member"]
        first = main_of(app, people, address, chosen[0]) if seen_by[chosen[0]] == "200" else ""
        if first:
            others = [who for who in chosen[1:] if main_of(app, people, address, who) != first]
            looks[address] = [chosen[0], *others]
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
