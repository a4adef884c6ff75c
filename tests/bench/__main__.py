"""How fast the platform is, as ratios to a bare Flask page: `make bench` and `make bench-quick`.

`BENCH_DIR` (var/bench) keeps databases, figures and what is done; each call goes on where the one before ended, does
what fits into `BENCH_SECONDS` (500) and says what is left. `BENCH_SIZES` and `BENCH_KINDS` choose, separated by commas,
from 1000,100000,1000000 and sqlite,postgresql. `--fresh` measures anew, on the databases that are there.
"""

import argparse
import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import data, extras, warming
from tests.bench.data import Shelf
from tests.bench.growth import growth
from tests.bench.sections import SECTIONS, run_section
from tests.bench.servers import Postgres
from tests.bench.table import markdown

SIZES, KINDS = "1000,100000,1000000", "sqlite,postgresql"
FEW_ROUTES = ("list", "idea (any)", "idea, 30 comments", "similar hints", "search")
QUICK_SECTIONS = {
    "sqlite": ("guest", "guest, caches off", "member", "writes"),
    "postgresql": ("guest, caches off", "writes"),
}
GROWN = ("guest, caches off", "member")
WARMED, WARMING_SECONDS, QUICK_WARMING_SECONDS = "guest", 10 * 60, 10
SPARE_SECONDS = 20


@dataclass(frozen=True)
class Step:
    """Something to do once; `run` gets the moment it has to end at and says whether it is finished."""

    name: str
    seconds: float
    run: Callable[[float], bool]


