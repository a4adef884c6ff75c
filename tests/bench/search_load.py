"""How quick the search is at 100,000 ideas, on the server as it is shipped.

    .venv/bin/python -m tests.bench.search_load FOLDER [--ideas 100000] [--seconds 20] [--address /search?q=]

FOLDER becomes a data folder (kept: seeding takes minutes, and is done once); DATABASE_URL in the environment chooses
PostgreSQL. `flask serve` runs with its own settings; eight connections ask one query after the other from a mix of
common words, rare ones, two words, parts of compounds, phrases, slips and filters. Prints p50, p95, p99, requests a
second, and what the server's processes computed for each (which says more where the machine has other work).
Guests' pages are kept until something changes; with --distinct every address is a new one, and each page is made.
`--address /ideas/similar?title=` asks for hints of similar ideas instead.
"""

import argparse
import http.client
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from app.config import Settings
from app.factory import create_app
from app.kit.db import db, unit_of_work
from app.kit.textindex import Document
from tests.bench.servers import computed
from tests.factories import corpus
from tests.support.postgres import free_port

CONNECTIONS = 8
QUERIES = (
    "Straße", "Kinder", "Radweg", "Fahrradstrasse", "Ampel", "Schule", "Hilfe", "grün", "Bank", "Verein", "Weg",
    "Gartenpaten", "Bienenkarte", "Solardach", "Spielplatzbau", "Leihküche", "Moorwanderung", "Willkommenscafé",
    "Kinder Straße", "Garten Schule", "Radweg beleuchten", "Menschen Leben Raum", "Hilfe Verein Raum", "Bus Bahn",
    "werkstatt", "ampel", "bücherei", "brücke", "station", "„Menschen Stadt“", "„Platz Weg“", "radwge", "kindr",
    "gartenpatenn", "fahradstrasse", "quietschomat", "wer wie was",
)  # fmt: skip
FILTERS = ("", "", "", "&topic=mobility", "&kind=idea", "&topic=care&kind=idea")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ideas", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--address", default="/search?q=")
    parser.add_argument("--distinct", action="store_true")
    wanted = parser.parse_args()
    names = {
        "ENVIRONMENT": "development",
        "DATA_DIR": str(wanted.folder),
        "PORT": str(free_port()),
        "LOG_LEVEL": "ERROR",
    }
    environ = os.environ | names
    fill(create_app(Settings.from_env(environ)), wanted.ideas)
    server = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "serve"], env=environ)
    try:
        wait_for(int(names["PORT"]))
        port = int(names["PORT"])
        measure(port, wanted.address, 3, distinct=wanted.distinct)
        before = computed(server.pid)
        taken = measure(port, wanted.address, wanted.seconds, distinct=wanted.distinct)
        each = (computed(server.pid) - before) / len(taken) * 1000
        print(f"{figures(taken, wanted.seconds)}, {each:.1f} ms of computing for each")
    finally:
        server.terminate()
        server.wait(timeout=20)


def fill(app: Flask, ideas: int) -> None:
    """Seed, unless it was done before."""
    result = app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with app.test_request_context():
        with unit_of_work(writes=False):
            present = db.session.scalar(db.select(db.func.count()).select_from(Document)) or 0
        if not present:
            began = time.monotonic()
            corpus.seed(ideas)
            print(f"{ideas} ideas written in {time.monotonic() - began:.0f} s", flush=True)
        db.session.remove()
        db.engine.dispose()


def measure(port: int, address: str, seconds: float, *, distinct: bool) -> list[float]:
    """The seconds each answer took, of eight connections that ask without a pause."""
    until = time.monotonic() + seconds
    taken: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    asking = [
        threading.Thread(target=ask, args=(port, address, until, number, taken[number], distinct))
        for number in range(CONNECTIONS)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return sorted(second for one in taken for second in one)


def ask(port: int, address: str, until: float, number: int, taken: list[float], distinct: bool) -> None:
    dice = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        path = f"{address}{quote(dice.choice(QUERIES))}{dice.choice(FILTERS)}"
        path += f"&n={number}-{len(taken)}-{until:.0f}" if distinct else ""
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - began)
        assert answer.status == 200, (path, answer.status)
    connection.close()


def figures(taken: list[float], seconds: float) -> str:
    p50, p95, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, {len(taken) / seconds:.0f} requests a second"


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).connect()
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
