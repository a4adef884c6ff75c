"""A platform that has been running for a while: what guests ask for most is kept.

Its server stays between calls of the bench, as what it keeps goes when it ends. It is asked once for each page that
came up in so many draws of ideas: other draws than those that are measured with.
"""

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

from app.kit.page_store import FOLDER
from tests.bench import servers
from tests.bench.data import Shelf, by_rank, places
from tests.bench.load import Ask, send, write_requests
from tests.support.live import group_members

DRAWS_EACH, MOST_DRAWS = 20, 5_000_000
SLICE_SECONDS, SLICE = 20.0, 20_000
WAKING = 20


def warm(shelf: Shelf, state: dict[str, Any], until: float, most_seconds: float) -> bool:
    """Go on asking until a moment (monotonic); whether all was asked for, or for `most_seconds`.

    `state` holds the server that runs between calls, and how far it came. A server that is gone means a new beginning.
    """
    if not is_running(state):
        state.clear()
        state.update(_begin(shelf))
    pages, file = _drawn(shelf, state["draws"]), shelf.folder / "warming.txt"
    state["pages"] = len(pages)
    while state["asked"] < len(pages) and state["seconds"] < most_seconds:
        if time.monotonic() + SLICE_SECONDS > until:
            return False
        write_requests(file, map(Ask, pages[state["asked"] : state["asked"] + SLICE]))
        figures = send(state["port"], file, min(SLICE_SECONDS, most_seconds))
        state["asked"] = min(len(pages), state["asked"] + int(figures["requests"]))
        state["seconds"] += figures["seconds"]
    stored = Path(shelf.folder, FOLDER).iterdir()
    state["stored_mb"] = round(sum(one.stat().st_size for one in stored) / 1e6)
    return True


def is_running(state: dict[str, Any]) -> bool:
    return bool(state.get("pid") and group_members(state["pid"]) and servers.answers(state["port"]))


def wake(port: int) -> None:
    """Ask until connections to a database that was stopped and started between calls are new ones."""
    for _ in range(WAKING):
        if servers.answers(port, "/"):
            return
        time.sleep(0.5)


def end(state: dict[str, Any]) -> None:
    """Stop the server; what was warmed stays in `state`."""
    pid = state.pop("pid", 0)
    if pid and group_members(pid):
        os.killpg(pid, signal.SIGINT)


def _begin(shelf: Shelf) -> dict[str, Any]:
    environ = servers.platform_environ(shelf.folder, shelf.database)
    process = servers.start(servers.flask("serve"), environ, shelf.folder / "server.log")
    draws = min(DRAWS_EACH * shelf.ideas, MOST_DRAWS)
    return {"pid": process.pid, "port": int(environ["PORT"]), "asked": 0, "seconds": 0.0, "draws": draws}


def _drawn(shelf: Shelf, draws: int) -> list[str]:
    """Each page once, in the order in which it came up."""
    ideas = by_rank(shelf)
    order = dict.fromkeys(places(random.Random("warming"), len(ideas), draws))
    return [ideas[place] for place in order]
