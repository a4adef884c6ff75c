"""The platform as operators run it: `flask serve` with its web server and job runner, on a port of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]


class LiveServer:
    """A process group serving one data folder; it can be killed and started again."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "server.log"
        self.environ = {**os.environ, "DATA_DIR": str(folder), "PORT": str(self.port), "HOST": "127.0.0.1", **environ}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "LiveServer":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve"), cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()
        return self

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "flask", "--app", "wsgi", *words]

    def flask(self, *words: str, text: str = "") -> str:
        """Run a command of the platform on the same data and return what it prints."""
        done = subprocess.run(
            self.command(*words), cwd=ROOT, env=self.environ, input=text, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"flask {' '.join(words)}: {done.stdout}\n{done.stderr}"
        return done.stdout

    @property
    def pids(self) -> list[int]:
        """Every process of the group, the supervisor included."""
        return group_members(self.process.pid) if self.process else []

    def kill(self) -> None:
        """kill -9 to the whole group."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """End as Ctrl-C does; kill what is left after ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _wait(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, f"the server ended:\n{self._tail()}"
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        self.kill()
        raise AssertionError(f"the server was not ready after {seconds} seconds:\n{self._tail()}")

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


def group_members(group: int) -> list[int]:
    """The living processes of a process group (Linux: field 5 of /proc/PID/stat; zombies are dead)."""
    members = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = entry.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state != "Z":
            members.append(int(entry.parent.name))
    return members
