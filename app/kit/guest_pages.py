"""Pages for guests, kept in the memory of each process and on disk, and answered before the application is asked.

Guests' pages hold no session, no token and no cookie of their own, so the same address in the same language is the
same page for all of them. Whoever sends a session's or a remembering cookie is no guest here. Before a kept page is
given away, the database is asked what has changed (`kit.changes`): what was hidden a moment ago is on no page; votes
and comments may take some seconds. What follows the clock says until when it is true (`kit.clock`); a page on which
nothing does lives for a day.

Addresses with a query have a room of their own: there is no end of them, and whoever makes them up must not push out
the others. Browsers and proxies may keep these pages too, but have to ask each time (`no-cache` with an `ETag`).
"""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.types import StartResponse

from flask import Flask, make_response, request, session
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.kit import clock, frame, pieces
from app.kit.access import current_actor
from app.kit.changes import Changes, State, drawers_of
from app.kit.i18n import language, reads_easily, wishes
from app.kit.kept import FOR_EVER, LARGEST, NAME, Captured, Key, Memory, Page, packed, send, whole
from app.kit.page_store import PageStore, new_folder

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

MEGABYTE = 1024 * 1024
PLAIN, ASKED = "plain", "asked"
IN_MEMORY = {PLAIN: 3 * MEGABYTE, ASKED: 3 * MEGABYTE}
ON_DISK = {PLAIN: 0.75, ASKED: 0.25}
LONGEST_ADDRESS = 1000
LONGEST_SECONDS = 24 * 3600.0
READING = ("GET", "HEAD")
NOTE = "guest_pages.note"
WISHES = slice(5, 7)
"""Where a key says language and easy texts: a page in others is not kept, whatever may be wrong with the key."""
SESSION, REMEMBERING = "session", "remember_token"
_monotonic = time.monotonic
_wall = time.time
View = Callable[..., ResponseReturnValue]
_seen_by: list[Callable[[Flask, int, str], None]] = []


@dataclass(slots=True)
class Note:
    """What a view says of its answer.

    Whether it may be kept, of which subject it is a view to be counted, and which are the only subjects whose own
    changes show on it (None: perhaps those of all). `wishes`: the language it is in, and whether it is for easy texts.
    """

    keep: bool = False
    wishes: tuple[str, bool] | None = None
    viewed_id: int = 0
    subject_ids: tuple[int, ...] | None = None


