"""Pages for guests, kept in the memory of each process, and answered before the application is asked.

Guests' pages hold no session, no token and no cookie of their own, so the same address in the same language is the
same page for all of them. Whoever sends a session's or a remembering cookie is no guest here. Before a kept page is
given away, the database is asked what has changed (`kit.changes`): what was hidden a moment ago is on no page; votes
and comments may take some seconds; no page gets older than a minute, because some of it follows the clock.

Browsers and proxies may keep these pages too, but have to ask each time (`no-cache` with an `ETag`).
"""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from hashlib import blake2b
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse

from flask import Flask, make_response, request, session
from flask.typing import ResponseReturnValue
from isal import igzip

from app.kit.access import current_actor
from app.kit.changes import Changes, State
from app.kit.compression import COMPRESSIBLE, LEVEL, accepts_gzip
from app.kit.i18n import COOKIE, EASY, LANGUAGES, preferred

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

MOST_BYTES = 32 * 1024 * 1024
LARGEST = 512 * 1024
LONGEST_ADDRESS = 1000
PATIENCE_SECONDS = 4.0
OLDEST_SECONDS = 60.0
FOR_EVER = float("inf")
NOTE = "guest_pages.note"
PERSONAL = ("session", "remember_token")
_now = time.monotonic
Headers = list[tuple[str, str]]
Key = tuple[str | bool, ...]
View = Callable[..., ResponseReturnValue]
_seen_by: list[Callable[[Flask, int, str], None]] = []


