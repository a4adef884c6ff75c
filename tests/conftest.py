"""Fixtures for every test.

A test that uses `app` runs on SQLite and on PostgreSQL, on a fresh copy of a migrated database.

`client` reads pages without JavaScript and looks at each (tests/client.py); `work()` does what the job
runner would; `smtp` is a real mail server; `server` is the platform as operators run it; `page` a browser.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, sync_playwright

from app.config import Settings
from app.factory import create_app
from app.kit.db import db
from app.kit.jobs import outside, run_sweeps
from tests import people
from tests.client import Client
from tests.support.alone import room
from tests.support.databases import KINDS, Databases, open_databases
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox
from tests.support.needs import MAY_BE_MISSING_IN_CI, SHARED_DATA, chromium, missed, need
from tests.support.postgres import free_port

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
CHROMIUM += ["--disable-sync", "--no-first-run"]

hypothesis_settings.register_profile("calm", deadline=None, derandomize=True, max_examples=40)
hypothesis_settings.load_profile("calm")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that touches a database runs on both kinds, or on those it names: `@pytest.mark.on("sqlite")`."""
    if "database_kind" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("on")
        metafunc.parametrize("database_kind", marker.args if marker else KINDS, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """A test that measures has the machine for itself, as far as other tests go."""
    with room(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker")


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """One SMTP server for this worker; tests use `smtp`."""
    catcher = Mailbox(free_port())
    catcher.controller.start()
    yield catcher
    catcher.controller.stop()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[Mailbox]:
    """The real mail server, empty: `smtp.last_to(address)`, `smtp.link_in_last_to(address)`."""
    mailbox.clear()
    yield mailbox
    mailbox.clear()  # it may still refuse


@pytest.fixture(scope="session")
def house(worker_folder: Path, mailbox: Mailbox) -> Iterator[Callable[[str], "House"]]:
    """The databases and the application of one kind, made once by each worker."""
    houses: dict[str, House] = {}

    def open_house(kind: str) -> House:
        if kind == "postgresql":
            need("PostgreSQL")
        if kind not in houses:
            houses[kind] = House(kind, worker_folder, mailbox)
        return houses[kind]

    yield open_house
    for opened in houses.values():
        opened.close()


class House:
    """An application and its databases."""

    def __init__(self, kind: str, folder: Path, mailbox: Mailbox) -> None:
        self.folder = folder / kind
        self.mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.controller.port)}
        self.databases: Databases = open_databases(kind, self.folder, self.migrate)
        self.app = self.make_app(self.databases.copy("test"))
        self.is_settled = False

    def make_app(self, database_url: str, **environ: str) -> Flask:
        names = {"ENVIRONMENT": "testing", "DATABASE_URL": database_url, "DATA_DIR": str(self.folder / "data")}
        names["GUEST_CACHE"] = "off"  # each page is looked at and counted as it is made
        app = create_app(Settings.from_env(names | self.mail | environ))
        app.config["PROPAGATE_EXCEPTIONS"] = True
        app.test_client_class = Client
        return app

    def migrate(self, database_url: str) -> None:
        app = self.make_app(database_url)
        result = app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        release(app)

    def reset(self, *, to: str = "template") -> None:
        release(self.app)
        self.databases.copy("test", of=to)
        self.app.extensions["huey"].storage.flush_all()
        for counted in (self.folder / "data").glob("limits.sqlite*"):
            counted.unlink()

    def settle(self) -> None:
        """Let the cast move in: once for the worker, copied for each test."""
        if not self.is_settled:
            self.reset()
            people.settle(self.app)
            release(self.app)
            self.databases.copy("settled", of="test")
            self.is_settled = True
        self.reset(to="settled")

    def close(self) -> None:
        release(self.app)
        self.databases.stop()


def release(app: Flask) -> None:
    """Let go of every database connection."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if "guest_pages" in app.extensions:
        app.extensions["guest_pages"].changes.close()


@pytest.fixture
def databases(database_kind: str, house: Callable[[str], House]) -> Databases:
    """For tests that need a database of their own: `databases.copy("name")` gives its address."""
    return house(database_kind).databases


@pytest.fixture
def app(database_kind: str, house: Callable[[str], House]) -> Flask:
    """The application on a freshly copied, migrated database."""
    home = house(database_kind)
    home.reset()
    return home.app


@pytest.fixture
def make_app(database_kind: str, house: Callable[[str], House]) -> Iterator[Callable[..., Flask]]:
    """An application with other settings on the same fresh database: `make_app(MODERATE_NEW="off")`."""
    home = house(database_kind)
    home.reset()
    made: list[Flask] = []

    def make(**environ: str) -> Flask:
        made.append(home.make_app(home.databases.url("test"), **environ))
        return made[-1]

    yield make
    for app in made:
        release(app)


@pytest.fixture
def cast(app: Flask, database_kind: str, house: Callable[[str], House]) -> people.Cast:
    """Mara, Anton, Ruth, Ada and Sven have accounts (tests/people.py)."""
    house(database_kind).settle()
    return people.cast(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[people.Person], Client]:
    """A client of their own for one of the cast, past the form: `mara = signed_in(cast.mara)`."""

    def enter(person: people.Person) -> Client:
        made = app.test_client()
        assert isinstance(made, Client)
        made.become(person.key)
        return made

    return enter


@pytest.fixture
def client(app: Flask) -> Client:
    """A guest without JavaScript."""
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Do what the job runner would: queued jobs, then sweeps, until nothing is left."""

    def run() -> None:
        huey = app.extensions["huey"]
        while (task := huey.dequeue()) is not None:
            huey.execute(task)
        with outside(app):
            run_sweeps()

    return run


@pytest.fixture
def servers(
    database_kind: str, house: Callable[[str], House], smtp: Mailbox, tmp_path: Path
) -> Iterator[Callable[..., LiveServer]]:
    """Start real servers on a database of their own: `servers(WEB_WORKERS="2")`."""
    home = house(database_kind)
    with ExitStack() as stack:

        def start(**environ: str) -> LiveServer:
            names = {"ENVIRONMENT": "development", "DATABASE_URL": home.databases.copy("live")}
            server = LiveServer(tmp_path / "live", names | home.mail | environ)
            stack.callback(server.kill)  # how it ends by itself is tested where that matters; asking takes seconds
            return server.start()

        yield start


@pytest.fixture
def server(servers: Callable[..., LiveServer]) -> LiveServer:
    """The platform as operators run it: web server and job runner in a process group of their own."""
    return servers()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    need("Chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """A browser page on the running platform; errors in its console fail the test."""
    context = browser.new_context(base_url=server.url, locale="de-DE", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    # A form that comes back with 422 is an answer, not an error; the browser reports it all the same.
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" and "422" not in m.text else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, errors


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the repository."""
    need("shared data")
    return SHARED_DATA


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI nothing may be skipped for want of a program."""
    lacking = set(_missed(session.config)) - MAY_BE_MISSING_IN_CI
    if lacking and os.environ.get("CI", "").lower() in {"1", "true"} and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what tests measured: `record_property("figures", "8 writers: p99 …")`."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


def pytest_unconfigure(config: pytest.Config) -> None:
    counts = _missed(config)
    if counts:
        wanting = ", ".join(f"{count} for want of {what}" for what, count in counts.items())
        print(f"NOT RUN: {sum(counts.values())} tests ({wanting})")


def _missed(config: pytest.Config) -> dict[str, int]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return {}
    return missed([str(report.longrepr) for report in reporter.stats.get("skipped", [])])
