"""Pages kept on disk, for all processes of a server: what their memories do not hold.

A SQLite file that nothing depends on. Each start of the server makes it anew under a name that only its own processes
know, so no page of another release, database or secret is ever found in it. Whatever goes wrong with it (no room on
the disk, somebody deleted it): pages are just not kept there.

Of addresses it holds no more than digests, whose secret lies in no file: what somebody typed cannot be read or tried
out there. What is over is taken out every minute (`tidy`).

It is bounded without a list of what was used last. Whoever puts a page in also looks at the few that happen to lie
beside it (ids are keyed hashes) and takes out those that have grown old; where the room is used up, all of them. So a
flood of new pages thins out the others evenly.
"""

import json
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from app.kit.changes import Numbers
from app.kit.kept import Headers, Key, Page, shared
from app.kit.logs import log

T = TypeVar("T")
FOLDER = "guest-pages"
BLOCK = 2048
MOST_HEADERS = 200
REST_SECONDS = 60.0
PRAGMAS = ("synchronous=OFF", "mmap_size=0", "cache_size=-256", "busy_timeout=50", "journal_size_limit=8000000")
TABLES = """
CREATE TABLE pages (id INTEGER PRIMARY KEY, era INTEGER, until REAL, rest BLOB, headers_id INTEGER, etag TEXT,
    is_compressed INTEGER, prompt INTEGER, patient INTEGER, drawers TEXT, made_at REAL, subject_id INTEGER, body BLOB);
CREATE TABLE headers (id INTEGER PRIMARY KEY, text TEXT);
"""
FIND = "SELECT * FROM pages WHERE id = ? AND rest = ? AND era = ? AND until > ?"
KEEP = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
MAKE_ROOM = "DELETE FROM pages WHERE id IN (SELECT id FROM pages WHERE id > ? ORDER BY id LIMIT 8)"
IS_OVER = "(era < ? OR until < ?)"
TIDY = f"{MAKE_ROOM} AND {IS_OVER}"
OVER = f"SELECT id FROM pages WHERE {IS_OVER} LIMIT 5000"  # noqa: S608 (our own words)
TAKE_OUT = f"DELETE FROM pages WHERE id = ? AND {IS_OVER}"  # noqa: S608
AT_ONCE = 50


def new_folder(data_dir: Path) -> Path:
    """The folder for the stores of a server that starts; what servers before it have kept is deleted."""
    folder = data_dir / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class PageStore:
    """Pages of one kind in a file, up to so many bytes. Made before the processes that use it are forked."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.file = folder / f"{secrets.token_hex(16)}.sqlite"
        self._most_bytes, self._secret = most_bytes, secrets.token_bytes(16)
        self._own = threading.local()
        self._headers: dict[int, Headers] = {}
        self._rests_until = 0.0
        self._attempt(self._create)

    def find(self, key: Key, era: int, wall: float) -> Page | None:
        """The page of this key, if its time has not passed and nothing has changed since then that ends every page."""
        return self._attempt(lambda: self._find(key, era, wall))

    def keep(self, key: Key, page: Page, wall: float) -> None:
        self._attempt(lambda: self._keep(key, page, wall))

    def tidy(self, era: int, wall: float) -> None:
        """Take out what is over, a few pages at a time: nobody who keeps another one meanwhile has to wait."""
        self._attempt(lambda: self._tidy(era, wall))

    def _create(self) -> None:
        os.close(os.open(self.file, os.O_CREAT | os.O_EXCL, 0o600))
        connection = self._connect()
        connection.execute(f"PRAGMA page_size={BLOCK}").close()  # a page of 6 kB takes 7
        connection.execute("PRAGMA journal_mode=WAL").close()
        connection.executescript(TABLES)
        connection.close()

    def _find(self, key: Key, era: int, wall: float) -> Page | None:
        connection = self._connection()
        row = connection.execute(FIND, (*self._name(key), era, wall)).fetchone()
        if row is None:
            return None
        headers_id, etag, is_compressed, prompt, patient, drawers, made_at, subject_id, body = row[4:]
        headers, numbers = self._headers_of(headers_id, connection), Numbers(prompt, patient)
        seen = None if drawers is None else _drawers(drawers)
        return Page(headers, body, etag, bool(is_compressed), era, numbers, seen, made_at, row[2], subject_id)

    def _keep(self, key: Key, page: Page, wall: float) -> None:
        connection, (row_id, rest) = self._connection(), self._name(key)
        with _writing(connection):
            if self._is_full(connection):
                connection.execute(MAKE_ROOM, (row_id,))
            else:
                connection.execute(TIDY, (row_id, page.era, wall))
            connection.execute(KEEP, self._row(row_id, rest, page, connection))

    def _tidy(self, era: int, wall: float) -> None:
        connection, over = self._connection(), (era, wall)
        found = [(*row, *over) for row in connection.execute(OVER, over).fetchall()]
        for start in range(0, len(found), AT_ONCE):
            with _writing(connection):
                connection.executemany(TAKE_OUT, found[start : start + AT_ONCE]).close()

    def _row(self, row_id: int, rest: bytes, page: Page, connection: sqlite3.Connection) -> tuple[Any, ...]:
        headers = json.dumps(page.headers)
        headers_id, _rest = self._name(headers)
        connection.execute("INSERT OR IGNORE INTO headers VALUES (?, ?)", (headers_id, headers))
        drawers = None if page.drawers is None else " ".join(map(str, sorted(page.drawers)))
        about = (page.etag, page.is_compressed, *page.numbers, drawers, page.made_at, page.subject_id)
        return row_id, page.era, page.until, rest, headers_id, *about, page.body

    def _headers_of(self, headers_id: int, connection: sqlite3.Connection) -> Headers:
        """Nearly all pages have the same ones."""
        known = self._headers.get(headers_id)
        if known is None:
            (text,) = connection.execute("SELECT text FROM headers WHERE id = ?", (headers_id,)).fetchone()
            known = shared(tuple((name, value) for name, value in json.loads(text)))
            if len(self._headers) < MOST_HEADERS:
                self._headers[headers_id] = known
        return known

    def _is_full(self, connection: sqlite3.Connection) -> bool:
        (pages,), (free,), (size,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
        return bool((pages - free) * size > self._most_bytes)

    def _name(self, of: Key | str) -> tuple[int, bytes]:
        """What stands for a key: the two halves of a digest that only who knows the secret can make."""
        digest = blake2b(repr(of).encode("utf-8", "surrogatepass"), digest_size=16, key=self._secret).digest()
        return int.from_bytes(digest[:8], "big", signed=True), digest[8:]

    def _connection(self) -> sqlite3.Connection:
        """One for each thread; one that was opened before a fork is not used after it."""
        if getattr(self._own, "opened_by", 0) != os.getpid():
            self._own.connection, self._own.opened_by = self._connect(), os.getpid()
        connection: sqlite3.Connection = self._own.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.file.as_uri()}?mode=rw", uri=True, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    def _attempt(self, act: Callable[[], T]) -> T | None:
        """What it does not do, is not kept; after a failure it rests for a minute."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return act()
        except (sqlite3.Error, OSError, ValueError) as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY":
                self._rests_until = time.monotonic() + REST_SECONDS
                self._own.opened_by = 0
                log.warning("guests' pages are not kept on disk for a minute", error=str(error))
            return None


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except sqlite3.Error:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


@lru_cache(maxsize=500)
def _drawers(text: str) -> frozenset[int]:
    return frozenset(map(int, text.split()))
