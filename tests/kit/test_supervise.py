"""Web server and job runner live and die together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit import supervise
from tests.house.source import ROOT
from tests.support.live import group_members
from tests.support.postgres import free_port

PROGRAM = """
import signal, sys, time
from app.kit.supervise import Child, supervise, web_server

def ignore_and_sleep():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)

idler = Child("idler", lambda: time.sleep(600))
deaf = Child("deaf", ignore_and_sleep)
web = web_server(sys.argv[3], int(sys.argv[1]), 2, 2, "answering:app")
children = {"calm": [web, idler], "deaf": [web, deaf], "failing": [Child("failing", lambda: sys.exit(3))]}
sys.exit(supervise(children[sys.argv[2]]))
"""
APPLICATION = """
import time

def app(environ, start_response):
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
"""


class Group:
    """A supervisor in a process group of its own."""

    def __init__(self, folder: Path, mode: str, host: str = "127.0.0.1") -> None:
        (folder / "answering.py").write_text(APPLICATION)
        self.port = free_port()
        self.url = f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"
        environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
        command = [sys.executable, "-c", PROGRAM, str(self.port), mode, host]
        self.process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def wait_until_it_answers(self) -> None:
        assert wait_for(self.answers), "the web server did not answer"

    def answers(self) -> bool:
        try:
            return self.ask(within=1) == b"here"
        except OSError:
            return False

    def ask(self, seconds: float = 0, *, within: float = 10) -> bytes:
        """An answer that takes the application these seconds."""
        with urllib.request.urlopen(f"{self.url}?{seconds}", timeout=within) as answer:
            return bytes(answer.read())

    def is_gone(self) -> bool:
        return not group_members(self.process.pid)


@pytest.fixture
def group(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Group]:
    started = Group(tmp_path, getattr(request, "param", "calm"))
    yield started
    if started.process.poll() is None or not started.is_gone():
        os.killpg(started.process.pid, signal.SIGKILL)
    started.process.communicate()


def test_killing_the_supervisor_alone_takes_everyone_along(group: Group) -> None:
    group.wait_until_it_answers()
    assert wait_for(lambda: len(group_members(group.process.pid)) == 5), "supervisor, idler, web server, two workers"
    group.process.kill()
    group.process.wait()
    assert wait_for(group.is_gone, 3)
    assert not group.answers()


def test_killing_the_group_leaves_nothing_behind(group: Group) -> None:
    group.wait_until_it_answers()
    os.killpg(group.process.pid, signal.SIGKILL)
    group.process.wait()
    assert wait_for(group.is_gone, 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_everyone_ends_within_five_seconds(group: Group, number: signal.Signals) -> None:
    group.wait_until_it_answers()
    group.process.send_signal(number)
    assert group.process.wait(timeout=5) == 0
    assert group.is_gone()


@pytest.mark.parametrize("group", ["deaf"], indirect=True)
def test_a_child_that_does_not_listen_is_killed(group: Group) -> None:
    group.wait_until_it_answers()
    group.process.terminate()
    assert group.process.wait(timeout=6) == 0
    assert group.is_gone()


def test_a_child_that_dies_is_started_again(group: Group) -> None:
    group.wait_until_it_answers()
    master = web_server_of(group.process.pid)
    os.kill(master, signal.SIGKILL)
    assert wait_for(lambda: master not in group_members(group.process.pid))
    group.wait_until_it_answers()
    assert group.process.poll() is None


def test_a_worker_that_dies_is_replaced_by_its_master(group: Group) -> None:
    group.wait_until_it_answers()
    master = web_server_of(group.process.pid)
    assert wait_for(lambda: len(children_of(master, group)) == 2)
    first, second = children_of(master, group)
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: len(children_of(master, group) - {first}) == 2)
    assert second in children_of(master, group)
    group.wait_until_it_answers()
    assert web_server_of(group.process.pid) == master


def test_killing_the_master_alone_takes_its_workers_along(group: Group) -> None:
    group.wait_until_it_answers()
    master = web_server_of(group.process.pid)
    assert wait_for(lambda: len(children_of(master, group)) == 2)
    workers = children_of(master, group)
    os.kill(master, signal.SIGKILL)
    assert wait_for(lambda: not workers & set(group_members(group.process.pid)), 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_being_answered_is_answered_to_the_end(group: Group, number: signal.Signals) -> None:
    """Also where the signal reaches everyone, as from a terminal; who only keeps a connection open holds up nobody."""
    group.wait_until_it_answers()
    with socket.create_connection(("127.0.0.1", group.port)), ThreadPoolExecutor(4) as crowd:
        answers = [crowd.submit(group.ask, 1.5) for _ in range(4)]
        time.sleep(0.5)
        os.killpg(group.process.pid, number)
        assert [answer.result() for answer in answers] == [b"here"] * 4
        assert group.process.wait(timeout=5) == 0
    assert group.is_gone()


@pytest.mark.parametrize("host", ["::1", "localhost"])
def test_it_listens_where_it_is_told(host: str, tmp_path: Path) -> None:
    group = Group(tmp_path, "calm", host)
    try:
        group.wait_until_it_answers()
    finally:
        group.process.terminate()
        group.process.communicate(timeout=10)


@pytest.mark.parametrize("group", ["failing"], indirect=True)
def test_after_five_deaths_the_supervisor_gives_up(group: Group) -> None:
    assert group.process.wait(timeout=30) == 1
    assert group.process.stderr is not None
    said = group.process.stderr.read()
    assert "giving up" in said
    assert said.count("starting it again") == 5


def web_server_of(supervisor: int) -> int:
    """The supervisor's child that has children of its own."""
    parents = {parent_of(pid) for pid in group_members(supervisor)}
    return next(pid for pid in group_members(supervisor) if parent_of(pid) == supervisor and pid in parents)


def children_of(parent: int, group: Group) -> set[int]:
    return {pid for pid in group_members(group.process.pid) if parent_of(pid) == parent}


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended meanwhile
        return 0


def wait_for(condition: object, seconds: float = 10) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


HOLES = """
import threading, time
from app.kit import supervise

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 // 2**20

supervise._share_heaps()
pages = [bytes(4000 + number % 7) for number in range(20_000)]
pages = pages[::50]
before = resident()
supervise.TIDY_SECONDS = 0.1
threading.Thread(target=supervise._tidy, daemon=True).start()
until = time.monotonic() + 10
while resident() > before - 40 and time.monotonic() < until:
    time.sleep(0.05)
print(before - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="malloc_trim is glibc's")
def test_holes_in_a_workers_heaps_go_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 40


def test_what_fails_in_one_minute_is_tried_again_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, again = [], threading.Event()

    def act() -> None:
        tried.append(1)
        if len(tried) < 2:
            raise OSError("disk full")
        again.set()

    monkeypatch.setattr(supervise, "TIDY_SECONDS", 0.01)
    monkeypatch.setattr(supervise, "_each_minute", [act])
    threading.Thread(target=supervise._tidy, daemon=True).start()
    assert again.wait(5)
