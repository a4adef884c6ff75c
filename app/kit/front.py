"""Between web server and application: bodies that are too long or cut off, readers that are slow."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BITE = 64 * 1024
MOST_SWALLOWED, SWALLOW_SECONDS = 64 * 1024 * 1024, 20.0
MOST_IN_MEMORY = 2 * 1024 * 1024


class Front:
    """An application as the web server calls it.

    - A body that ends before its announced length is refused as broken: half a text must not be taken for a whole one.
      One without a length (chunked; browsers send none) is refused altogether, for its end cannot be told.
    - A body the application did not read (it is too long) is swallowed before the answer goes out. Browsers send
      first and read afterwards; they would show a broken connection instead of the answer's words.
    - A page is handed over in one piece, so that no thread waits for a slow reader. Large downloads are streamed.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Set by the server for every request; without it Werkzeug counts and notices that something is missing.
        environ.pop("wsgi.input_terminated", None)
        lengths: list[int] = []

        def start(status: str, headers: list[tuple[str, str]], *error: object) -> Callable[[bytes], object]:
            lengths[:] = [int(value) for name, value in headers if name.lower() == "content-length"]
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        answer = (_refuse if "HTTP_TRANSFER_ENCODING" in environ else self.application)(environ, start)
        _swallow_the_rest(environ)
        return _in_one_piece(answer) if lengths and lengths[0] <= MOST_IN_MEMORY else answer


def _refuse(_environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    start_response("411 Length Required", [("Content-Type", "text/plain")])
    return [b"Please send the length of your request (Content-Length)."]


def _in_one_piece(answer: Iterable[bytes]) -> list[bytes]:
    try:
        return list(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()


def _swallow_the_rest(environ: "WSGIEnvironment") -> None:
    """Read what is left of the body, within reason; who asks before sending it (Expect) is answered at once."""
    if "HTTP_EXPECT" in environ or not ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
        return
    left, until = MOST_SWALLOWED, time.monotonic() + SWALLOW_SECONDS
    while left > 0 and time.monotonic() < until:
        bite = environ["wsgi.input"].read(BITE)
        if not bite:
            return
        left -= len(bite)
