"""What the first visit of a page weighs over the wire, from the server as it is shipped, in kB of 1,000 bytes.

Measured by the browser: the page's own requests until it is at rest, headers included in the whole. The worker for
times without a connection begins afterwards and counts apart.
"""

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.support.demo_house import DemoHouse

pytestmark = pytest.mark.on("sqlite")
KB = 1000
MAY = {"Document": 20, "Stylesheet": 20, "Script": 35}
MAY_IN_ALL, MAY_ASK = 120, 12


@dataclass
class Bill:
    """What a page asked for; sizes by request, `bodies` without headers."""

    kinds: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._arrived)

    def compressed(self, kind: str) -> float:
        """The bodies of one kind, as they came."""
        return sum(float(self.headers[key]["content-length"]) for key, its in self.kinds.items() if its == kind) / KB

    @property
    def in_all(self) -> float:
        return sum(self.sizes.values()) / KB

    def __str__(self) -> str:
        rows = [f"{self.sizes.get(key, 0):8.0f} {kind} {self.addresses[key]}" for key, kind in self.kinds.items()]
        return "\n".join([f"{self.in_all:.1f} kB, {len(self.kinds)} requests", *rows])

    def _asked(self, heard: dict[str, Any]) -> None:
        self.kinds[heard["requestId"]] = heard["type"]
        self.addresses[heard["requestId"]] = heard["request"]["url"]

    def _answered(self, heard: dict[str, Any]) -> None:
        named = heard["response"]["headers"]
        self.headers[heard["requestId"]] = {name.lower(): value for name, value in named.items()}

    def _arrived(self, heard: dict[str, Any]) -> None:
        self.sizes[heard["requestId"]] = heard["encodedDataLength"]


def visit(browser: Browser, demo: DemoHouse, address: str, **size: int) -> Bill:
    """A guest comes for the first time and does not scroll."""
    bill = Bill()
    window: Any = {"width": 1280, "height": 900} | size
    with closing(browser.new_context(base_url=demo.server.url, locale="de-DE", viewport=window)) as context:
        page = context.new_page()
        bill.listen(context.new_cdp_session(page))
        page.goto(address, wait_until="networkidle")
    return bill


@pytest.mark.parametrize("width", [390, 1280])
def test_a_list_of_twenty_ideas_is_light(browser: Browser, demo: DemoHouse, width: int) -> None:
    assert demo.read("/ideas").count('class="card idea-card') == 20
    bill = visit(browser, demo, "/ideas", width=width)
    print(bill)
    assert {kind: bill.compressed(kind) <= may for kind, may in MAY.items()} == dict.fromkeys(MAY, True), str(bill)
    assert bill.in_all <= MAY_IN_ALL, str(bill)
    assert len(bill.kinds) <= MAY_ASK, str(bill)
    assert not any("leaflet" in address or "map" in address for address in bill.addresses.values()), (
        "no map, no scripts of it"
    )


def test_no_main_page_is_heavy(browser: Browser, demo: DemoHouse) -> None:
    """The idea list's weights hold for the other pages people land on, but for pictures they show at once."""
    for address in ("/", demo.challenge, demo.idea, demo.project, "/search?q=bank"):
        bill = visit(browser, demo, address)
        print(address, bill)
        assert bill.compressed("Document") <= MAY["Document"], f"{address} {bill}"
        assert bill.compressed("Script") <= MAY["Script"], f"{address} {bill}"
        assert bill.in_all <= MAY_IN_ALL, f"{address} {bill}"


def test_a_second_page_costs_little_more_than_its_text(browser: Browser, demo: DemoHouse) -> None:
    with closing(browser.new_context(base_url=demo.server.url, locale="de-DE")) as context:
        page, bill = context.new_page(), Bill()
        page.goto("/", wait_until="networkidle")
        bill.listen(context.new_cdp_session(page))
        page.goto("/ideas", wait_until="networkidle")
        assert bill.in_all <= MAY["Document"] + 5, str(bill)
