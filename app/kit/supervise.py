"""One process group: the supervisor starts its children, keeps them up and takes them along when it ends.

Children stay in the supervisor's process group, so the terminal's Ctrl-C and `kill -9 -GROUP` reach
everyone. Should the supervisor alone be killed, the kernel kills the children (prctl(2),
PR_SET_PDEATHSIG), and the web server's workers with their master: the port is free at once.

This module is also the web server's configuration file (`--config python:…`), for `post_fork`.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 4.0
MAX_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass
class Child:
    """A process to keep up: its command line and the signal that asks it to finish and end."""

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    start_at: float = field(default=0.0, init=False)


def web_server(host: str, port: int, workers: int, threads: int, application: str = "wsgi:app") -> Child:
    """The web server: gunicorn, `threads` requests at a time in each of `workers` processes."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "--config": f"python:{__name__}",
        "--bind": address,
        "--worker-class": "gthread",
        "--workers": str(workers),
        "--threads": str(threads),
        "--graceful-timeout": str(int(STOP_SECONDS) - 1),
        "--log-level": "warning",
    }
    flat = [text for option in options.items() for text in option]
    return Child("web server", [sys.executable, "-m", "gunicorn", *flat, "--no-control-socket", application])


def flask_command(name: str, *words: str) -> Child:
    """A command of the application's own that runs until it is interrupted: `flask words…`."""
    return Child(name, [sys.executable, "-m", "flask", "--app", "wsgi", *words], stop_signal=signal.SIGINT)


def supervise(children: Sequence[Child]) -> int:
    """Keep the children up until told to stop.

    Returns:
        The exit status: 0 after a signal to stop, 1 when children died MAX_DEATHS times in a minute.
    """
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


def post_fork(_arbiter: object, _worker: object) -> None:
    """Called by gunicorn in each new worker: it must not outlive its master."""
    die_with_parent()


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent ends, however the parent ends (Linux only)."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    # The parent may have gone before the line above.
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _keep_up(child: Child, deaths: list[float]) -> None:
    now = time.monotonic()
    if child.process is not None:
        status = child.process.poll()
        if status is None:
            return
        child.process = None
        deaths.append(now)
        child.start_at = now + 0.25 * 2 ** len(deaths)
        _say(f"{child.name} ended unexpectedly (status {status}); starting it again")
    if now >= child.start_at:
        child.process = _start(child)


def _start(child: Child) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    # Safe here: the supervisor has one thread, and the function only calls prctl and getppid.
    return subprocess.Popen(child.command, preexec_fn=lambda: die_with_parent(parent))  # noqa: PLW1509, S603


def _stop(children: Sequence[Child], received: list[int]) -> None:
    """Ask everyone to end; who has not after STOP_SECONDS, or at a second signal, is killed."""
    signals = len(received)
    running = [(child, child.process) for child in children if child.process is not None]
    for child, process in running:
        process.send_signal(child.stop_signal)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and len(received) == signals:
        if all(process.poll() is not None for _, process in running):
            return
        time.sleep(0.05)
    for child, process in running:
        if process.poll() is None:
            _say(f"{child.name} did not end in time: killed")
            process.kill()
        process.wait()


def _say(sentence: str) -> None:
    sys.stderr.write(f"supervisor: {sentence}\n")
