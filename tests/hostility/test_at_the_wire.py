"""What clients do to the web server itself: bodies that are too long, cut off or never come, lines without end."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from app.comments.models import Comment
from app.ideas.commands import submit_idea
from app.kit.db import db, unit_of_work
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import FORM, Visitor, backstage, invite
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
MEGABYTE = 1024 * 1024


@contextmanager
def wire(server: LiveServer, *parts: bytes) -> Iterator[socket.socket]:
    """A connection on which these bytes were sent, as far as the server took them."""
    with socket.socket() as connection:
        connection.settimeout(30)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # who does not read has soon got all they take
        connection.connect(("127.0.0.1", server.port))
        for part in parts:
            connection.sendall(part)
        yield connection


def head(method: str, path: str, **fields: object) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {"Host": "127.0.0.1", **fields}.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def answered(connection: socket.socket, method: str = "GET") -> tuple[int, str]:
    answer = HTTPResponse(connection, method=method)
    answer.begin()
    return answer.status, answer.read().decode()


def status_of(server: LiveServer, *parts: bytes) -> int:
    with wire(server, *parts) as connection:
        return answered(connection)[0]


def seconds_for_a_page(server: LiveServer) -> float:
    began = time.monotonic()
    assert status_of(server, head("GET", "/imprint")) == 200
    return time.monotonic() - began


def test_too_long_a_body_is_answered_in_words_though_all_of_it_is_sent(server: LiveServer) -> None:
    """Browsers send first and read then: a connection that breaks meanwhile would show them no words."""
    fields = {"Content_Type": FORM, "Content_Length": 30 * MEGABYTE}
    with wire(server, head("POST", "/ideas", **fields), *[b"a" * MEGABYTE] * 30) as connection:
        status, page = answered(connection)
    assert status == 413
    assert "Das ist zu groß" in page


def test_a_body_without_a_length_is_refused(server: LiveServer) -> None:
    """Whether it came whole could not be told."""
    chunks = [b"a\r\n0123456789\r\n"] * 100_000
    begun = head("POST", "/ideas", Content_Type=FORM, Transfer_Encoding="chunked")
    assert status_of(server, begun, *chunks, b"0\r\n\r\n") == 411
    assert status_of(server, begun, b"0\r\n\r\n") == 411


def test_who_asks_before_sending_is_refused_at_once(server: LiveServer) -> None:
    fields = {"Content_Type": FORM, "Content_Length": 30 * MEGABYTE, "Expect": "100-continue"}
    assert status_of(server, head("POST", "/ideas", **fields)) == 413
    short = {"Content_Type": FORM, "Content_Length": 3, "Expect": "100-continue", "Connection": "close"}
    with wire(server, head("POST", "/login", **short)) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"a=b")
        assert answered(connection)[0] == 400, "a form without its token"


def test_half_a_text_is_not_taken_for_a_whole_one(server: LiveServer) -> None:
    with backstage(server) as app:
        settle(app)
        with app.test_request_context(), unit_of_work():
            idea = submit_idea(idea_text("Eine Bank"), by=person("anton")).id
        visitor = invite(app, 1)[0]

        def comments() -> int:
            with app.app_context(), unit_of_work(writes=False):
                return db.session.scalar(select(func.count(Comment.id))) or 0

        with wire(server, comment(visitor, idea, b"&body=Ein+halber+Sa", missing=10)) as connection:
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100).partition(b"\r\n")[0] in (b"", b"HTTP/1.1 400 Bad Request")
        assert comments() == 0
        assert status_of(server, comment(visitor, idea, b"&body=Ein+ganzer+Satz")) == 303
        assert comments() == 1


def comment(visitor: Visitor, idea: int, text: bytes, missing: int = 0) -> bytes:
    body = f"csrf_token={visitor.token}".encode() + text
    fields = {"Content_Type": FORM, "Content_Length": len(body) + missing, "Cookie": f"session={visitor.cookie}"}
    return head("POST", f"/subjects/{idea}/comments", **fields) + body


@pytest.mark.alone
def test_slow_readers_and_half_requests_hold_up_nobody(server: LiveServer) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(wire(server, head("GET", "/")[:-2]))  # the empty line never comes
            stack.enter_context(wire(server, *[head("GET", "/static/css/components.css")] * 20))  # nobody reads it
        assert seconds_for_a_page(server) < 10


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /ideas/%ff HTTP/1.1", 400),
        (b"GET /ideas/\xff HTTP/1.1", 400),
        (b"GET /ideas/%00 HTTP/1.1", 400),
        (b"GET /ideas/\0 HTTP/1.1", 400),
        (b"GET /ideas?q=%ff HTTP/1.1", 200),
        (b"GET /search?q=" + b"a" * 30_000 + b" HTTP/1.1", 200),
        (b"GET /" + b"a" * 30_000 + b" HTTP/1.1", 404),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1", 414),
        (b"GET / HTTP/9.9", 400),
        (b"\x16\x03\x01\x02", 400),
    ],
)
def test_strange_lines_are_refused_not_fatal(server_for_all: LiveServer, line: bytes, status: int) -> None:
    assert status_of(server_for_all, line + b"\r\nHost: 127.0.0.1\r\n\r\n") == status


@pytest.fixture(scope="module")
def server_for_all(worker_folder: Path, house: Callable[[str], object]) -> Iterator[LiveServer]:
    home = house("sqlite")
    names = {"ENVIRONMENT": "development", "DATABASE_URL": home.databases.copy("wire")}  # type: ignore[attr-defined]
    server = LiveServer(worker_folder / "wire", names)
    yield server.start()
    server.stop()


def test_a_connection_is_used_again_and_head_has_no_body(server_for_all: LiveServer) -> None:
    connection = HTTPConnection("127.0.0.1", server_for_all.port, timeout=10)
    lengths = set()
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, "/imprint")
        local = connection.sock.getsockname()
        answer = connection.getresponse()
        lengths.add(answer.getheader("Content-Length"))
        assert len(answer.read()) == (0 if method == "HEAD" else int(answer.getheader("Content-Length") or 0))
        assert connection.sock.getsockname() == local
    assert len(lengths) == 1
    connection.close()


def test_visitors_addresses_are_taken_from_proxies_we_trust_only(servers: Callable[..., LiveServer]) -> None:
    assert first_refusal(servers(TRUSTED_PROXIES="1")) is None, "each visitor counts alone"
    assert first_refusal(servers()) == 20, "whatever a visitor says about their address"


def first_refusal(server: LiveServer) -> int | None:
    """After how many attempts to sign in, at different accounts and from different addresses, one is refused."""
    for number in range(25):
        body = f"email=gast-{number}@example.org&password=x".encode()
        fields = {"Content_Type": FORM, "Content_Length": len(body), "X_Forwarded_For": f"192.0.2.{number}"}
        if status_of(server, head("POST", "/login", **fields) + body) == 429:
            return number
    return None


@pytest.mark.alone
def test_nothing_is_said_that_was_not_asked_for(server: LiveServer) -> None:
    """The log holds lines of the application only; no worker ends in passing."""
    workers = server.pids
    threads = [Thread(target=seconds_for_a_page, args=(server,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.pids == workers
    server.stop()
    lines = server.log.read_text().split("127.0.0.1:", 1)[1].splitlines()[1:]
    assert [line for line in lines if line and not line.startswith("{")] == []
