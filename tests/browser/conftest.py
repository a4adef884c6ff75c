"""Several people at one running server, each with a browser window of their own."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.client import PASSWORD
from tests.conftest import House
from tests.support.demo_house import DemoHouse, open_demo_house
from tests.support.live import LiveServer

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# What browsers report as errors all the same: a form that comes back with 422 is an answer, and only tests cut off a
# browser or kill a server, about which browsers complain whenever they get to it.
NO_ERRORS = ("422", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED")


class Windows:
    """Browser windows that share no cookies; their console errors and requests elsewhere are collected."""

    def __init__(self, browser: Browser, server: LiveServer) -> None:
        self.browser, self.server = browser, server
        self.pages: list[Page] = []
        self.errors: list[str] = []
        self.elsewhere: list[str] = []

    def open(self, *, phone: bool = False, scripts: bool = True) -> Page:
        """`scripts`: whether JavaScript is on."""
        context = self.browser.new_context(
            base_url=self.server.url,
            locale="de-DE",
            viewport=PHONE if phone else WIDE,
            java_script_enabled=scripts,
            has_touch=phone,  # type: ignore[arg-type]
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        self.pages.append(page)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._look)
        return page

    def sign_in(self, page: Page, email: str, password: str = PASSWORD) -> None:
        """Through the form, as a person does."""
        page.goto("/login")
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort").fill(password)
        page.locator("main").get_by_role("button", name="Anmelden").click()
        page.wait_for_url(lambda address: "/login" not in address)

    def kill_server(self) -> None:
        self.server.kill()

    def start_server(self) -> None:
        """What pages had to complain about while there was no server is forgiven."""
        self.server.start()
        for page in self.pages:
            page.evaluate("0")  # what they complained of has arrived by now
        self.errors.clear()

    def close(self) -> None:
        for page in self.pages:
            page.context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in NO_ERRORS):
            self.errors.append(message.text)

    def _look(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.server.url).netloc:
            self.elsewhere.append(request.url)


@pytest.fixture
def windows(browser: Browser, server: LiveServer) -> Iterator[Windows]:
    """`windows.open()` gives a page; no window may log an error or ask another host for anything."""
    opened = Windows(browser, server)
    yield opened
    opened.close()
    assert opened.errors == []
    assert opened.elsewhere == []


@pytest.fixture(scope="session")
def demo(house, worker_folder: Path) -> Iterator[DemoHouse]:  # type: ignore[no-untyped-def]
    """The platform with its demo content, once for each worker: for looking and measuring, not for writing."""
    home: House = house("sqlite")
    with open_demo_house(worker_folder / "demo", home.databases.copy, home.mail) as opened:
        yield opened
