"""Measuring the routes of one database, section by section; F or W is measured again and again in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from tests.bench import checks, servers
from tests.bench.counting import costs
from tests.bench.data import FRESH, Shelf, as_person, guest_routes
from tests.bench.load import Ask, behind, measure, send, warm_up, write_requests
from tests.bench.writing import writes

MODERATED = ("home", "list", "idea (any)", "idea, 30 comments", "idea, 600 comments", "challenge")
FOUND = ("ratio", "cpu_ratio", "per_second", "cpu_ms", "p50", "p95", "p99")
"""The medians of the rounds tell these."""
ROUNDS_OF_WRITES = 11
"""What a database does beside what it is asked falls into some seconds and not into others."""
SETTLE_SECONDS, IDLE = 90, 0.1
"""So long at most the job runner does at a start what it does once a day; quick benches measure beside it."""
WARM_SECONDS, WARM_SECONDS_POSTGRESQL = 1, {"support": 30, "comment": 10, "sign-in": 10}
"""PostgreSQL writes each page whole into its log when it first changes after a checkpoint (each five minutes)."""
UNDER_WAY_SECONDS = 2
"""Until what was asked for last is answered, and its memory given back: a password takes 19 MiB to check."""
Figures = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """Some routes as one kind of person."""

    name: str
    routes: Callable[[Shelf], dict[str, list[Ask]]]
    cache: str = "on"
    writes: bool = False
    proof: str = ""
    """What stands on each page of who is signed in like this."""

    @property
    def kept(self) -> bool:
        """Whether how much comes from what is kept for guests is asked."""
        return self.cache == "on" and self.name == "guest"


def as_members(shelf: Shelf) -> dict[str, list[Ask]]:
    cookies = [one["cookie"] for one in shelf.targets["members"][:50]]
    return {route: as_person(asks, *cookies) for route, asks in guest_routes(shelf).items()}


def as_moderator(shelf: Shelf) -> dict[str, list[Ask]]:
    cookie = shelf.targets["moderator"]["cookie"]
    return {route: as_person(asks, cookie) for route, asks in guest_routes(shelf).items() if route in MODERATED}


SECTIONS = {
    one.name: one
    for one in (
        Section("guest", lambda shelf: guest_routes(shelf, FRESH)),
        Section("guest, caches off", guest_routes, cache="off"),
        Section("member", as_members, proof=checks.SIGNED_IN),
        Section("moderator", as_moderator, proof=checks.MODERATES),
        Section("writes", writes, writes=True),
    )
}


def run_section(
    shelf: Shelf,
    section: Section,
    rounds: int,
    *,
    only: tuple[str, ...] = (),
    beside: tuple[int, ...] = (),
    running: tuple[int, int] | None = None,
) -> Figures:
    """Figures of each route of a section; ratios to F, or W where something is written.

    Args:
        rounds: how often each route is asked for a second, and F or W after it.
        only: the names of the routes; all, if empty.
        beside: processes that compute for both, such as a database server.
        running: port and process of a platform that was warmed; else one is started.
    """
    routes = {name: asks for name, asks in section.routes(shelf).items() if not only or name in only}
    counted = costs(shelf, routes)
    rounds = max(rounds, ROUNDS_OF_WRITES) if section.writes and rounds > 1 else rounds
    with ExitStack() as stack:
        floor = Floor(stack, shelf, beside, writes=section.writes)
        port, pid = running or started(stack, shelf, section)
        platform = Target(port, (pid, *beside))
        warm_up(port, [asks[0] for asks in routes.values() if asks[0].method == "GET"])
        if section.proof:
            checks.refuse_strangers(port, next(iter(routes.values())), section.proof)
        if rounds > 1 and running is None:
            settle(pid, *beside)
        found = dict(_measured(platform, shelf, routes, rounds, floor, section))
        time.sleep(UNDER_WAY_SECONDS)
        memory = [round(servers.pss_mib(one), 1) for one in servers.workers(pid)]
    return {
        "routes": {route: figures | counted[route] for route, figures in found.items()},
        "floor": round(mean(one["per_second"] for one in floor.taken)),
        "floor_cpu_ms": round(mean(one["cpu_ms"] for one in floor.taken), 3),
        "own floor": round(floor.own),
        "pss_mib": memory,
    }


def settle(*processes: int) -> None:
    """Wait until these processes compute nothing worth naming for two seconds."""
    idle, until, before = 0, time.monotonic() + SETTLE_SECONDS, servers.computed(*processes)
    while idle < 2 and time.monotonic() < until:
        time.sleep(1)
        now = servers.computed(*processes)
        idle, before = idle + 1 if now - before < IDLE else 0, now


def started(stack: ExitStack, shelf: Shelf, section: Section) -> tuple[int, int]:
    """Port and process of a platform with the section's settings."""
    environ = servers.platform_environ(shelf.folder, shelf.database, GUEST_CACHE=section.cache)
    server = stack.enter_context(servers.running(servers.flask("serve"), environ, shelf.folder / "server.log"))
    return int(environ["PORT"]), server.pid


