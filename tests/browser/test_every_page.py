"""Every page there is, walked by the URL map: axe, the console, other hosts, and nothing that sticks out.

A new page is looked at by itself: its address comes from the table of rights (tests/house/test_rights.py), which must
name every route. All rules of axe run at 1280 px (light, German) and at 390 px (light, English); in the other six
combinations of width, theme and language those that can come out differently there.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.client import Client
from tests.conftest import House
from tests.factories import world
from tests.house.test_rights import PEOPLE, RIGHTS
from tests.people import Cast, cast, settle
from tests.support.axe import violations
from tests.support.crowd import backstage, signed
from tests.support.live import LiveServer

SLICES = 4
WIDE, PHONE, SMALLEST = (1280, 900), (390, 844), (320, 700)
ACTORS = {"member": "mara", "author": "anton", "moderator": "ruth", "administrator": "ada"}
# Beside the routes: pages that are no route, and forms that came back with errors.
MORE = [("/gibt-es-nicht", "guest"), ("/gibt-es-nicht", "administrator")]


@dataclass(frozen=True)
class Stage:
    """A running platform with one thing of everything, and the session cookies of the cast."""

    server: LiveServer
    cookies: dict[str, str]
    looks: list[tuple[str, str]]
    """Addresses of pages, each with who looks at it."""


@pytest.fixture(scope="module")
def stage(house, worker_folder: Path) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    home: House = house("sqlite")
    names = {"ENVIRONMENT": "development", "DATABASE_URL": home.databases.copy("every_page")} | home.mail
    server = LiveServer(worker_folder / "every-page", names)
    with backstage(server) as app:
        settle(app)
        made, people = world.build(app), cast(app)
        looks = [*looks_at(app, made, people), *MORE]
        cookies = {who: signed(app, getattr(people, name).key)[0] for who, name in ACTORS.items()}
    try:
        yield Stage(server.start(), cookies, looks)
    finally:
        server.stop()


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_can_be_used_by_everyone(browser: Browser, stage: Stage, language: str, part: int) -> None:
    found: list[str] = []
    for address, who in stage.looks[part::SLICES]:
        with closing(window(browser, stage, who, language)) as context:
            found += [f"{address} ({who}, {language}) {fault}" for fault in faults(context, address, language)]
    assert found == []


def test_the_walk_reaches_pages_of_every_kind_of_person(stage: Stage) -> None:
    assert {who for _address, who in stage.looks} == {"guest", *ACTORS}
    assert len(stage.looks) > 60


def faults(context: BrowserContext, address: str, language: str) -> Iterator[str]:
    """What is wrong with a page at both widths and in both themes."""
    page = context.new_page()
    heard = listen(page, address)
    page.goto(address)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width, height in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            whole = theme == "light" and (width == WIDE[0]) == (language == "de")
            yield from (f"{width} px, {theme}: {fault}" for fault in violations(page, everything=whole))
    page.set_viewport_size({"width": SMALLEST[0], "height": SMALLEST[1]})
    out = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if out > 0:
        yield f"320 px: sticks out by {out} px: {page.evaluate(STICKING_OUT)}"
    yield from heard


STICKING_OUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
  .map((e) => e.tagName + "." + e.className).join(", ")"""


def listen(page: Page, address: str) -> list[str]:
    """Errors of the console and requests to other hosts, as they come."""
    heard: list[str] = []
    missing = address in {own for own, _who in MORE}  # there the browser reports the 404 itself

    def note(kind: str, text: str) -> None:
        if not (missing and "404" in text):
            heard.append(f"{kind}: {text}")

    page.on("console", lambda said: note("console", said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: note("error", str(error)))
    page.on("request", lambda asked: None if urlsplit(asked.url).hostname == "127.0.0.1" else note("asks", asked.url))
    return heard


def window(browser: Browser, stage: Stage, who: str, language: str) -> BrowserContext:
    """A browser of this person, in this language, without motion (colours that fade in would be measured midway)."""
    context = browser.new_context(
        base_url=stage.server.url,
        locale={"de": "de-DE", "en": "en-GB"}[language],
        viewport={"width": WIDE[0], "height": WIDE[1]},
        reduced_motion="reduce",
    )
    if who != "guest":
        context.add_cookies([{"name": "session", "value": stage.cookies[who], "url": stage.server.url}])
    return context


def looks_at(app: Flask, made: world.World, people: Cast) -> list[tuple[str, str]]:
    """Every GET route that answers with a page: as the guest, and as whoever sees the most of it."""
    looks: list[tuple[str, str]] = []
    for name, (template, answers) in RIGHTS.items():
        if not name.endswith(" GET") or name == "static GET":
            continue
        address = template.format(**vars(made))
        seen_by = dict(zip(PEOPLE, answers.split(), strict=True))
        readers = [who for who in ("guest", "administrator", "moderator", "author", "member") if seen_by[who] == "200"]
        chosen = readers[:2] if "guest" in readers else readers[:1]
        if seen_by["author"] == "200" and "{" in template and "author" not in chosen:
            chosen.append("author")
        looks += [(address, who) for who in chosen if is_page(app, people, address, who)]
    return looks


def is_page(app: Flask, people: Cast, address: str, who: str) -> bool:
    client = app.test_client()
    assert isinstance(client, Client)
    if who != "guest":
        client.become(getattr(people, ACTORS[who]).key)
    response = client.get(address)
    return response.status_code == 200 and response.mimetype == "text/html"
