"""A line on which a page comes in two pieces: what a browser shows of the first one stays where it is."""

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError

KEPT = ("Content-Type", "Content-Security-Policy", "Cache-Control")


class SlowLine(ThreadingHTTPServer):
    """Hands on what another server answers; of a page first only a part.

    share: how much of what lies between <main> and </main> comes first, 0 to 1.
    """

    daemon_threads = True

    def __init__(self, origin: str, pause: float) -> None:
        """origin: address of the server behind; pause: seconds between the two pieces."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin, self.pause, self.share = origin, pause, 1.0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def cut(self, page: bytes) -> int:
        begin, end = page.index(b"<main"), page.index(b"</main>")
        return begin + int((end - begin) * self.share)


class _Handler(BaseHTTPRequestHandler):
    server: SlowLine

    def do_GET(self) -> None:
        asked = {name: self.headers[name] for name in ("Accept", "Accept-Language") if name in self.headers}
        try:
            answer = urllib.request.urlopen(urllib.request.Request(self.server.origin + self.path, headers=asked))
        except HTTPError as refused:
            answer = refused
        with answer:
            body = answer.read()
            self.send_response(answer.status)
            for name in KEPT:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
        self.end_headers()
        if answer.headers.get_content_type() == "text/html":
            cut = self.server.cut(body)
            self.wfile.write(body[:cut])
            time.sleep(self.server.pause)
            body = body[cut:]
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing to be told."""


@contextmanager
def open_slow_line(origin: str, pause: float = 1.0) -> Iterator[SlowLine]:
    with SlowLine(origin, pause) as line:
        threading.Thread(target=line.serve_forever, daemon=True).start()
        yield line
        line.shutdown()