class Bench:
    """A folder with what is measured and what was found."""

    def __init__(self, folder: Path, *, quick: bool, stack: ExitStack) -> None:
        self.folder, self.quick, self.stack = folder.resolve(), quick, stack
        self.file = self.folder / ("quick.json" if quick else "bench.json")
        self.sizes = [10_000] if quick else [int(one) for one in os.environ.get("BENCH_SIZES", SIZES).split(",")]
        self.kinds = os.environ.get("BENCH_KINDS", KINDS).split(",")
        self.rounds = 1 if quick else 3
        self.results: dict[str, Any] = {"machine": _machine(), "done": [], "shelves": {}, "extras": {}}
        if self.file.exists():
            self.results = json.loads(self.file.read_text())
        self._postgres: Postgres | None = None
        self._migrated: set[str] = set()

    def steps(self) -> Iterator[Step]:
        for kind in self.kinds:
            for size in self.sizes:
                yield from self._of_shelf(kind, size)
            for section in GROWN if len(self.sizes) > 1 else ():
                yield Step(f"{kind}: growth, {section}", 400, lambda _end, k=kind, s=section: self._growth(k, s))
        if not self.quick and "sqlite" in self.kinds:
            size = min(self.sizes, key=lambda one: abs(one - 100_000))
            yield Step("slow readers", 30, lambda _end: self._extra("slow readers", size))
            yield Step("further worker", 30, lambda _end: self._extra("further worker", size))
            yield Step("endurance", 90, lambda end: self._endure(size, end))

    def _of_shelf(self, kind: str, size: int) -> Iterator[Step]:
        name = f"{kind}-{size}"
        yield Step(f"{name}: seed", 30, lambda end: self._seed(kind, size, end))
        yield Step(f"{name}: prepare", 20, lambda _end: self._prepare(kind, size))
        for section in QUICK_SECTIONS[kind] if self.quick else SECTIONS:
            if section == WARMED:
                yield Step(f"{name}: warm", 60, lambda end: self._warm(kind, size, end))
            routes = FEW_ROUTES if self.quick and section != "writes" else ()
            seconds = 40 + 18 * (2 * self.rounds + 2)
            yield Step(f"{name}: {section}", seconds, lambda _end, s=section, r=routes: self._section(kind, size, s, r))

    def shelf(self, kind: str, size: int) -> Shelf:
        """A database, as this version of the platform wants it."""
        shelf = self._shelf(kind, size)
        if shelf.name not in self._migrated and shelf.folder.exists():
            data.migrate(shelf)
            self._migrated.add(shelf.name)
        return shelf

    def _shelf(self, kind: str, size: int) -> Shelf:
        folder = self.folder / f"{kind}-{size}"
        if kind == "sqlite":
            return Shelf(kind, size, folder, f"sqlite:///{folder / 'platform.sqlite'}")
        if self._postgres is None:
            self._postgres = self.stack.enter_context(Postgres(self.folder / "postgresql"))
        return Shelf(kind, size, folder, self._postgres.url(f"ideas_{size}"))

    def save(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(self.results, indent=1))
        fresh.replace(self.file)
        self.file.with_suffix(".md").write_text(markdown(self.results))

    def _known(self, kind: str, size: int) -> dict[str, Any]:
        found: dict[str, Any] = self.results["shelves"].setdefault(f"{kind}-{size}", {"sections": {}})
        return found

    def _seed(self, kind: str, size: int, end: float) -> bool:
        began, known = time.monotonic(), self._known(kind, size)
        is_done = data.seed(self.shelf(kind, size), end - began)
        known["seed_seconds"] = known.get("seed_seconds", 0.0) + time.monotonic() - began
        return is_done

    def _prepare(self, kind: str, size: int) -> bool:
        data.prepare(self.shelf(kind, size))
        return True

    def _warm(self, kind: str, size: int, end: float) -> bool:
        state = self._known(kind, size).setdefault("warmed", {})
        seconds = QUICK_WARMING_SECONDS if self.quick else WARMING_SECONDS
        return warming.warm(self.shelf(kind, size), state, end, seconds)

    def _section(self, kind: str, size: int, section: str, routes: tuple[str, ...]) -> bool:
        shelf, known = self.shelf(kind, size), self._known(kind, size)
        state = known.get("warmed", {}) if section == WARMED else {}
        if section == WARMED and not warming.is_running(state):
            self.results["done"].remove(f"{shelf.name}: warm")
            return False
        running = (state["port"], state["pid"]) if state else None
        if running:
            warming.wake(running[0])
        found = run_section(
            shelf, SECTIONS[section], self.rounds, only=routes, beside=self._beside(kind), running=running
        )
        warming.end(state)
        known["sections"][section] = found
        return True

    def _growth(self, kind: str, section: str) -> bool:
        few, many = self.shelf(kind, min(self.sizes)), self.shelf(kind, max(self.sizes))
        found = growth(few, many, SECTIONS[section], beside=self._beside(kind))
        self.results.setdefault("growth", {}).setdefault(kind, {})[section] = found
        return True

    def _beside(self, kind: str) -> tuple[int, ...]:
        return (self._postgres.pid,) if self._postgres and kind == "postgresql" else ()

    def _extra(self, name: str, size: int) -> bool:
        shelf, known = self.shelf("sqlite", size), self.results["extras"]
        known[name] = extras.slow_readers(shelf, 5) if name == "slow readers" else extras.further_worker(shelf)
        return True

    def _endure(self, size: int, end: float) -> bool:
        running = self.results.setdefault("endurance", {})
        if not extras.endurance(self.shelf("sqlite", size), running, end):
            return False
        self.results["extras"]["endurance"] = running
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 ideas, in less than five minutes")
    parser.add_argument("--fresh", action="store_true", help="measure anew")
    wanted = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt-get install wrk")
    folder = Path(os.environ.get("BENCH_DIR", "var/bench"))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        bench = Bench(folder, quick=wanted.quick, stack=stack)
        if wanted.fresh or (wanted.quick and not _left(bench)):
            _forget_figures(bench)
        until = time.monotonic() + float(os.environ.get("BENCH_SECONDS", "500"))
        _run(bench, until)
    print(markdown(bench.results))
    if left := _left(bench):
        print(f"{len(left)} steps are left; call it again: {', '.join(step.name for step in left)}")


def _run(bench: Bench, until: float) -> None:
    for step in _left(bench):
        if time.monotonic() + step.seconds > until:
            return
        began = time.monotonic()
        is_done = step.run(until - SPARE_SECONDS)
        if is_done:
            bench.results["done"].append(step.name)
        bench.save()
        print(f"{time.monotonic() - began:5.0f} s  {step.name}{'' if is_done else ' (goes on)'}", flush=True)


def _left(bench: Bench) -> list[Step]:
    return [step for step in bench.steps() if step.name not in bench.results["done"]]


def _forget_figures(bench: Bench) -> None:
    """Keep the databases and the addresses to ask for; measure all else anew."""
    kept = (": seed", ": prepare")
    bench.results["done"] = [name for name in bench.results["done"] if name.endswith(kept)]
    bench.results["extras"] = {}
    bench.results.pop("growth", None)
    bench.results.pop("endurance", None)
    for shelf in bench.results["shelves"].values():
        shelf["sections"] = {}


def _machine() -> str:
    return f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()} {platform.release()}"


if __name__ == "__main__":
    main()
