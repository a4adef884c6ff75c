"""A browser far away says the clock times of the place, as the server does."""

import re
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")


def test_the_line_under_a_draft_says_the_time_of_the_place(server: LiveServer, windows: Windows) -> None:
    with backstage(server) as app:
        settle(app)
    with closing(windows.browser.new_context(base_url=server.url, locale="de-DE", timezone_id="Asia/Tokyo")) as far:
        page = far.new_page()
        page.goto("/ideas/new")
        page.locator("[name=title]").fill("Eine Bank am Weg")
        line = page.locator(".saved")
        expect(line).to_contain_text(re.compile(r"um \d\d:\d\d Uhr"))
        said = re.search(r"(\d\d):\d\d", line.inner_text())
        assert said is not None
        here = datetime.now(ZoneInfo("Europe/Berlin"))
        assert (here.hour - int(said[1])) % 24 in (0, 1)
