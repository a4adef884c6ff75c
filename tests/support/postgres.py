"""A PostgreSQL server of the tests' own: Debian's binaries, a folder in /tmp, no password, gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

# A crash loses this server's data; its tests do not care, and it is many times as fast.
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB"]


GIGABYTE = 1024**3


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresServer:
    """Started by `start`, stopped by `stop`; databases are cloned from each other by name."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tests-postgres-", dir=_quick_folder()))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "PostgresServer":
        bin_folder = binaries()
        assert bin_folder is not None
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = str(self.folder / "data")
        create = ["--no-sync", "--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C.UTF-8", data]
        made = subprocess.run([*owner(), str(bin_folder / "initdb"), *create], capture_output=True, text=True, cwd="/")
        assert made.returncode == 0, made.stderr
        settings = [
            *CARELESS,
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        command = [*owner(), str(bin_folder / "postgres"), "-D", data, *options]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        self._wait()
        return self

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> None:
        """A fresh database, a copy of `template`; one of that name is thrown away, its connections too."""
        self.drop(database)
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    def drop(self, database: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                log = (self.folder / "log").read_text(errors="replace")
                assert time.monotonic() < deadline, f"PostgreSQL did not start:\n{log}"
                time.sleep(0.05)
            else:
                return


def _quick_folder() -> str | None:
    """Memory, where there is plenty: each test copies a database."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 4 * GIGABYTE else None


def owner() -> list[str]:
    """PostgreSQL refuses to run as root: become its own user, and die with the tests."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig=QUIT"] if shutil.which("setpriv") else []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT"]
