"""Tests that measure how long something takes: while one runs, the other workers of this run wait.

Every test holds the room together with others; one marked `alone` holds it by itself. Who waits at the door lets nobody
pass, so that the room empties.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKS = Path(__file__).parents[2] / ".pytest_cache"


@contextmanager
def room(*, alone: bool) -> Iterator[None]:
    """Wait until there is room, and hold it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # there are no others
        yield
        return
    LOCKS.mkdir(exist_ok=True)
    with (LOCKS / "door").open("w") as door, (LOCKS / "room").open("w") as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
