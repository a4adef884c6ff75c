"""Pages for guests, kept in memory until something in the database changes, whoever changes it.

Guests' pages hold no session, no token and no cookie, so the same address in the same language is the same page for
all of them. Whether anything was committed since is asked of the database at the start of each request, in the
transaction that would make the page: what was hidden a moment ago is on no page.

SQLite: `PRAGMA data_version` differs, on one connection, when another one has committed (our own commits are counted
here besides). PostgreSQL: the current snapshot differs as soon as any transaction that writes begins or ends.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.kit.access import current_actor
from app.kit.db import commits, db, is_sqlite
from app.kit.i18n import language
from app.kit.web import htmx

MOST = 300
View = Callable[..., ResponseReturnValue]


class GuestPages:
    """The pages of one application, the one asked for longest ago goes first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, ...], tuple[object, bytes]] = OrderedDict()
        self._changes = 0

    def find(self, key: tuple[str, ...], state: object) -> bytes | None:
        """The page, if it was made of this state of the database."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept[0] != state:
                return None
            self._pages.move_to_end(key)
            return kept[1]

    def keep(self, key: tuple[str, ...], state: object, page: bytes) -> None:
        """Keep a page that was made of this state or a later one."""
        with self._lock:
            self._pages[key] = (state, page)
            self._pages.move_to_end(key)
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)

    def noticed(self) -> tuple[int, int]:
        """What this process knows of commits; asked before a request reads anything."""
        return self._changes, commits()

    def state(self, noticed: tuple[int, int]) -> object | None:
        """What is equal at two moments only if nothing was committed between them; None if something just was.

        A page may know more than its state says, never less.
        """
        connection = db.session.connection()
        if not is_sqlite():
            return str(connection.scalar(text("SELECT pg_current_snapshot()::text")))
        version = connection.exec_driver_sql("PRAGMA data_version").scalar()
        if connection.info.get("data_version") == version:
            return noticed
        connection.info["data_version"] = version
        with self._lock:
            self._changes += 1
        return None


def kept_for_guests(view: View) -> View:
    """Keep what a view answers to guests. Only for pages that depend on nothing but address, language and database."""

    @wraps(view)
    def answer(**values: Any) -> ResponseReturnValue:
        pages: GuestPages = current_app.extensions.setdefault("guest_pages", GuestPages())
        noticed = pages.noticed()
        if current_actor().is_signed_in or session:
            return view(**values)
        key, state = (language(), "htmx" if htmx else "", request.host_url, request.full_path), pages.state(noticed)
        if state is not None and (page := pages.find(key, state)) is not None:
            return make_response(page)
        response = make_response(view(**values))
        if state is not None and response.status_code == 200:
            pages.keep(key, state, response.get_data())
        return response

    return answer
