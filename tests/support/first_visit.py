"""What a browser reports about a first visit with a slow line: when one sees the page, and what moved meanwhile.

CPU four times slower, 1.6 Mbit/s, 150 ms there and back, nothing in the cache.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.support.demo_house import DemoHouse

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
WATCH = """
  window.seen = {paint: 0, shift: 0, what: "", moved: ""};
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    seen.paint = entry.startTime; seen.what = entry.element?.outerHTML.slice(0, 60);
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


@dataclass(frozen=True, slots=True)
class Sight:
    """Largest Contentful Paint in ms and what it was; cumulative layout shift and what moved."""

    paint: float
    shift: float
    what: str
    moved: str

    def __str__(self) -> str:
        return f"{self.paint:.0f} ms, shift {self.shift:.4f}: {self.what} {self.moved}"


def visit(browser: Browser, server: str, address: str, window: dict[str, int], patience: float = 0) -> Sight:
    """Look at a page for the first time, with a browser whose own window is ready.

    patience: how many seconds to wait at most until the machine has room.
    """
    size: Any = window
    with closing(browser.new_context(base_url=server, locale="de-DE", viewport=size)) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.wait_for_timeout(700)  # a new window has work of its own
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        wait_for_calm(patience)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(300)
        return Sight(**page.evaluate("seen"))


def wait_for_calm(seconds: float) -> None:
    """Wait until this process gets the processor when it wants it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not has_room():
        time.sleep(0.5)


def has_room(work: float = 0.1) -> bool:
    """Whether `work` seconds of computing take hardly longer than that."""
    wall, done = time.monotonic(), time.thread_time() + work
    while time.thread_time() < done:
        pass
    return time.monotonic() - wall < work * 1.25
