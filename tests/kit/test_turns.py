"""Writers queue: in the order they came, also with other processes, and nobody waits for one who is gone."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from app.kit.errors import Busy
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


def test_threads_let_go_of_the_interpreter_sooner_as_long_as_anybody_writes_or_waits_to() -> None:
    usual, turns = sys.getswitchinterval(), Turns(None)
    turns.take()
    with pytest.raises(Busy):
        turns.take(0.01)
    assert sys.getswitchinterval() < usual / 5
    waiting = threading.Thread(target=turns.take)
    waiting.start()
    _until(lambda: len(turns._waiting) == 1)
    turns.pass_on()
    waiting.join()
    assert sys.getswitchinterval() < usual / 5
    turns.pass_on()
    assert sys.getswitchinterval() == usual


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


def test_nobody_of_this_process_waits_longer_than_they_want() -> None:
    turns, came = Turns(None), []
    turns.take()
    with pytest.raises(Busy):
        turns.take(0.05)
    patient = threading.Thread(target=lambda: (turns.take(5), came.append("patient")))
    patient.start()
    _until(lambda: len(turns._waiting) == 1)
    turns.pass_on()
    patient.join()
    assert came == ["patient"]


def test_nobody_waits_longer_than_they_want_for_another_process_and_nobody_is_kept_out_after(tmp_path: Path) -> None:
    here, there = FORK.Pipe()
    other = FORK.Process(target=_write_until_told, args=(Turns(tmp_path / "database"), there))
    other.start()
    assert here.recv() == "writes"
    turns = Turns(tmp_path / "database")
    for _ in range(3):
        begun = time.monotonic()
        with pytest.raises(Busy):
            turns.take(0.05)
        assert time.monotonic() - begun < 1
    here.send("enough")
    assert here.recv() == "passed on"
    for _ in range(50):
        turns.take(5)
        turns.pass_on()
    assert _may_write(tmp_path), "what this process no longer waited for is free for others"
    other.join()


def test_who_still_waits_gets_what_the_one_before_gave_up_waiting_for(tmp_path: Path) -> None:
    here, there = FORK.Pipe()
    other = FORK.Process(target=_write_until_told, args=(Turns(tmp_path / "database"), there))
    other.start()
    assert here.recv() == "writes"
    turns, came = Turns(tmp_path / "database"), []
    with pytest.raises(Busy):
        turns.take(0.05)
    waiting = threading.Thread(target=lambda: (turns.take(5), came.append("writes")))
    waiting.start()
    waiting.join(0.2)
    assert came == []
    here.send("enough")
    waiting.join(5)
    assert came == ["writes"]
    assert not _may_write(tmp_path)
    turns.pass_on()
    assert _may_write(tmp_path)
    other.join()


def test_two_processes_with_impatient_threads_never_write_at_once(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [FORK.Process(target=_count_in_threads, args=(tmp_path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert int(counter.read_text()) == 2 * 4 * 50


def _count_in_threads(folder: Path) -> None:
    turns, counter = Turns(folder / "database"), folder / "counter"

    def count() -> None:
        done = 0
        while done < 50:
            try:
                turns.take(0.003)
            except Busy:
                continue
            number = int(counter.read_text())
            time.sleep(0.0005)
            counter.write_text(str(number + 1))
            turns.pass_on()
            done += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write_until_told(turns: Turns, there: Connection) -> None:
    turns.take()
    there.send("writes")
    there.recv()
    turns.pass_on()
    there.send("passed on")


def _may_write(folder: Path) -> bool:
    """Whether another process would get the turn at once."""
    here, there = FORK.Pipe()
    other = FORK.Process(target=_try, args=(Turns(folder / "database"), there))
    other.start()
    try:
        return bool(here.recv())
    finally:
        other.join()


def _try(turns: Turns, there: Connection) -> None:
    try:
        turns.take(0.2)
    except Busy:
        there.send(False)
    else:
        there.send(True)