class GuestPages:
    """Stands before the application: gives away kept pages, keeps new ones; all else passes.

    `chosen`: the arguments of addresses in which nobody types words. Pages that ask for others are kept in memory only.
    """

    def __init__(
        self, app: Flask, application: "WSGIApplication", settings: Settings, chosen: Collection[str] = ()
    ) -> None:
        self.app, self.application, self._chosen = app, application, frozenset(chosen)
        self.changes = Changes(app)
        self._settings, self._own_host = settings, urlsplit(settings.base_url).netloc
        self._memories = {room: Memory(most) for room, most in IN_MEMORY.items()}
        self.stores: dict[str, PageStore] = {}
        self._pieces = pieces.Pieces()

    def begin(self) -> None:
        """A server starts: what its processes keep on disk begins empty. Before they are forked."""
        folder = new_folder(self._settings.data_dir)
        if most := self._settings.guest_pages_mb * MEGABYTE:
            self.stores = {room: PageStore(folder, int(share * most)) for room, share in ON_DISK.items()}

    def tidy(self) -> None:
        """Take out of the disk what is over."""
        if self.stores and (state := self.changes.state()) is not None:
            for store in self.stores.values():
                store.tidy(state.common.prompt, _wall())

    def __call__(self, environ: "WSGIEnvironment", start_response: StartResponse) -> Iterable[bytes]:
        room, key = self._key(environ)
        is_read = environ["REQUEST_METHOD"] == "GET"
        if key is None and not is_read:
            return self.application(environ, start_response)
        if key is None and not self.app.extensions["is_sqlite"]:
            pieces.offer_later(environ, self._pieces)
            return self.application(environ, start_response)
        state = self.changes.state()
        pieces.offer(environ, self._pieces, state)
        page = None if key is None else self._find(room, key, state)
        if page is None and key is not None and is_read:
            return self._make(room, key, state, environ, start_response)
        if page is None:
            return self.application(environ, start_response)
        if page.subject_id and is_read:
            for count in _seen_by:
                count(self.app, page.subject_id, environ.get("HTTP_USER_AGENT", ""))
        return send(page, environ, start_response, f"{NAME}; hit")

    def _key(self, environ: "WSGIEnvironment") -> tuple[str, Key | None]:
        """The room an answer is kept in, and what it depends on; None for what is never kept."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        host = environ.get("HTTP_HOST", "")
        is_long = len(host) + len(path) + len(query) > LONGEST_ADDRESS
        if is_long or environ["REQUEST_METHOD"] not in READING or "HTTP_RANGE" in environ:
            return ASKED, None
        where = (host, environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", ""), path, query)
        if _may_be_personal(environ.get("HTTP_COOKIE", "")) or "HTTP_AUTHORIZATION" in environ:
            return ASKED, None
        htmx, boosted = environ.get("HTTP_HX_REQUEST") == "true", environ.get("HTTP_HX_BOOSTED") == "true"
        room = PLAIN if not (query or htmx or boosted) and host == self._own_host else ASKED
        return room, (*where, *wishes(environ), htmx, boosted)

    def _find(self, room: str, key: Key, state: State | None) -> Page | None:
        memory, monotonic, wall = self._memories[room], _monotonic(), _wall()
        page = memory.find(key)
        if page is not None and page.is_good(state, monotonic, wall):
            return page
        store = self.stores.get(room)
        if store is None or state is None:
            return None
        page = store.find(key, state.common.prompt, wall)
        if page is None or not page.is_good(state, monotonic, wall):
            return None
        memory.keep(key, page)
        return page

    def _make(
        self, room: str, key: Key, state: State | None, environ: "WSGIEnvironment", start_response: StartResponse
    ) -> Iterable[bytes]:
        """Ask the application. The state is older than the page: it may know more than its state says, never less."""
        answer, note, made_at, wall = Captured(), Note(), _monotonic(), _wall()
        environ[NOTE] = note
        with clock.noting() as span:
            body = self.application(environ, answer.start)
            if state is None or not (note.keep and answer.may_be_kept and note.wishes == key[WISHES]):
                start_response(answer.status, answer.headers)
                return body
            content = whole(body)
        ends = [wall + LONGEST_SECONDS, span.end.timestamp() if span.end else FOR_EVER]
        page = _page(answer, content, note, state, made_at, min(ends))
        if len(page.body) <= LARGEST:
            self._memories[room].keep(key, page)
            if room in self.stores and not self._holds_words(environ.get("QUERY_STRING", "")):
                self.stores[room].keep(key, page, wall)
        return send(page, environ, start_response, f"{NAME}; fwd=miss")

    def _holds_words(self, query: str) -> bool:
        """Whether an address may hold what somebody typed."""
        return not self._chosen.issuperset(name for name, _value in parse_qsl(query, keep_blank_values=True))


def kept_for_guests(view: View) -> View:
    """Keep what a view answers to guests, if nothing but address, language, database and clock decides what that is."""

    @wraps(view)
    def answer(*things: Any, **values: Any) -> ResponseReturnValue:
        if not current_actor().is_signed_in:
            frame.foresee()
        response = make_response(view(*things, **values))
        note = request.environ.get(NOTE)
        if note is not None and response.status_code == 200 and not current_actor().is_signed_in and not session:
            note.keep, note.wishes = True, (language(), reads_easily())
        return response

    answer.is_kept_for_guests = True  # type: ignore[attr-defined]
    return answer


def is_view_of(subject_id: int) -> None:
    """Say that the answer being made shows a subject, whose views are counted also when it is given away again."""
    if (note := request.environ.get(NOTE)) is not None:
        note.viewed_id = subject_id


def changes_with(*subject_ids: int) -> None:
    """Say that of what changes one subject (`kit.db.about`), only that of these shows on the answer being made."""
    if (note := request.environ.get(NOTE)) is not None:
        note.subject_ids = subject_ids


def when_seen(count: Callable[[Flask, int, str], None]) -> Callable[[Flask, int, str], None]:
    """Register who counts views of kept pages: application, subject, the browser's own name."""
    if count not in _seen_by:
        _seen_by.append(count)
    return count


def _may_be_personal(cookies: str) -> bool:
    """Whether cookies may say who somebody is: they name such a one, wherever and however it is written."""
    return SESSION in cookies or REMEMBERING in cookies


def _page(answer: Captured, body: bytes, note: Note, state: State, made_at: float, until: float) -> Page:
    drawers = None if note.subject_ids is None else drawers_of(note.subject_ids)
    numbers, kept = state.seen_by(drawers), packed(answer.headers, body, once=False)
    return Page(*kept, state.common.prompt, numbers, drawers, made_at, until, note.viewed_id)
