"""Many people at a running server at once: accounts made behind its back, requests over loopback."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from unittest.mock import patch
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from app.accounts.commands import add_person
from app.accounts.models import User
from app.config import Settings
from app.factory import create_app
from app.ideas.commands.order import LONGEST_SECONDS
from app.kit.db import db, unit_of_work
from app.kit.mail import OutgoingMail
from app.notifications.models import Mailing
from app.subjects.models import Delivery
from tests.client import Client
from tests.support.live import LiveServer

NO_ANSWER = 0
PATIENCE_SECONDS = 30
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Visitor:
    """Somebody with an account who is signed in: their session's cookie and its form token."""

    id: int
    email: str
    cookie: str
    token: str


@contextmanager
def backstage(server: LiveServer) -> Iterator[Flask]:
    """An application on the data of a server, running or not; it lets go of the database at the end."""
    app = create_app(Settings.from_env(server.environ | {"ENVIRONMENT": "testing"}))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.test_client_class = Client
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def invite(app: Flask, count: int, *, stem: str = "gast", roles: tuple[str, ...] = ()) -> list[Visitor]:
    """Make trusted people without a password and sign them in; real hashes would cost seconds."""
    with app.app_context(), unit_of_work(), patch("app.accounts.commands.hash_password", return_value="!"):
        made = [_add(f"{stem}-{number}@example.org", roles) for number in range(count)]
        people = [(user.id, str(user.email), user.fs_uniquifier) for user in made]
    return [Visitor(number, email, *signed(app, key)) for number, email, key in people]


def signed(app: Flask, key: str) -> tuple[str, str]:
    """The session cookie of the person of this session key, and the token their forms carry."""
    with app.test_request_context():
        session.update(_user_id=key, _fresh=True)
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(signer.dumps(dict(session))), token


def post(server: LiveServer, path: str, visitor: Visitor, **fields: str) -> int:
    """Send a form as a browser without JavaScript does; the answer's status, or NO_ANSWER."""
    body = urlencode({"csrf_token": visitor.token, **fields})
    headers = {"Content-Type": FORM, "Cookie": f"session={visitor.cookie}", "Connection": "close"}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return NO_ANSWER
    finally:
        connection.close()


def is_at_rest(app: Flask) -> bool:
    """Whether every delivery and every mailing is done and every mail is sent."""
    with app.app_context(), unit_of_work(writes=False):
        waiting = db.select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None)).limit(1)
        undone = [db.select(kind.id).where(kind.done_at.is_(None)).limit(1) for kind in (Delivery, Mailing)]
        return all(db.session.scalar(statement) is None for statement in (waiting, *undone))


def nothing_is_miscounted(server: LiveServer) -> None:
    """Every counter is right at once; lists follow within the minute the job runner may take (LONGEST_SECONDS)."""
    right = "0 differences\n"
    assert server.flask("recount").startswith(right)
    wait_until(lambda: server.flask("recount") == right, seconds=2 * LONGEST_SECONDS)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Look again and again.

    Raises:
        TimeoutError: it did not come true.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not come true within {seconds} seconds")
        time.sleep(0.01)


def _add(email: str, roles: tuple[str, ...]) -> User:
    return add_person(email=email, name=email.partition("@")[0], password="", roles=roles, trusted=True)
