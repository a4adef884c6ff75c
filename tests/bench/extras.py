"""Beside the routes: slow readers, how soon a further worker answers, memory over twenty minutes."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import mean
from typing import Any

from tests.bench import checks, servers
from tests.bench.data import Shelf, as_person, guest_routes
from tests.bench.load import Ask, measure, send, warm_up, write_requests
from tests.bench.sections import as_members, settle
from tests.bench.writing import writes
from tests.support.live import group_members

READERS = 64
BITE, PAUSE = 100, 0.5
SLICE_SECONDS = 30
ENDURANCE_SECONDS = 20 * 60
EARLY_SECONDS = 120
TIMES = 5
WARM_SECONDS = 3


def slow_readers(shelf: Shelf, seconds: float) -> dict[str, Any]:
    """What others wait while 64 people read a long page a few bytes at a time, and before and after that (the mean)."""
    environ = servers.platform_environ(shelf.folder, shelf.database, GUEST_CACHE="off")
    port, file, path = int(environ["PORT"]), shelf.folder / "requests.txt", shelf.targets["pages"]["idea600"]
    write_requests(file, [Ask("/ideas")])
    with servers.running(servers.flask("serve"), environ, shelf.folder / "server.log") as server:
        settle(server.pid)
        warm_up(port, [Ask("/ideas"), Ask(path)])
        before = measure(port, file, seconds, warm=WARM_SECONDS)
        with _slow_readers(port, path):
            beside = measure(port, file, seconds, warm=WARM_SECONDS)
        after = measure(port, file, seconds, warm=WARM_SECONDS)
    for figures in (before, beside, after):
        checks.refuse_failures("the list beside slow readers", figures)
    return {
        "readers": READERS,
        "bytes_a_second": int(BITE / PAUSE),
        "without": mean((before["per_second"], after["per_second"])),
        "with": beside["per_second"],
        "p95_without": mean((before["p95"], after["p95"])),
        "p95_with": beside["p95"],
    }


@contextmanager
def _slow_readers(port: int, path: str) -> Iterator[None]:
    ended = threading.Event()
    readers = [threading.Thread(target=_read_slowly, args=(port, path, ended)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        ended.set()
        for reader in readers:
            reader.join()


def further_worker(shelf: Shelf) -> dict[str, Any]:
    """Seconds from the start of a worker's process to its first list of ideas, when the only one has been killed.

    Nothing is kept for it: templates are compiled and the database is asked.
    """
    environ = servers.platform_environ(shelf.folder, shelf.database, WEB_WORKERS="1", GUEST_CACHE="off")
    port, taken = int(environ["PORT"]), []
    with servers.running(servers.flask("serve"), environ, shelf.folder / "server.log") as server:
        for _ in range(TIMES):
            [old] = servers.workers(server.pid)
            os.kill(old, signal.SIGKILL)
            while set(servers.workers(server.pid)) <= {old}:
                time.sleep(0.002)
            began = time.monotonic()
            while not servers.answers(port, "/ideas"):
                time.sleep(0.005)
            taken.append(time.monotonic() - began)
            time.sleep(1)
    return {"seconds": max(taken), "times": len(taken), "each": taken}


def endurance(shelf: Shelf, state: dict[str, Any], until: float) -> bool:
    """Go on loading one server until `until` (monotonic); whether twenty minutes are full.

    `state` holds the server that runs between calls, and what was seen. A server that is gone means a new beginning.
    """
    if not state.get("pid") or not group_members(state["pid"]) or not servers.answers(state["port"]):
        state.clear()
        state.update(_begin(shelf))
    file = shelf.folder / "endurance.txt"
    while state["seconds"] < ENDURANCE_SECONDS and time.monotonic() + SLICE_SECONDS < until:
        write_requests(file, _mix(shelf))
        figures = send(state["port"], file, SLICE_SECONDS)
        state["seconds"] += SLICE_SECONDS
        state["requests"] += int(figures["requests"])
        state["failed"] += int(figures["failed"] + figures["broken"])
        memory = {str(pid): servers.pss_mib(pid) for pid in servers.workers(state["pid"])}
        state["samples"].append({"at": state["seconds"], "pss_mib": memory})
    if state["seconds"] < ENDURANCE_SECONDS:
        return False
    os.killpg(state["pid"], signal.SIGINT)
    failed = {"requests": state["requests"], "failed": state["failed"], "broken": 0, "statuses": {}}
    checks.refuse_failures("twenty minutes at full load", failed)
    state.update(_judged(state["samples"]))
    return True


def _begin(shelf: Shelf) -> dict[str, Any]:
    environ = servers.platform_environ(shelf.folder, shelf.database)
    process = servers.start(servers.flask("serve"), environ, shelf.folder / "server.log")
    try:
        checks.refuse_strangers(int(environ["PORT"]), as_members(shelf)["list"])
    except SystemExit:
        servers.stop(process)
        raise
    numbers = {"pid": process.pid, "port": int(environ["PORT"]), "seconds": 0, "requests": 0, "failed": 0}
    return numbers | {"samples": []}


def _mix(shelf: Shelf) -> list[Ask]:
    """Seven of ten as guests, two as members, some who write."""
    dice, guests, written = random.Random(), guest_routes(shelf), writes(shelf)
    cookies = [one["cookie"] for one in shelf.targets["members"]]
    routes = list(guests)
    mixed = []
    for number in range(10_000):
        asks = guests[dice.choice(routes)]
        chance = dice.random()
        if chance < 0.72:
            mixed.append(dice.choice(asks))
        elif chance < 0.95:
            mixed += as_person([dice.choice(asks)], dice.choice(cookies))
        else:
            mixed.append(written["support" if chance < 0.985 else "comment"][number])
    return mixed


def _judged(samples: list[dict[str, Any]]) -> dict[str, Any]:
    """Memory of each worker after two minutes and at the end; if they are not the same ones, nothing is to be said."""
    early = next(one["pss_mib"] for one in samples if one["at"] >= EARLY_SECONDS)
    late = samples[-1]["pss_mib"]
    if set(early) != set(late):
        raise SystemExit(
            f"A worker ended: after two minutes there were {', '.join(early)}, at the end {', '.join(late)}."
        )
    growth = max(late[pid] / early[pid] - 1 for pid in early)
    return {"early": list(early.values()), "late": [late[pid] for pid in early], "growth": growth}


def _read_slowly(port: int, path: str, ended: threading.Event) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", port))
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: identity\r\n\r\n".encode()
        )
        while not ended.wait(PAUSE) and connection.recv(BITE):
            pass
