"""Writers of one SQLite file take turns.

SQLite lets one write at a time and has the others ask again after ever longer naps (sqlite3_busy_timeout): whoever
comes first after a nap writes, and at full load some wait for seconds while the file is free. Here they queue instead:
those of one process for each other, in the order they came, and the first of each process for those of other
processes, on a lock of the system (flock(2)), which wakes the next at once and falls when a process ends, however it
ends. It stands for nothing but the order: that one writes at a time is SQLite's own business, also towards programs
that know nothing of it.

Nobody needs to wait for ever. flock(2) knows no patience, so where the file is not free a thread of its own waits for
it, and whoever is first in this process then takes over what that got.

Whoever writes has to get the interpreter back after each statement, and whoever's turn it is to begin with, from
threads that read and would keep it for five milliseconds each time, with all writers waiting: as long as anybody in
this process writes or waits to, they let go of it ten times as often.
"""

import fcntl
import os
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from app.kit.errors import Busy

SWITCH_SECONDS, IDLE_SECONDS = 0.0005, 5.0


class _Hurry:
    """How often threads let go of the interpreter, by how many write or wait for their turn."""

    def __init__(self) -> None:
        self._usual = sys.getswitchinterval()
        self._lock = threading.Lock()
        self._number = 0

    def begin(self) -> None:
        with self._lock:
            self._number += 1
            if self._number == 1:
                sys.setswitchinterval(SWITCH_SECONDS)

    def end(self) -> None:
        with self._lock:
            self._number -= 1
            if self._number == 0:
                sys.setswitchinterval(self._usual)


_hurry = _Hurry()


class Turns:
    """The queue of one database's writers; its file lies beside the database, a database in memory has none."""

    def __init__(self, database: Path | None) -> None:
        self.database = database
        self._file = _Shared(Path(f"{database}-turns")) if database is not None else None
        self._inner = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, seconds: float | None = None) -> None:
        """Wait for one's turn, for so long at most.

        Raises:
            Busy: others wrote all the time.
        """
        _hurry.begin()
        try:
            self._wait(None if seconds is None else time.monotonic() + seconds)
        except BaseException:
            _hurry.end()
            raise

    def pass_on(self) -> None:
        """Let the next one write."""
        _hurry.end()
        if self._file is not None:
            self._file.unlock()
        self._next()

    def _wait(self, until: float | None) -> None:
        self._queue(until)
        if self._file is not None and not self._file.lock(until):
            self._next()
            raise Busy

    def _queue(self, until: float | None) -> None:
        with self._inner:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=_left(until)):  # released by whoever wrote before
            return
        with self._inner:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise Busy
        # It became my turn this very moment.

    def _next(self) -> None:
        with self._inner:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class _Shared:
    """The lock that the processes share; within this process one thread at a time asks for it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._process = 0
        self._opened: int | None = None
        self._is_asked = self._is_wanted = self._has_thread = False

    def lock(self, until: float | None) -> bool:
        """Whether it came in time; where no such lock is to be had, SQLite's own naps remain."""
        try:
            descriptor = self._descriptor()
            with self._inner:
                is_asked = self._is_asked
            if not is_asked:  # else the thread that waits, perhaps in vain, would let go of what we get
                fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if until is not None else 0))
                return True
        except BlockingIOError:
            pass
        except OSError:
            return True
        return self._wait(_left(until))

    def unlock(self) -> None:
        if self._opened is not None and self._process == os.getpid():
            with suppress(OSError):
                fcntl.flock(self._opened, fcntl.LOCK_UN)

    def _wait(self, seconds: float) -> bool:
        with self._inner:
            self._is_wanted = True
            if not self._is_asked:
                self._is_asked = True
                self._questions.put(None)
                if not self._has_thread:
                    self._has_thread = True
                    threading.Thread(target=self._ask, args=(self._opened, self._questions), daemon=True).start()
        if self._got.acquire(timeout=seconds):
            return True
        with self._inner:
            self._is_wanted = False
            return self._got.acquire(blocking=False)  # perhaps this very moment

    def _ask(self, descriptor: int, questions: "SimpleQueue[None]") -> None:
        while self._is_asked_again(questions):
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            with self._inner:
                self._is_asked = False
                if self._is_wanted:
                    self._got.release()
                else:
                    self.unlock()

    def _is_asked_again(self, questions: "SimpleQueue[None]") -> bool:
        """Wait for the next question; where none comes for a while, the thread ends."""
        while True:
            try:
                questions.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._inner:
                    if not self._is_asked:
                        self._has_thread = False
                        return False
            else:
                return True

    def _descriptor(self) -> int:
        """This process's own: one opened before a fork would be one lock for both."""
        if self._opened is None or self._process != os.getpid():
            self._opened, self._process = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), os.getpid()
            self._inner, self._got = threading.Lock(), threading.Lock()
            self._got.acquire()
            self._is_asked = self._is_wanted = self._has_thread = False
            self._questions: SimpleQueue[None] = SimpleQueue()
        return self._opened


def _left(until: float | None) -> float:
    return -1 if until is None else max(0.0, until - time.monotonic())
