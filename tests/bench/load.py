"""The load: requests written to a file, and wrk that sends them from eight connections without a pause."""

import http.client
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.servers import computed

CONNECTIONS = 8
FEWEST = 50
SCRIPT = Path(__file__).with_name("wrk.lua")
STATUS = re.compile(r"(\d+):(\d+)")


@dataclass(frozen=True)
class Ask:
    """One request: of whom (a cookie, empty for a guest), from which address, with which form."""

    path: str
    method: str = "GET"
    cookie: str = ""
    address: str = ""
    body: str = ""

    @property
    def line(self) -> str:
        return "\t".join((self.method, self.path, self.cookie, self.address, self.body))


def write_requests(file: Path, asks: Iterable[Ask]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{ask.line}\n" for ask in asks), encoding="utf-8")


def send(port: int, file: Path, seconds: float, *, begin: int = 0, look: bool = False) -> dict[str, Any]:
    """Send the requests of a file for some seconds, beginning at one of them.

    Args:
        look: read each answer (which costs): how many came from a cache, were of which status, ask to sign in.
    """
    words: Sequence[str] = [str(file), str(begin), *(["look"] if look else [])]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(SCRIPT)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}", "--", *words], capture_output=True, text=True, timeout=seconds + 60
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("BENCH ")]
    assert found, f"wrk said nothing:\n{done.stdout}\n{done.stderr}"
    figures: dict[str, Any] = json.loads(found[0].removeprefix("BENCH "))
    figures["statuses"] = {int(code): int(times) for code, times in STATUS.findall(figures["statuses"])}
    return figures | {"per_second": (figures["requests"] - figures["failed"]) / figures["seconds"]}


def measure(port: int, file: Path, seconds: float, *, warm: float = 1, begin: int = 0, **how: Any) -> dict[str, Any]:
    """Figures of a route from one of its requests on; `how` is what `_taken` takes."""
    begin += behind(send(port, file, warm, begin=begin)) if warm else 0
    taken = _taken(port, file, seconds, begin, **how)
    if taken["requests"] < FEWEST:  # those under way at the end would weigh too much
        taken = _taken(port, file, 4 * seconds, taken["next"], **how)
    return taken


def _taken(
    port: int,
    file: Path,
    seconds: float,
    begin: int,
    *,
    processes: Sequence[int] = (),
    look: bool = False,
    rows: Callable[[], int] | None = None,
) -> dict[str, Any]:
    """What `send` found, and what was computed and written for it.

    Args:
        processes: those that compute the answers: `cpu_ms` is their processor time for each request that did not fail,
            which says more where the machine has other work.
        look: read each answer, as `send` does.
        rows: counts what is written; the figure `rows` is how many came of these requests.
    """
    there, before = rows() if rows else 0, computed(*processes)
    taken = send(port, file, seconds, begin=begin, look=look)
    spent = computed(*processes) - before
    answered = max(1, taken["requests"] - taken["failed"])
    more = {"cpu_ms": spent / answered * 1000, "next": begin + behind(taken)}
    return taken | more | {"rows": rows() - there if rows else None}


def behind(figures: dict[str, Any]) -> int:
    """How many requests were sent, those under way at the end too: none is sent twice."""
    return int(figures["requests"]) + 2 * CONNECTIONS


def warm_up(port: int, asks: Sequence[Ask], *, connections: int = CONNECTIONS) -> None:
    """Ask each route a few times on several connections: every worker has compiled its templates then."""
    for _ in range(connections):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for ask in asks:
            connection.request("GET", ask.path, headers={"Cookie": ask.cookie} if ask.cookie else {})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (ask.path, answer.status)
        connection.close()