@dataclass(frozen=True)
class Target:
    """Where requests go, and which processes compute the answers."""

    port: int
    processes: tuple[int, ...]

    def measured(self, file: Path, seconds: float, **how: Any) -> Figures:
        return measure(self.port, file, seconds, processes=self.processes, **how)


class Floor:
    """F or W beside the platform: asked for a second before and after each time a route is."""

    def __init__(self, stack: ExitStack, shelf: Shelf, beside: tuple[int, ...], *, writes: bool) -> None:
        application, method = ("writing", "POST") if writes else ("page", "GET")
        self.file, database = shelf.folder / "floor.txt", _database_of_w(shelf) if writes else ""
        self.look = writes  # as the platform's answers are read there
        write_requests(self.file, [Ask("/", method)])
        with servers.bare_server(application, shelf.folder, database, own=True) as (port, pid):
            self.own = float(self._ask(Target(port, (pid, *beside)), warm=1)["per_second"])
        port, pid = stack.enter_context(servers.bare_server(application, shelf.folder, database))
        self.target = Target(port, (pid, *beside))
        self._ask(self.target, warm=1)
        self.taken: list[Figures] = []

    def again(self) -> Figures:
        self.taken.append(self._ask(self.target))
        return self.taken[-1]

    def _ask(self, target: Target, *, warm: float = 0) -> Figures:
        figures = target.measured(self.file, 1, warm=warm, look=self.look)
        checks.refuse_failures("the bare application", figures)
        return figures


def _measured(
    platform: Target, shelf: Shelf, routes: dict[str, list[Ask]], rounds: int, floor: Floor, section: Section
) -> Iterator[tuple[str, Figures]]:
    for name, asks in routes.items():
        route = _Route(platform, shelf, name, section)
        write_requests(route.file, asks)
        route.warm(_warm_seconds(shelf, section, name, rounds))
        found, before = [], floor.again()
        for _ in range(rounds):
            taken, after = route.taken(), floor.again()
            ratios = {
                "ratio": taken["per_second"] / mean((before["per_second"], after["per_second"])),
                "cpu_ratio": mean((before["cpu_ms"], after["cpu_ms"])) / max(taken["cpu_ms"], 0.001),
            }
            found.append(taken | ratios)
            before = after
        yield name, found[-1] | {what: median(one[what] for one in found) for what in FOUND} | route.hits()


class _Route:
    """A route as it is asked, one request after the other."""

    def __init__(self, platform: Target, shelf: Shelf, name: str, section: Section) -> None:
        self.platform, self.section, self.begin = platform, section, 0
        self.file, self._what = shelf.folder / "requests.txt", f"{shelf.name}, {section.name}, {name}"
        self._rows = checks.rows_of(shelf, name) if section.writes else None

    def warm(self, seconds: float) -> None:
        """Ask for so long before anything is measured."""
        if seconds:
            asked = send(self.platform.port, self.file, seconds, begin=self.begin, look=self.section.writes)
            checks.refuse_failures(self._what, asked)
            self.begin += behind(asked)

    def taken(self) -> Figures:
        """Figures of a second, once nothing speaks against them."""
        how = {"look": self.section.writes, "rows": self._rows, "begin": self.begin}
        taken = self.platform.measured(self.file, 1, warm=0, **how)
        checks.refuse_failures(self._what, taken)
        if self.section.writes:
            checks.refuse_unwritten(self._what, taken)
        self.begin = taken["next"]
        return taken

    def hits(self) -> Figures:
        """How much of it is kept."""
        if not self.section.kept:
            return {"hit_rate": 0.0}
        after = send(self.platform.port, self.file, 1, begin=self.begin, look=True)
        checks.refuse_other_pages(self._what, after)
        return {"hit_rate": after["hits"] / max(1, after["requests"])}


def _warm_seconds(shelf: Shelf, section: Section, route: str, rounds: int) -> float:
    if not section.kept and rounds == 1:
        return 0
    return WARM_SECONDS_POSTGRESQL[route] if section.writes and shelf.kind == "postgresql" else WARM_SECONDS


def _database_of_w(shelf: Shelf) -> str:
    """Beside the platform's: the same disk, or the same PostgreSQL."""
    if shelf.kind == "sqlite":
        return f"sqlite:///{shelf.folder / 'bare.sqlite'}"
    return shelf.database
