"""Pictures of the main pages, for people who look at the repository: `make screens`.

The demo content at a moment that stands still, as those see it who use the page: on a phone and on a desktop,
light and dark.
"""

import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import time_machine
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Route, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from app.accounts.queries import person_by_email
from app.challenges.models import Challenge
from app.config import Settings
from app.factory import create_app
from app.ideas.models import Idea
from app.kit.db import db
from app.organisations.models import Organisation
from app.projects.models import Project
from app.subjects import registry
from tests.conftest import CHROMIUM
from tests.support.crowd import signed
from tests.support.needs import chromium
from tests.support.postgres import free_port

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
MOMENT = datetime(2027, 5, 20, 8, 30, tzinfo=UTC)
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MEMBER, MODERATOR, ADMINISTRATOR = "heike.zschoche", "katrin.leuschner", "friederike.noack"
QUALITY = 76


@dataclass(frozen=True)
class Screen:
    """A page: its name, what it is, its address or the thing it is about, and who looks at it."""

    name: str
    words: str
    address: str
    who: str = ""
    kind: type | None = None


SCREENS = (
    Screen("home", "Home: what is open, the way from an idea to its result, what has just happened", "/"),
    Screen("ideas", "Ideas, with filters", "/ideas"),
    Screen("map", "Ideas on the map", "/ideas?view=map"),
    Screen("idea", "An idea that became a project", "Ein Bauwagen mit Ofen, Strom und Hausordnung", kind=Idea),
    Screen("idea-form", "Writing an idea", "/ideas/new", MEMBER),
    Screen("challenges", "Challenges", "/challenges"),
    Screen("challenge", "A challenge", "Vom Bahnhof nach Hause sind es noch sechs Kilometer", kind=Challenge),
    Screen("projects", "Projects", "/projects"),
    Screen("project", "A project with its crowdfunding", "Der Bauwagen von Markneukirchen", kind=Project),
    Screen("organisation", "An organisation", "Flickwerk eG", kind=Organisation),
    Screen("search", "Searching", "/search?q=bahnhof"),
    Screen("activity", "What happened lately", "/activity"),
    Screen("account", "One's own account", "/account", MEMBER),
    Screen("moderation", "The desk of the moderation", "/moderation", MODERATOR),
    Screen("appearance", "Name, logo and colour of the platform", "/admin/appearance", ADMINISTRATOR),
)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(time_machine.travel(MOMENT, tick=False))
        app, url = stack.enter_context(_platform(Path(folder)))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium(), args=CHROMIUM)
        for screen in SCREENS:
            _take(browser, app, url, screen)
        browser.close()
    (FOLDER / "index.md").write_text(_index())


def file_of(screen: Screen, size: str, theme: str) -> Path:
    return FOLDER / f"{screen.name}-{size}-{theme}.webp"


def all_files() -> Iterator[Path]:
    """Every picture there should be."""
    yield from (file_of(screen, size, theme) for screen in SCREENS for size in SIZES for theme in THEMES)


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[Flask, str]]:
    """The platform with its demo content in this process, so that its clock stands still, too."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    names = {
        "ENVIRONMENT": "testing",
        "DATA_DIR": str(folder),
        "BASE_URL": url,
        "GUEST_CACHE": "off",
        "LOG_LEVEL": "WARNING",
    }
    app = create_app(Settings.from_env(names))
    for words in (["init"], ["demo", "load"]):
        app.test_cli_runner().invoke(args=words, catch_exceptions=False)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app, url
    finally:
        server.shutdown()
        thread.join()
        with app.app_context():
            db.engine.dispose()


def _take(browser: Browser, app: Flask, url: str, screen: Screen) -> None:
    with app.test_request_context():
        address = _address(screen)
        person = person_by_email(f"{screen.who}@example.org") if screen.who else None
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(
                base_url=url,
                locale="de-DE",
                timezone_id="Europe/Berlin",
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
                service_workers="block",
            )
            if person:
                context.add_cookies([{"name": "session", "value": signed(app, person.fs_uniquifier)[0], "url": url}])
            context.route("**/foundation*.css*", _wait_for_letters)
            page = context.new_page()
            page.clock.set_fixed_time(MOMENT)
            page.goto(address, wait_until="networkidle")
            page.evaluate("document.fonts.ready")
            _keep(page.screenshot(animations="disabled", caret="hide"), file_of(screen, size, theme))
            context.close()


def _wait_for_letters(route: Route) -> None:
    """A reader gets another font where ours comes late (font-display: optional); a picture waits for it."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("font-display: optional", "font-display: block"))


def _address(screen: Screen) -> str:
    if screen.kind is None:
        return screen.address
    name = "name" if screen.kind is Organisation else "title"
    thing = db.session.scalars(select(screen.kind).filter_by(**{name: screen.address})).one()
    return registry.url_of(thing)


def _keep(png: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)


def _index() -> str:
    rows = [
        "# Screens",
        "",
        "The main pages with the demo content, on a phone and on a desktop, light and dark: `make screens`.",
    ]
    for screen in SCREENS:
        shown = [f"[{size}, {theme}]({file_of(screen, size, theme).name})" for size in SIZES for theme in THEMES]
        picture = file_of(screen, "desktop", "light").name
        rows += ["", f"## {screen.words}", "", f"![{screen.words}]({picture})", "", " · ".join(shown)]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
