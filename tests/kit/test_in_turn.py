"""Pages one after the other: in their order, and nobody waits long for one that takes long."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from app.kit import in_turn
from app.kit.in_turn import InTurn

AT_ONCE = 6


class Room:
    """Says who is in it; nobody leaves before they may."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.came: list[str] = []
        self.most = 0
        self.may_leave = {str(number): threading.Event() for number in range(AT_ONCE)}

    def __call__(self, environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        name = environ["PATH_INFO"]
        self.within.append(name)
        self.came.append(name)
        self.most = max(self.most, len(self.within))
        try:
            assert self.may_leave[name].wait(10)
            if environ.get("fails"):
                raise OSError(name)
        finally:
            self.within.remove(name)
        return [name.encode()]


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    for event in made.may_leave.values():
        event.set()


@pytest.fixture
def come(room: Room) -> Iterator[Callable[..., threading.Thread]]:
    """Send somebody, and wait until they are in or queue."""
    gate: Any = InTurn(room)
    sent: list[threading.Thread] = []

    def send(name: str, method: str = "GET", **environ: bool) -> threading.Thread:
        def ask() -> None:
            with suppress(OSError):
                gate({"REQUEST_METHOD": method, "PATH_INFO": name, **environ}, None)

        before = len(room.came) + len(gate._waiting)
        sent.append(threading.Thread(target=ask))
        sent[-1].start()
        until(lambda: len(room.came) + len(gate._waiting) > before)
        return sent[-1]

    yield send
    for event in room.may_leave.values():
        event.set()
    for thread in sent:
        thread.join(10)
    assert gate._begun is None
    assert not gate._waiting


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_turn, "PATIENCE_SECONDS", 10.0)


@pytest.mark.usefixtures("patient")
def test_one_after_the_other_in_their_order(room: Room, come: Callable[..., threading.Thread]) -> None:
    names = [str(number) for number in range(AT_ONCE)]
    for name in names:
        come(name)
    for name in names:
        until(lambda: room.within == [name])  # noqa: B023
        room.may_leave[name].set()
    until(lambda: not room.within)
    assert (room.came, room.most) == (names, 1)


@pytest.mark.usefixtures("patient")
def test_whoever_fails_passes_on(room: Room, come: Callable[..., threading.Thread]) -> None:
    come("0", fails=True)
    come("1")
    room.may_leave["0"].set()
    until(lambda: room.within == ["1"])


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_whoever_sends_something_does_not_queue(room: Room, come: Callable[..., threading.Thread], method: str) -> None:
    come("0")
    come("1", method)
    assert room.within == ["0", "1"]
    room.may_leave["1"].set()
    until(lambda: room.within == ["0"])


def test_nobody_waits_long_for_one_that_takes_long(room: Room, come: Callable[..., threading.Thread]) -> None:
    began = time.monotonic()
    come("0")
    come("1")
    until(lambda: room.within == ["0", "1"])  # who queued goes on beside
    waited = time.monotonic() - began
    assert in_turn.PATIENCE_SECONDS / 2 < waited < in_turn.PATIENCE_SECONDS * 10
    come("2")
    assert room.within == ["0", "1", "2"], "and who comes now does not queue"
    room.may_leave["1"].set()
    room.may_leave["2"].set()
    until(lambda: room.within == ["0"])
    come("3")
    assert room.within == ["0", "3"], "whose turn it is has not passed it on"
    room.may_leave["0"].set()
    room.may_leave["3"].set()
    until(lambda: not room.within)
    come("4")
    assert room.within == ["4"]


@pytest.mark.usefixtures("patient")
def test_pages_of_postgresql_come_one_at_a_time_those_of_sqlite_as_they_like(app: Flask) -> None:
    held, seen = threading.Event(), []
    gate = app.extensions.get("in_turn")

    def stand_by() -> str:
        seen.append(1)
        held.wait(10)
        return ""

    app.view_functions["health.healthz"] = stand_by
    threads = [threading.Thread(target=app.test_client().get, args=("/healthz",)) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        if app.extensions["is_sqlite"]:
            assert gate is None
            until(lambda: len(seen) == 2)
        else:
            assert gate
            until(lambda: bool(seen) and bool(gate._waiting))
            assert len(seen) == 1
    finally:
        held.set()
        for thread in threads:
            thread.join(10)
    assert len(seen) == 2