@dataclass(slots=True)
class Note:
    """What a view says of its answer: whether it may be kept, and of which subject it is a view to be counted."""

    keep: bool = False
    subject_id: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it goes out, compressed where that helps."""

    headers: Headers
    body: bytes
    etag: str
    is_compressed: bool
    state: State | None
    made_at: float
    lasts: float
    subject_id: int

    def is_good(self, state: State | None, now: float) -> bool:
        """Whether it may be shown at this moment, in this state of the database."""
        if self.lasts == FOR_EVER:
            return True
        if state is None or self.state is None or self.state.prompt != state.prompt:
            return False
        age = now - self.made_at
        return age < (self.lasts if self.state.patient == state.patient else PATIENCE_SECONDS)


@dataclass(slots=True)
class _Captured:
    """What the application answered."""

    status: str = ""
    headers: Headers = field(default_factory=list)

    def start(self, status: str, headers: Headers, *_error: object) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return lambda _bytes: None

    @property
    def may_be_kept(self) -> bool:
        private = self.get("set-cookie") or "no-store" in self.get("cache-control")
        return self.status.startswith("200") and not private

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class GuestPages:
    """Stands before the application: gives away kept pages, keeps new ones; all else passes."""

    def __init__(self, app: Flask, application: "WSGIApplication") -> None:
        self.app, self.application = app, application
        self.changes = Changes()
        self._static = f"{app.static_url_path}/"
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: StartResponse) -> Iterable[bytes]:
        key, lasts = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        state = None if lasts == FOR_EVER else self._state()
        page = self._find(key, state)
        if page is not None:
            if page.subject_id:
                self._count(page.subject_id, environ)
            return _send(page, environ, start_response, "hit")
        return self._make(key, state, lasts, environ, start_response)

    def _key(self, environ: "WSGIEnvironment") -> tuple[Key | None, float]:
        """What an answer depends on, and for how long it is good; None for what is never kept."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ or len(path) + len(query) > LONGEST_ADDRESS:
            return None, 0.0
        where = (environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", ""), path, query)
        if path.startswith(self._static):
            return (where, FOR_EVER) if query.startswith("v=") else (None, 0.0)
        person = _person(environ.get("HTTP_COOKIE", ""))
        if person is None or "HTTP_AUTHORIZATION" in environ:
            return None, 0.0
        language, easy = person
        asked = (language or preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")), easy)
        htmx = (environ.get("HTTP_HX_REQUEST", ""), environ.get("HTTP_HX_BOOSTED", ""))
        return (*where, *asked, *htmx), OLDEST_SECONDS

    def _state(self) -> State | None:
        with self.app.app_context():
            return self.changes.state()

    def _find(self, key: Key, state: State | None) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or not page.is_good(state, _now()):
                return None
            self._pages.move_to_end(key)
            return page

    def _make(
        self,
        key: Key,
        state: State | None,
        lasts: float,
        environ: "WSGIEnvironment",
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Ask the application. The state is older than the page: it may know more than its state says, never less."""
        answer, note, made_at = _Captured(), Note(keep=lasts == FOR_EVER), _now()
        environ[NOTE] = note
        body = self.application(environ, answer.start)
        if not (note.keep and answer.may_be_kept) or (state is None and lasts != FOR_EVER):
            start_response(answer.status, answer.headers)
            return body
        page = _page(answer, _whole(body), state, made_at, lasts, note.subject_id)
        self._keep(key, page)
        return _send(page, environ, start_response, "miss")

    def _keep(self, key: Key, page: Page) -> None:
        if len(page.body) > LARGEST:
            return
        with self._lock:
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += len(page.body) - (len(old.body) if old else 0)
            while self._bytes > MOST_BYTES:
                _key, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.body)

    def _count(self, subject_id: int, environ: "WSGIEnvironment") -> None:
        for count in _seen_by:
            count(self.app, subject_id, environ.get("HTTP_USER_AGENT", ""))


def kept_for_guests(view: View) -> View:
    """Keep what a view answers to guests. Only for pages that depend on nothing but address, language and database."""

    @wraps(view)
    def answer(*things: Any, **values: Any) -> ResponseReturnValue:
        response = make_response(view(*things, **values))
        note = request.environ.get(NOTE)
        if note is not None and response.status_code == 200 and not current_actor().is_signed_in and not session:
            note.keep = True
        return response

    return answer


def is_view_of(subject_id: int) -> None:
    """Say that the answer being made shows a subject, whose views are counted also when it is given away again."""
    if (note := request.environ.get(NOTE)) is not None:
        note.subject_id = subject_id


def when_seen(count: Callable[[Flask, int, str], None]) -> Callable[[Flask, int, str], None]:
    """Register who counts views of kept pages: application, subject, the browser's own name."""
    if count not in _seen_by:
        _seen_by.append(count)
    return count


@lru_cache(maxsize=2000)
def _person(cookies: str) -> tuple[str, bool] | None:
    """The language and the choice of easy texts of a guest; None for others."""
    if not cookies:
        return "", False
    try:
        sent = SimpleCookie(cookies)
    except CookieError:
        return None
    if any(name in cookies for name in PERSONAL):
        return None
    language = sent[COOKIE].value if COOKIE in sent else ""
    return language if language in LANGUAGES else "", (sent[EASY].value if EASY in sent else "") == "1"


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()


def _page(answer: _Captured, body: bytes, state: State | None, made_at: float, lasts: float, subject_id: int) -> Page:
    dropped: tuple[str, ...] = ("content-length", "date", "connection", "content-encoding", "etag")
    dropped += ("vary",) if lasts == FOR_EVER else ()
    headers = [(name, value) for name, value in answer.headers if name.lower() not in dropped]
    compressed = answer.get("content-encoding") == "gzip"
    if not compressed and len(body) > 500 and answer.get("content-type").partition(";")[0] in COMPRESSIBLE:
        body, compressed = _pressed(body, once=lasts == FOR_EVER), True
    etag = f'W/"{blake2b(body, digest_size=9).hexdigest()}"'
    if not any(name.lower() == "vary" and "accept-encoding" in value.lower() for name, value in headers):
        headers.append(("Vary", "Accept-Encoding"))
    return Page([*headers, ("ETag", etag)], body, etag, compressed, state, made_at, lasts, subject_id)


def _pressed(body: bytes, *, once: bool) -> bytes:
    return gzip.compress(body, 9, mtime=0) if once else igzip.compress(body, LEVEL, mtime=0)


def _send(page: Page, environ: "WSGIEnvironment", start_response: StartResponse, status: str) -> Iterable[bytes]:
    headers = [*page.headers, ("Cache-Status", f"zukunftsplattform; {'hit' if status == 'hit' else 'fwd=miss'}")]
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [one for one in headers if one[0].lower() != "content-type"])
        return [b""]
    body = page.body
    if page.is_compressed:
        if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers.append(("Content-Encoding", "gzip"))
        else:
            body = gzip.decompress(body)
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]
