"""Counts of requests in one small SQLite file, which all web processes of a machine share.

Nothing in it is worth keeping: it may be deleted while the platform is stopped.
"""

import os
import sqlite3
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from limits.storage import Storage

SCHEME = "counts"
PATIENCE_SECONDS = 2.0
FORGET_SECONDS = 60.0
TABLE = "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, count INTEGER, ends_at REAL) WITHOUT ROWID"
# One statement, hence atomic: who counts at the same moment gets the next number.
COUNT = """
INSERT INTO counts VALUES (:key, :amount, :ends_at) ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN ends_at <= :now THEN 0 ELSE count END + :amount,
    ends_at = CASE WHEN ends_at <= :now THEN :ends_at ELSE ends_at END
RETURNING count
"""


def address_of(file: Path) -> str:
    """What `RATELIMIT_STORAGE_URI` is to be for this file."""
    return file.absolute().as_uri().replace("file", SCHEME, 1)


class Counts(Storage):
    """The storage that `limits` counts in; fixed windows only."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._file = Path(unquote(urlsplit(uri).path))
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._forgot_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more; the count so far in this window of `expiry` seconds."""
        now = time.time()
        values: dict[str, str | float] = {"key": key, "amount": amount, "now": now, "ends_at": now + expiry}
        return int(self._ask(COUNT, values)[0][0])

    def forget(self) -> None:
        """Drop what is past; at most once a minute."""
        now = time.time()
        if now - self._forgot_at >= FORGET_SECONDS:
            self._forgot_at = now
            self._ask("DELETE FROM counts WHERE ends_at <= :now", {"now": now})

    def get(self, key: str) -> int:
        found = self._ask("SELECT count FROM counts WHERE key = :key AND ends_at > :now", _at(key))
        return int(found[0][0]) if found else 0

    def get_expiry(self, key: str) -> float:
        found = self._ask("SELECT ends_at FROM counts WHERE key = :key AND ends_at > :now", _at(key))
        return float(found[0][0]) if found else time.time()

    def check(self) -> bool:
        try:
            self._ask("SELECT 1 FROM counts", {})
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        return len(self._ask("DELETE FROM counts RETURNING key", {}))

    def clear(self, key: str) -> None:
        self._ask("DELETE FROM counts WHERE key = :key", {"key": key})

    def _ask(self, statement: str, values: dict[str, str | float]) -> list[tuple[str | float, ...]]:
        with self._lock:
            try:
                return self._opened().execute(statement, values).fetchall()
            except sqlite3.Error:
                self._let_go()  # the file may have been exchanged: begin anew next time
                raise

    def _opened(self) -> sqlite3.Connection:
        """This process's connection: one opened before a fork must not be used after it."""
        if self._connection is None or self._process != os.getpid():
            opened = sqlite3.connect(
                self._file, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            opened.execute("PRAGMA journal_mode=WAL")
            opened.execute("PRAGMA synchronous=NORMAL")
            opened.execute(TABLE)
            self._connection, self._process = opened, os.getpid()
        return self._connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _at(key: str) -> dict[str, str | float]:
    return {"key": key, "now": time.time()}
