"""One process group: the supervisor forks its children, keeps them up and takes them along when it ends.

Children stay in the supervisor's process group, so the terminal's Ctrl-C and `kill -9 -GROUP` reach
everyone. Should the supervisor alone be killed, the kernel kills the children (prctl(2),
PR_SET_PDEATHSIG), and the web server's workers with their master: the port is free at once.

Forked, not started anew: the application is loaded once, which halves the time to the first answer.
"""

import contextlib
import contextvars
import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from urllib.parse import urlsplit

from flask import has_app_context
from flask.cli import cli as flask_cli
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from werkzeug.utils import import_string

from app.config import set_for_children
from app.kit.db import db
from app.kit.front import Front
from app.kit.logs import log

PR_SET_PDEATHSIG = 1
M_ARENA_MAX, ARENAS = -8, 2
TIDY_SECONDS = 60.0
STOP_SECONDS = 4.0
MAX_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2
SELDOM = (10_000, 20, 50)
STACK_BYTES = 8 * 1024 * 1024
MAX_HEAD_BYTES = 64 * 1024
TO_STANDARD_ERROR = {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
OPTIONS = {
    "interface": Interfaces.WSGI,
    "http": HTTPModes.http1,
    "http1_settings": HTTP1Settings(max_buffer_size=MAX_HEAD_BYTES),
    "websockets": False,
    "blocking_threads_idle_timeout": 600,
    "respawn_failed_workers": True,
    "workers_kill_timeout": int(STOP_SECONDS) - 1,
    "log_level": LogLevels.error,
    "log_dictconfig": {"handlers": dict.fromkeys(("console", "access"), TO_STANDARD_ERROR)},
}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_each_minute: list[Callable[[], object]] = []
_forking = multiprocessing.get_context("fork")


@dataclass
class Child:
    """A process to keep up: what it runs, and the signal that asks it to finish and end."""

    name: str
    run: Callable[[], object]
    stop_signal: signal.Signals = signal.SIGTERM
    process: ForkProcess | None = field(default=None, init=False)
    start_at: float = field(default=0.0, init=False)


def each_minute(act: Callable[[], object]) -> None:
    """Have each process of the web server do this every minute; said before they are forked."""
    _each_minute.append(act)


def web_server(host: str, port: int, workers: int, threads: int, application: str = "wsgi:app") -> Child:
    """The web server: granian, `threads` requests at a time in each of `workers` processes."""

    def run() -> None:
        # By default Python 3.14 would start workers anew, and Rust give their threads a quarter of this stack.
        multiprocessing.set_start_method("fork", force=True)
        set_for_children("RUST_MIN_STACK", str(STACK_BYTES))
        address = host if ":" in host else socket.gethostbyname(host)
        server = Granian(
            application,
            address,
            port,
            workers=workers,
            blocking_threads=threads,
            **OPTIONS,  # type: ignore[arg-type]
        )
        # The terminal's end reaches the whole group; the supervisor answers it with SIGTERM.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        server.serve(target_loader=_loader(application, os.getpid()), wrap_loader=False)

    return Child("web server", run)


def _loader(application: str, master: int) -> Callable[[], Front]:
    """Called in each new worker: it must not outlive its master."""

    def load() -> Front:
        die_with_parent(master)
        _share_heaps()
        threading.Thread(target=_tidy, daemon=True).start()
        front = Front(import_string(application))
        # What is loaded stays, and looking through all of it for garbage takes a tenth of a second; pages leave little.
        gc.freeze()
        gc.set_threshold(*SELDOM)
        return front

    return load


def _share_heaps() -> None:
    """Threads share two heaps (mallopt(3), glibc): a page is made by one and thrown away by another, which leaves holes
    in each; with a heap for each thread a worker grew by 10 MiB for nothing.
    """
    with contextlib.suppress(AttributeError):  # other C libraries have one heap
        _libc.mallopt(M_ARENA_MAX, ARENAS)  # type: ignore[union-attr]


def _tidy() -> None:
    """Give holes in the heaps back to the system, again and again (malloc_trim(3), glibc): after some minutes of pages
    of all sizes they are a tenth of a worker's memory. It takes some milliseconds. Before, the standard library forgets
    the addresses it took apart, which are as long as whoever sent them liked.
    """
    trim = getattr(_libc, "malloc_trim", lambda _pad: 0)
    while True:
        time.sleep(TIDY_SECONDS)
        for act in _each_minute:
            try:
                act()
            except Exception as error:  # the next minute is another one
                log.warning("minute's work failed", error=type(error).__name__)
        urlsplit.cache_clear()  # type: ignore[attr-defined]  # a cache around a function
        trim(0)


def cannot_bind(host: str, port: int) -> str:
    """Why nothing can be served at this address, in the system's words; empty where it is free."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def flask_command(name: str, *words: str) -> Child:
    """A command of the application's own that runs until it is interrupted: `flask words…`."""
    return Child(name, lambda: flask_cli.main(["--app", "wsgi", *words]), stop_signal=signal.SIGINT)


def supervise(children: Sequence[Child]) -> int:
    """Keep the children up until told to stop.

    Returns:
        The exit status: 0 after a signal to stop, 1 when children died MAX_DEATHS times in a minute.
    """
    _let_go_of_connections()
    # What is loaded by now stays until the end: collecting it again costs a second when a process ends.
    gc.freeze()
    received: list[int] = []
    before = {number: signal.signal(number, lambda got, _frame: received.append(got)) for number in STOP_SIGNALS}
    deaths: list[float] = []
    try:
        while not received:
            deaths = [moment for moment in deaths if time.monotonic() - moment < DEATHS_WITHIN_SECONDS]
            for child in children:
                _keep_up(child, deaths)
            if len(deaths) >= MAX_DEATHS:
                _say(f"children ended {MAX_DEATHS} times within {DEATHS_WITHIN_SECONDS:.0f} seconds: giving up")
                return 1
            time.sleep(LOOK_EVERY_SECONDS)
        return 0
    finally:
        _stop(children, received)
        for number, handler in before.items():
            signal.signal(number, handler)


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent ends, however the parent ends (Linux only)."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    # The parent may have gone before the line above.
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _let_go_of_connections() -> None:
    """A database connection must not be shared by two processes."""
    if has_app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _keep_up(child: Child, deaths: list[float]) -> None:
    now = time.monotonic()
    if child.process is not None:
        if child.process.is_alive():
            return
        status, child.process = child.process.exitcode, None
        deaths.append(now)
        child.start_at = now + 0.25 * 2 ** len(deaths)
        _say(f"{child.name} ended unexpectedly (status {status}); starting it again")
    if now >= child.start_at:
        child.process = _forking.Process(target=_be, args=(child, os.getpid()), name=child.name)
        child.process.start()


def _be(child: Child, parent: int) -> None:
    """What the forked process does: forget the supervisor's signals and context, then run."""
    die_with_parent(parent)
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    contextvars.Context().run(child.run)


def _stop(children: Sequence[Child], received: list[int]) -> None:
    """Ask everyone to end; who has not after STOP_SECONDS, or at a second signal, is killed."""
    signals = len(received)
    running = [(child, child.process) for child in children if child.process is not None]
    for child, process in running:
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, child.stop_signal)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and len(received) == signals:
        if not any(process.is_alive() for _, process in running):
            return
        time.sleep(0.05)
    for child, process in running:
        if process.is_alive():
            _say(f"{child.name} did not end in time: killed")
            process.kill()
        process.join()


def _say(sentence: str) -> None:
    sys.stderr.write(f"supervisor: {sentence}\n")
