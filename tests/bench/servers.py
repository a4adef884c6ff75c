"""The processes of a bench: the platform as operators run it, bare applications, PostgreSQL with its usual safety."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.bench import bare
from tests.support.live import ROOT, group_members
from tests.support.postgres import binaries, free_port, owner

SECRET = "a-secret-of-the-bench-that-guards-nothing-at-all"
SHARED_BUFFERS = "256MB"


@contextmanager
def running(command: list[str], environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that answers on PORT of its environment, until the end of the block."""
    process = start(command, environ, log)
    try:
        yield process
    finally:
        stop(process)


def start(command: list[str], environ: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environ, stdout=out, stderr=out, start_new_session=True
        )
    wait_for(int(environ["PORT"]), process, log)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    if group_members(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def flask(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def platform_environ(folder: Path, database: str, **more: str) -> dict[str, str]:
    """The platform's settings, behind a reverse proxy as in production; all else as shipped."""
    names = {"ENVIRONMENT": "development", "SECRET_KEY": SECRET, "DATA_DIR": str(folder), "DATABASE_URL": database}
    names |= {"PORT": str(free_port()), "TRUSTED_PROXIES": "1"}
    return names | more


def gunicorn(application: str, port: int) -> list[str]:
    """Two workers with four threads each, as the peers were measured."""
    options = ["--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", *options, f"tests.bench.bare:{application}"]


def granian(application: str, port: int) -> list[str]:
    """The platform's own server, with as many workers and threads."""
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--port", str(port), "--no-ws"]
    return [sys.executable, "-m", "granian", *options, "--log-level", "error", f"tests.bench.bare:{application}"]


@contextmanager
def bare_server(application: str, folder: Path, database: str = "", *, own: bool = False) -> Iterator[tuple[int, int]]:
    """A bare application; its port and its process. `own`: under the platform's own server, not gunicorn."""
    port = free_port()
    if database:
        bare.prepare(database)
    command = (granian if own else gunicorn)(application, port)
    with running(command, {"PORT": str(port), "BARE_DATABASE": database}, folder / "bare.log") as process:
        yield port, process.pid


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers(port):
        assert process.poll() is None, f"it ended:\n{log.read_text(errors='replace')[-3000:]}"
        assert time.monotonic() < deadline, f"no answer after {seconds} s: {log}"
        time.sleep(0.02)


def answers(port: int, path: str = "") -> bool:
    """Whether somebody answers a request, whatever it says; with a path, whether that page comes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path or "/healthz")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return not path or answer.status == 200


def workers(process_id: int) -> list[int]:
    """The web workers of a platform: children of its web server, which is the child that has children."""
    parents = {pid: parent_of(pid) for pid in group_members(process_id)}
    masters = {pid for pid, parent in parents.items() if parent == process_id}
    return sorted(pid for pid, parent in parents.items() if parent in masters)


def parent_of(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def pss_mib(pid: int) -> float:
    """The memory a process has for itself, with its part of what it shares (proc(5), smaps_rollup)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def computed(*process_ids: int) -> float:
    """Seconds of processor time of these processes and all that came of them (proc(5))."""
    stats = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            stats[int(stat.parent.name)] = stat.read_text().rpartition(")")[2].split()
    family = set(process_ids)
    while more := {one for one, fields in stats.items() if int(fields[1]) in family} - family:
        family |= more
    ticks = sum(int(stats[one][11]) + int(stats[one][12]) for one in family if one in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


class Postgres:
    """A PostgreSQL that keeps its folder, with fsync and synchronous_commit as shipped."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Postgres":
        programs = binaries()
        assert programs is not None, "PostgreSQL is not installed"
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.port = self._kept_port()
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            create = ["--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(data)]
            subprocess.run([*owner(), str(programs / "initdb"), *create], check=True, capture_output=True, cwd="/")
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}")
        settings += (f"shared_buffers={SHARED_BUFFERS}", "max_wal_size=4GB")
        options = [word for one in settings for word in ("-c", one)]
        with (self.folder / "log").open("ab") as log:
            command = [*owner(), str(programs / "postgres"), "-D", str(data), *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        self._wait()
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def _kept_port(self) -> int:
        """The same at each call: platforms that were warmed find it again."""
        file = self.folder / "port"
        if not file.exists():
            file.write_text(str(free_port()))
        return int(file.read_text())

    def url(self, name: str) -> str:
        """A database's address; made if there is none."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 120  # after a kill it reads its log first
        while True:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text(errors="replace")[-2000:]
                time.sleep(0.1)
            else:
                time.sleep(0.5)
                assert self.process is None or self.process.poll() is None, f"another server answers at {self.port}"
                return
