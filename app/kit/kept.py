"""Answers that are kept: one as it goes out, and the most recent ones in a process's memory."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse

from isal import igzip
from werkzeug.http import parse_etags, unquote_etag

from app.kit.changes import Numbers, State
from app.kit.compression import COMPRESSIBLE, LEVEL, accepts_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FOR_EVER = float("inf")
PATIENCE_SECONDS = 4.0
SMALLEST, LARGEST = 500, 512 * 1024
NAME = "zukunftsplattform"
BESIDE = 1000
"""Bytes of the objects a page consists of, beside its body and the texts of its key."""
NOT_KEPT = frozenset(("content-length", "date", "connection", "content-encoding", "etag"))
Headers = Sequence[tuple[str, str]]
Key = tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it goes out, compressed where that helps.

    `numbers`: those of `kit.changes` from before it was made, as seen by its `drawers` (None: by all); `era`: how many
    prompt changes of all pages there had been. `made_at` is of the monotonic clock, which processes of a machine share;
    `until` is of the clock on the wall. `subject_id`: of which it is a view to be counted.
    """

    headers: Headers
    body: bytes
    etag: str
    is_compressed: bool
    era: int
    numbers: Numbers
    drawers: Collection[int] | None
    made_at: float
    until: float
    subject_id: int

    def is_good(self, state: State | None, monotonic: float, wall: float) -> bool:
        """Whether it may be shown at this moment, in this state of the database."""
        if self.until == FOR_EVER:
            return True
        if state is None or wall >= self.until:
            return False
        now = state.seen_by(self.drawers)
        is_patient = self.numbers.prompt == now.prompt and monotonic < self.made_at + PATIENCE_SECONDS
        return self.numbers == now or is_patient


@dataclass(slots=True)
class Captured:
    """What the application answered."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def start(self, status: str, headers: list[tuple[str, str]], *_error: object) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return lambda _bytes: None

    @property
    def may_be_kept(self) -> bool:
        private = any(
            name.lower() == "set-cookie" or (name.lower() == "cache-control" and "no-store" in value)
            for name, value in self.headers
        )
        return self.status.startswith("200") and not private


class Memory:
    """The pages of one kind that were asked for last, up to so many bytes, with what is kept beside their bodies."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0

    def find(self, key: Key) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += _taken(key, page) - (_taken(key, old) if old else 0)
            while self._bytes > self._most_bytes:
                self._bytes -= _taken(*self._pages.popitem(last=False))


def _taken(key: Key, page: Page) -> int:
    """The bytes a page takes in memory, about."""
    return BESIDE + len(page.body) + sum([len(one) for one in key if isinstance(one, str)])


def packed(headers: Headers, body: bytes, *, once: bool) -> tuple[Headers, bytes, str, bool]:
    """Headers, body, ETag of an answer to be kept, and whether it is compressed now; `once`: as small as it gets."""
    given = {name.lower(): value for name, value in headers}
    dropped = NOT_KEPT | {"vary"} if once else NOT_KEPT
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    is_compressed = given.get("content-encoding") == "gzip"
    kind = given.get("content-type", "").partition(";")[0]
    if not is_compressed and len(body) > SMALLEST and kind in COMPRESSIBLE:
        body = gzip.compress(body, 9, mtime=0) if once else igzip.compress(body, LEVEL, mtime=0)
        is_compressed = True
    etag = f'W/"{blake2b(body, digest_size=9).hexdigest()}"'
    if once or "accept-encoding" not in given.get("vary", "").lower():
        kept.append(("Vary", "Accept-Encoding"))
    return shared(tuple(kept)), body, etag, is_compressed


@lru_cache(maxsize=200)
def shared(headers: Headers) -> Headers:
    """The same headers once, for however many pages."""
    return headers


def send(page: Page, environ: "WSGIEnvironment", start_response: StartResponse, cache_status: str) -> list[bytes]:
    """Answer with a page: whole, its head alone (HEAD), or only that the browser has it already."""
    headers = [*page.headers, ("ETag", page.etag), ("Cache-Status", cache_status)]
    if (tags := environ.get("HTTP_IF_NONE_MATCH")) and _has(tags, page.etag):
        start_response("304 Not Modified", [one for one in headers if one[0].lower() != "content-type"])
        return [b""]
    body = page.body
    if page.is_compressed:
        if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers.append(("Content-Encoding", "gzip"))
        else:
            body = gzip.decompress(body)
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [body] if environ["REQUEST_METHOD"] != "HEAD" else []


def _has(tags: str, etag: str) -> bool:
    """Whether a browser that sends these tags has the page of this one: compared weakly (RFC 9110, 13.1.2)."""
    return tags == etag or parse_etags(tags.strip()).contains_weak(unquote_etag(etag)[0])


def whole(body: Iterable[bytes]) -> bytes:
    """A body in one piece."""
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
