"""Writers queue: in the order they came, also with other processes, and nobody waits for one who is gone."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from app.kit.turns import Turns

FORK = multiprocessing.get_context("fork")


def test_writers_of_one_process_come_in_the_order_they_asked() -> None:
    turns, came = Turns(None), []

    def write(number: int) -> None:
        turns.take()
        came.append(number)
        turns.pass_on()

    turns.take()
    waiting = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for number, thread in enumerate(waiting):
        thread.start()
        _until(lambda number=number: len(turns._waiting) > number)
    assert came == []
    turns.pass_on()
    for thread in waiting:
        thread.join()
    assert came == list(range(8))


def test_another_process_waits_and_is_woken_at_once(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turns")
    turns.take()
    here, there = FORK.Pipe()
    other = FORK.Process(target=_write_once, args=(Turns(tmp_path / "turns"), there))
    other.start()
    assert here.recv() == "asks"
    assert not here.poll(0.3)
    begun = time.monotonic()
    turns.pass_on()
    assert here.recv() == "writes"
    assert time.monotonic() - begun < 0.2
    other.join()


def test_the_turn_of_a_process_that_was_killed_falls_to_the_next(tmp_path: Path) -> None:
    here, there = FORK.Pipe()
    other = FORK.Process(target=_write_for_ever, args=(Turns(tmp_path / "turns"), there))
    other.start()
    assert here.recv() == "writes"
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    turns = Turns(tmp_path / "turns")
    turns.take()
    turns.pass_on()
    other.join()


def test_where_there_is_no_lock_to_be_had_the_process_s_own_order_remains(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "missing" / "turns")
    for _ in range(2):
        turns.take()
        turns.pass_on()


def _write_once(turns: Turns, there: Connection) -> None:
    there.send("asks")
    turns.take()
    there.send("writes")
    turns.pass_on()


def _write_for_ever(turns: Turns, there: Connection) -> None:
    turns.take()
    there.send("writes")
    time.sleep(60)


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)
