"""Nothing jumps while a page arrives on a slow phone with a slow line, nor when its font or its pictures come later.

Cumulative layout shift as browsers report it; CPU four times slower, 1.6 Mbit/s, 150 ms there and back, nothing in the
cache. How soon one sees a page is printed beside it: the Largest Contentful Paint.
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.demo_house import DemoHouse

pytestmark = pytest.mark.on("sqlite")
SHIFT, VISITS = 0.02, 5
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
WATCH = """
  window.seen = {paint: 0, shift: 0, moved: ""};
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    seen.paint = entry.startTime;
  })).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (entry.hadRecentInput) return;
    seen.shift += entry.value;
    seen.moved += entry.sources.map(({node}) => node?.outerHTML?.slice(0, 60)).join(" ");
  })).observe({type: "layout-shift", buffered: true});
"""
WHERE: dict[str, Callable[[DemoHouse], str]] = {
    "home": lambda _demo: "/",
    "ideas": lambda _demo: "/ideas",
    "idea": lambda demo: demo.idea,
    "challenge": lambda demo: demo.challenge,
    "project": lambda demo: demo.project,
    "search": lambda _demo: "/search?q=bank",
}


@pytest.mark.parametrize("name", WHERE)
def test_a_page_stays_where_it_is(browser: Browser, demo: DemoHouse, name: str) -> None:
    address = WHERE[name](demo)
    demo.read(address)  # somebody has been here before
    seen = [visit(browser, demo, address) for _visit in range(VISITS)]
    said = [f"{one['paint']:.0f} ms, shift {one['shift']:.4f}: {one['moved']}" for one in seen]
    print(name, *said, sep="\n")
    assert max(one["shift"] for one in seen) < SHIFT, "\n".join(said)


def visit(browser: Browser, demo: DemoHouse, address: str) -> dict[str, Any]:
    """What the browser reports about one first visit."""
    window: Any = {"width": 390, "height": 844}
    with closing(browser.new_context(base_url=demo.server.url, locale="de-DE", viewport=window)) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(address, wait_until="load")
        page.wait_for_timeout(300)
        return dict(page.evaluate("seen"))
