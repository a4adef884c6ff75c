"""Files of the release under an address that holds their digest: compressed once, kept in memory, by browsers for ever.

Of every other address, also of one with another digest, browsers ask again each time. The digest is that of what goes
out: while a release is put in the place of another, no file is kept under the address of the one before.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse

from flask import Flask

from app.kit.changes import Numbers
from app.kit.kept import FOR_EVER, LARGEST, NAME, Captured, Memory, Page, packed, send, whole

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

MOST_BYTES = 8 * 1024 * 1024
LETTERS = 10
ASKED = re.compile(f"v=([0-9a-f]{{{LETTERS}}})")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
KEPT_BY_BROWSERS = ("Cache-Control", "public, max-age=31536000, immutable")


def digest_of(content: bytes) -> str:
    """What stands in the address of a file."""
    return hashlib.sha256(content).hexdigest()[:LETTERS]


class StaticFiles:
    """Stands before the application: gives static files away; all else goes to `others`."""

    def __init__(self, app: Flask, application: "WSGIApplication", others: "WSGIApplication") -> None:
        self._application, self._others = application, others
        self._static = f"{app.static_url_path}/"
        self._memory = Memory(MOST_BYTES)

    def __call__(self, environ: "WSGIEnvironment", start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(self._static):
            return self._others(environ, start_response)
        asked = ASKED.fullmatch(environ.get("QUERY_STRING", ""))
        is_plain = environ["REQUEST_METHOD"] in ("GET", "HEAD") and "HTTP_RANGE" not in environ and "/." not in path
        if asked is None or not is_plain:
            return self._application(environ, start_response)
        page = self._memory.find((path, asked[1]))
        if page is None:
            return self._make(path, asked[1], environ, start_response)
        return send(page, environ, start_response, f"{NAME}; hit")

    def _make(
        self, path: str, digest: str, environ: "WSGIEnvironment", start_response: StartResponse
    ) -> Iterable[bytes]:
        """Ask the application for the whole file; keep it if it is the one of this digest."""
        answer, whole_file = Captured(), {**environ, "REQUEST_METHOD": "GET"}
        for name in CONDITIONS:
            whole_file.pop(name, None)
        body = whole(self._application(whole_file, answer.start))
        if not (answer.may_be_kept and digest_of(body) == digest):
            start_response(answer.status, answer.headers)
            return [body] if environ["REQUEST_METHOD"] == "GET" else []
        headers = [one for one in answer.headers if one[0] != KEPT_BY_BROWSERS[0]] + [KEPT_BY_BROWSERS]
        page = Page(*packed(headers, body, once=True), 0, Numbers(), None, 0.0, FOR_EVER, 0)
        if len(page.body) <= LARGEST:
            self._memory.keep((path, digest), page)
        return send(page, environ, start_response, f"{NAME}; fwd=miss")
