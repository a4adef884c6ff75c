"""Answers are compressed where browsers accept it, pages of members too.

No page holds a secret that stays the same beside what somebody else may choose: tokens are signed anew with each
answer, so that its length tells nothing (BREACH, Gluck, Harris and Prado 2013).
"""

from flask import Flask, Response, request
from isal import igzip
from werkzeug.http import parse_accept_header

from app.kit.here import varies
from app.kit.remembering import remembered

COMPRESSIBLE = frozenset(
    "text/html text/css text/javascript text/plain text/csv text/calendar application/javascript application/json "
    "application/xml application/atom+xml application/manifest+json image/svg+xml".split()
)
SMALLEST = 500
LEVEL = 2
LONGEST_ACCEPT = 1000
"""Letters that are read of what a browser accepts; of more the reading takes longer than a page."""


def start(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress what is text and long enough; what is streamed goes as it is."""
    if response.mimetype not in COMPRESSIBLE:
        return response
    varies(response, "Accept-Encoding")
    if response.is_streamed or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) >= SMALLEST and accepts_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(igzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@remembered(200)
def accepts_gzip(header: str) -> bool:
    """Whether a browser takes gzip (RFC 9110, 12.5.3)."""
    return "gzip" in header and parse_accept_header(header[:LONGEST_ACCEPT])["gzip"] > 0
