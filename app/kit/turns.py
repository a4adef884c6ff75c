"""Writers of one SQLite file take turns.

SQLite lets one write at a time and has the others ask again after ever longer naps (sqlite3_busy_timeout): whoever
comes first after a nap writes, and at full load some wait for seconds while the file is free. Here they queue instead:
those of one process for each other, in the order they came, and the first of each process for those of other
processes, on a lock of the system (flock(2)), which wakes the next at once and falls when a process ends, however it
ends. It stands for nothing but the order: that one writes at a time is SQLite's own business, also towards programs
that know nothing of it.

Whoever writes has to get the interpreter back after each statement, from threads that read and would keep it for five
milliseconds each time, with all writers waiting: meanwhile these let go of it ten times as often.
"""

import fcntl
import os
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path

SWITCH_SECONDS = 0.0005
_usual = sys.getswitchinterval()


class Turns:
    """The queue of one database's writers; its file lies beside the database, a database in memory has none."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._inner = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._opened: int | None = None
        self._process = 0

    def take(self) -> None:
        """Wait for one's turn."""
        with self._inner:
            if not self._is_taken:
                self._is_taken = True
                mine = None
            else:
                mine = threading.Lock()
                mine.acquire()
                self._waiting.append(mine)
        if mine is not None:
            mine.acquire()  # released by whoever wrote before
        if self._file is not None:
            with suppress(OSError):  # a file of somebody else's: SQLite's own naps remain
                fcntl.flock(self._descriptor(self._file), fcntl.LOCK_EX)
        sys.setswitchinterval(SWITCH_SECONDS)

    def pass_on(self) -> None:
        """Let the next one write."""
        sys.setswitchinterval(_usual)
        if self._opened is not None and self._process == os.getpid():
            with suppress(OSError):
                fcntl.flock(self._opened, fcntl.LOCK_UN)
        with self._inner:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _descriptor(self, file: Path) -> int:
        """This process's own: one opened before a fork would be one lock for both."""
        if self._opened is None or self._process != os.getpid():
            self._opened, self._process = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), os.getpid()
        return self._opened
