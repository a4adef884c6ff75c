"""Web server and job runner live and die together."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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
web = web_server("127.0.0.1", int(sys.argv[1]), 2, 2, "answering:app")
children = {"calm": [web, idler], "deaf": [web, deaf], "failing": [Child("failing", lambda: sys.exit(3))]}
sys.exit(supervise(children[sys.argv[2]]))
"""
APPLICATION = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
"""


class Group:
    """A supervisor in a process group of its own."""

    def __init__(self, folder: Path, mode: str) -> None:
        (folder / "answering.py").write_text(APPLICATION)
        self.port = free_port()
        environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
        command = [sys.executable, "-c", PROGRAM, str(self.port), mode]
        self.process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def wait_until_it_answers(self) -> None:
        assert wait_for(self.answers), "the web server did not answer"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1) as answer:
                return bool(answer.read() == b"here")
        except OSError:
            return False

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


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def wait_for(condition: object, seconds: float = 10) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
