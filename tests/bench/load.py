"""The load: requests written to a file, and wrk that sends them from eight connections without a pause."""

import http.client
import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.servers import computed

CONNECTIONS = 8
FEWEST = 50
SCRIPT = Path(__file__).with_name("wrk.lua")


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
        look: read each answer (which costs): how many came from a cache.
    """
    words: Sequence[str] = [str(file), str(begin), *(["look"] if look else [])]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(SCRIPT)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}", "--", *words], capture_output=True, text=True, timeout=seconds + 60
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("BENCH ")]
    assert found, f"wrk said nothing:\n{done.stdout}\n{done.stderr}"
    figures: dict[str, Any] = json.loads(found[0].removeprefix("BENCH "))
    return figures | {"per_second": figures["requests"] / figures["seconds"]}


def measure(
    port: int,
    file: Path,
    seconds: float,
    *,
    processes: Sequence[int] = (),
    warm: float = 1,
    looks: bool = True,
) -> dict[str, Any]:
    """Figures of a route; with `looks`, how much of it came from the cache in the second after.

    `processes` are those that compute the answers: `cpu_ms` is their processor time for each request, which says more
    where the machine has other work.
    """
    first = send(port, file, warm) if warm else {"requests": 0}
    begin, before = int(first["requests"]), computed(*processes)
    taken = send(port, file, seconds, begin=begin)
    if taken["requests"] < FEWEST:  # those under way at the end would weigh too much
        begin, before = begin + int(taken["requests"]), computed(*processes)
        taken = send(port, file, 4 * seconds, begin=begin)
    cpu_ms = (computed(*processes) - before) / max(1, taken["requests"]) * 1000
    taken |= {"cpu_ms": cpu_ms, "hit_rate": 0.0}
    if looks:
        after = send(port, file, 1, begin=begin + int(taken["requests"]), look=True)
        taken |= {"hit_rate": after["hits"] / max(1, after["requests"]), "statuses": after["statuses"].strip()}
    return taken


def warm_up(port: int, asks: Sequence[Ask], *, connections: int = CONNECTIONS) -> None:
    """Ask each route a few times on several connections: every worker has compiled its templates then."""
    for _ in range(connections):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for ask in asks:
            connection.request("GET", ask.path, headers={"Cookie": ask.cookie} if ask.cookie else {})
            connection.getresponse().read()
        connection.close()
