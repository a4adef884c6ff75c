"""Limits against floods hold for all web processes together, and keep nobody's address."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask, session
from lxml import html

from app.kit.access import remember_person
from app.kit.counts import Counts, address_of
from app.kit.limits import limiter, who
from tests.client import PASSWORD, Client
from tests.house.source import ROOT
from tests.people import Cast, settle
from tests.support.live import LiveServer
from tests.support.queries import counted

GUESSES, AT_ONE_ACCOUNT, FROM_ONE_ADDRESS = 40, 10, 20
GUESSED, REFUSED = 422, 429
COUNTING = """
import sys
from app.kit.access import remember_person
from app.kit.counts import Counts
counts = Counts(sys.argv[1])
for _ in range(500):
    counts.incr("a", 3600)
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(server: LiveServer, method: str, fields: dict[str, str], cookie: str = "") -> tuple[int, str, str]:
    """Ask for the page of signing in: status, page and cookie."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, "/login", urlencode(fields), FORM | {"Cookie": cookie})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.getheader("Set-Cookie", "").partition(";")[0]
    finally:
        connection.close()


def guess(server: LiveServer, emails: list[str]) -> Counter[int]:
    """Try a wrong password at each of these accounts, many at once: how often which status came."""
    _status, page, cookie = ask(server, "GET", {})
    token = html.fromstring(page).xpath("//form[@action='/login']//input[@name='csrf_token']/@value")[0]

    def attempt(email: str) -> int:
        fields = {"email": email, "password": "geraten", "csrf_token": token}
        return ask(server, "POST", fields, cookie)[0]

    with ThreadPoolExecutor(8) as crowd:
        return Counter(crowd.map(attempt, emails))


def test_two_workers_count_sign_ins_together(servers: Callable[..., LiveServer]) -> None:
    server = servers(WEB_WORKERS="2")
    emails = ["mara@example.org"] * GUESSES
    assert guess(server, emails) == {GUESSED: AT_ONE_ACCOUNT, REFUSED: GUESSES - AT_ONE_ACCOUNT}


def test_a_limit_holds_after_a_restart_and_no_address_is_kept(servers: Callable[..., LiveServer]) -> None:
    server = servers(WEB_WORKERS="2")
    emails = [f"person-{number}@example.org" for number in range(GUESSES)]
    assert guess(server, emails)[GUESSED] == FROM_ONE_ADDRESS
    server.kill()
    server.start()
    assert guess(server, ["another@example.org"]) == {REFUSED: 1}
    kept = b"".join(file.read_bytes() for file in server.folder.glob("limits.sqlite*"))
    assert b"security.login" in kept
    assert b"example.org" not in kept
    assert b"127.0.0.1" not in kept


@pytest.fixture
def limited(make_app: Callable[..., Flask], tmp_path: Path) -> Client:
    """A guest of an application that counts."""
    app = make_app(ENVIRONMENT="development", DATA_DIR=str(tmp_path))
    settle(app)
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def sign_in(client: Client, who: str, password: str = PASSWORD, *, at: str = "192.0.2.1") -> int:
    client.delete_cookie("session")
    fields = client.page("/login").form("/login").fill(email=f"{who}@example.org", password=password).values
    return client.post("/login", data=fields, environ_overrides={"REMOTE_ADDR": at}).status_code


def test_a_room_full_of_people_behind_one_address_comes_in(limited: Client) -> None:
    answers = [sign_in(limited, who) for _turn in range(7) for who in ("mara", "anton", "ruth", "ada")]
    assert len(answers) > FROM_ONE_ADDRESS
    assert set(answers) == {302}, "who came in does not count"
    failed = [sign_in(limited, f"person-{number}", "geraten") for number in range(FROM_ONE_ADDRESS + 1)]
    assert failed == [GUESSED] * FROM_ONE_ADDRESS + [REFUSED]


def test_a_stranger_does_not_keep_somebody_out(limited: Client) -> None:
    guessed = [sign_in(limited, "mara", "geraten", at="198.51.100.7") for _turn in range(AT_ONE_ACCOUNT + 2)]
    assert guessed == [GUESSED] * AT_ONE_ACCOUNT + [REFUSED] * 2
    assert sign_in(limited, "mara") == 302


@pytest.mark.on("sqlite")
def test_who_was_refused_is_told_how_long_to_wait(limited: Client) -> None:
    with time_machine.travel(1_900_000_000, tick=False) as clock:
        for _hour in range(4):
            for _turn in range(AT_ONE_ACCOUNT):
                assert sign_in(limited, "mara", "geraten") == GUESSED
            assert sign_in(limited, "mara", "geraten") == REFUSED
            clock.shift(61)
        page = limited.page("/login").form("/login").fill(email="mara@example.org", password="geraten")
        answer = limited.post("/login", data=page.values, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
        assert answer.status_code == REFUSED
        assert "Bitte warten Sie 56 Minuten" in answer.text
        assert int(answer.headers["Retry-After"]) == 3600 - 4 * 61 + 1


@pytest.fixture
def counts(tmp_path: Path) -> Counts:
    return Counts(address_of(tmp_path / "für alle #1?.sqlite"))


def test_a_window_ends_and_the_next_one_begins_at_nothing(counts: Counts) -> None:
    with time_machine.travel(1_000_000, tick=False) as clock:
        assert [counts.incr("a", 60) for _ in range(3)] == [1, 2, 3]
        assert (counts.get("a"), counts.get_expiry("a"), counts.get("b")) == (3, 1_000_060, 0)
        clock.shift(59)
        assert counts.incr("a", 60, amount=2) == 5
        clock.shift(1)
        assert counts.get("a") == 0
        assert counts.incr("a", 60) == 1
        counts.clear("a")
        assert counts.get("a") == 0


def test_what_is_past_is_forgotten(counts: Counts, tmp_path: Path) -> None:
    with time_machine.travel(1_000_000, tick=False) as clock:
        for number in range(50):
            counts.incr(f"address {number}", 60)
        clock.shift(3600)
        counts.incr("late", 60)
        counts.forget()
        assert counts.reset() == 1


def test_processes_lose_no_count(counts: Counts, tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNTING, address_of(tmp_path / "für alle #1?.sqlite")]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert counts.get("a") == 3 * 500


@pytest.mark.on("sqlite")
def test_where_the_file_is_broken_limits_hold_all_the_same(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    (tmp_path / "limits.sqlite").write_bytes(b"this is no database" * 400)
    client = make_app(ENVIRONMENT="development", DATA_DIR=str(tmp_path)).test_client()
    assert not limiter.storage.check()
    form = client.page("/login").form("/login").fill(email="mara@example.org", password="geraten")
    answers = [client.post("/login", data=form.values).status_code for _ in range(AT_ONE_ACCOUNT + 2)]
    assert answers == [GUESSED] * AT_ONE_ACCOUNT + [REFUSED] * 2
    (tmp_path / "limits.sqlite").unlink()
    assert limiter.storage.check()


def test_requests_are_counted_for_whose_session_it_is_now(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        assert who().startswith("address:")
    with app.test_request_context():
        session["_user_id"] = cast.mara.key
        assert who() == f"person:{cast.mara.id}"
    with app.test_request_context():
        session["_user_id"] = cast.mara.key
        remember_person(cast.mara.id)
        assert counted(app, who) == 0, "nobody is loaded for it"
        session["_user_id"] = cast.anton.key  # somebody else in the same browser
        assert who() == f"person:{cast.anton.id}"
    with app.test_request_context():
        session["_user_id"] = cast.mara.key
        remember_person(cast.mara.id)
        del session["_user_id"]  # signed out
        assert who().startswith("address:")


def test_signing_in_notes_whose_session_it_is(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    assert sign_in(client, "mara") == 302
    with client.session_transaction() as kept:
        assert kept["person"] == [cast.mara.id, cast.mara.key[:16]]
