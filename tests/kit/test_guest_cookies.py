"""Pages are kept by the language and the easy texts they are made in, however a browser's cookies are written."""

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask_login import COOKIE_NAME
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from app.kit import guest_pages, i18n
from app.kit.i18n import WISHES

PAGE = "/accessibility"
ODD_COOKIES = (
    'consent={"all":true}; language=en',
    "language=en; language=de",
    "language=de; language=en",
    "bad key=1; language=en",
    "a[b]=1; language=en",
    "x; language=en",
    "=x; language=en",
    "language=en; bad key=2",
    'a="; language=en',
    'a={"x":1}; language=en',
    'a=b"c; language=en',
    'a="x\\"; language=en',
    "secure; language=en",
    "expires=Thu, 01 Jan 2099 00:00:00 GMT; language=en",
    'language="en"',
    'language="\\145n"',
    "Language=en",
    "language =en",
    "language=en,easy=1",
    "easy=1; easy=0",
    "easy=0; easy=1",
    "a=\xff; language=en",
)


@pytest.fixture
def cached(make_app: Callable[..., Flask]) -> Flask:
    return make_app(GUEST_CACHE="on")


def test_however_cookies_are_written_everybody_gets_their_own_language(
    cached: Flask, make_app: Callable[..., Flask]
) -> None:
    others = make_app(GUEST_CACHE="off")
    plain = {cookie: raw(others, PAGE, cookie) for cookie in ("", "language=en", "easy=1")}
    assert len(set(plain.values())) == 3
    for number, odd in enumerate(ODD_COOKIES):
        page = f"{PAGE}?x={number}"
        expected = raw(others, page, odd)
        assert raw(cached, page, odd) == raw(cached, page, odd) == expected, odd
        for cookie in plain:
            assert raw(cached, page, cookie) == raw(others, page, cookie), (odd, cookie)


def raw(app: Flask, path: str, cookie: str, accepted: str = "") -> bytes:
    """A page as the web server asks for it: the test client puts headers right."""
    environ = create_environ(path) | ({"HTTP_COOKIE": cookie} if cookie else {})
    body, status, _headers = run_wsgi_app(app.wsgi_app, environ | {"HTTP_ACCEPT_LANGUAGE": accepted})
    assert status == "200 OK"
    return b"".join(body)


WORDS = st.sampled_from(
    ["language", "easy", "en", "de", "fr", "1", "0", "a", " ", "=", ";", '"', "\\", ",", "\xfc", "[", "{"]
)
COOKIES = st.lists(WORDS, max_size=14).map("".join)
PAIRS = st.sampled_from(["language=en", "language=de", 'language="en"', "easy=1", "easy=0", "easy", "language", "x=1"])
ACCEPTED = st.sampled_from(
    ["", "de", "en", "en-GB,de;q=0.5", "fr, en;q=0.3", "en;q=0, de", "*", "EN", "x" * 400 + ",en"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cookies=st.tuples(COOKIES, st.lists(PAIRS, max_size=3), COOKIES), accepted=ACCEPTED)
def test_pages_are_kept_by_what_the_application_makes_them_of(
    app: Flask, cookies: tuple[str, list[str], str], accepted: str
) -> None:
    before, pairs, after = cookies
    environ = create_environ("/ideas") | {"HTTP_COOKIE": "; ".join([before, *pairs, after])}
    environ["HTTP_ACCEPT_LANGUAGE"] = accepted
    pages = guest_pages.GuestPages(app, app.wsgi_app, app.extensions["settings"])
    _room, key = pages._key(environ)
    assert key is not None
    del environ[WISHES]  # as if nobody had asked before
    with app.request_context(environ):
        sent = request.cookies
        chosen = next(iter(sent.getlist("language")), "")
        assert (i18n.language(), i18n.reads_easily()) == key[guest_pages.WISHES]
        assert i18n.reads_easily() == (next(iter(sent.getlist("easy")), "") == "1")
        if chosen in i18n.LANGUAGES:
            assert i18n.language() == chosen


def test_a_page_in_another_language_than_its_key_says_is_not_kept(
    cached: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guest_pages, "wishes", lambda _environ: ("de", False))
    for _ in range(2):
        assert b'lang="en"' in raw(cached, PAGE, "", "en")
        easy = raw(cached, PAGE, "easy=1")
    plain = raw(cached, PAGE, "")
    assert b'lang="de"' in plain
    assert plain != easy


def test_the_cookies_that_make_a_member_are_those_by_which_nobody_is_a_guest(app: Flask) -> None:
    remembering = app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME)
    assert (app.config["SESSION_COOKIE_NAME"], remembering) == (guest_pages.SESSION, guest_pages.REMEMBERING)
