"""On PostgreSQL pages are made one after the other in each process, in the order they were asked for.

Four at once take the interpreter from each other in the middle, each on a connection of its own, behind which stands a
process of PostgreSQL's with plans and memory of its own: all of them come late, and take more of the processors. While
one page waits for PostgreSQL, that computes. SQLite computes in this process, and to hand over would only cost time.

Whoever sends something does not queue here: that waits for disks, locks and slow lines.
"""

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 0.2
"""How long anybody waits for their turn, then they go on beside the others; so does whoever comes to a page that has
taken as long, such as a table of all ideas."""


class InTurn:
    """An application whose pages are asked for one at a time."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application
        self._lock = Lock()
        self._begun: float | None = None
        self._waiting: deque[Lock] = deque()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or not self._take():
            return self.application(environ, start_response)
        try:
            return self.application(environ, start_response)
        finally:
            self._pass_on()

    def _take(self) -> bool:
        """Wait for one's turn; False: it takes too long, and one goes on beside the others."""
        with self._lock:
            if self._begun is None:
                self._begun = time.monotonic()
                return True
            if time.monotonic() - self._begun > PATIENCE_SECONDS:
                return False
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=PATIENCE_SECONDS):
            return True
        with self._lock, suppress(ValueError):
            self._waiting.remove(mine)
            return False
        return True  # it came in this very moment

    def _pass_on(self) -> None:
        with self._lock:
            self._begun = time.monotonic() if self._waiting else None
            if self._waiting:
                self._waiting.popleft().release()
