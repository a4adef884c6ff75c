"""Guests' pages are kept until something on them changes, whoever changes it; nobody gets another's page."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.comments.commands import write_comment
from app.follows.commands import follow
from app.ideas.commands import set_state, submit_idea
from app.ideas.commands.fairness import mix_fair_order
from app.ideas.models import Idea, IdeaState
from app.kit import clock, guest_pages
from app.kit.db import command, db, guests_may_wait, unit_of_work
from app.kit.kept import PATIENCE_SECONDS
from app.kit.mail import post
from app.subjects import attention
from app.voting.commands import support
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted

ADDRESS = "/ideas"


@pytest.fixture(params=["in memory", "on disk"])
def cached(
    request: pytest.FixtureRequest, make_app: Callable[..., Flask], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    """The platform as shipped keeps guests' pages: in a process's own memory, and on disk for all."""
    if request.param == "on disk":  # and nothing in memory but files
        for room in (guest_pages.PLAIN, guest_pages.ASKED):
            monkeypatch.setitem(guest_pages.IN_MEMORY, room, 0)
    app = make_app(GUEST_CACHE="on")
    if request.param == "on disk":
        app.extensions["guest_pages"].begin()
    return app


@pytest.fixture
def idea(cached: Flask) -> int:
    return new_idea(cached, "Ein Lastenrad")


def new_idea(app: Flask, title: str) -> int:
    with app.test_request_context(), unit_of_work():
        return submit_idea(world.idea_text(title), by=world.person("anton")).id


@pytest.fixture
def guest(cached: Flask, idea: int) -> Client:
    client = cached.test_client(use_cookies=False)  # tests say themselves what is sent
    assert isinstance(client, Client)
    return client


def kept(answer: TestResponse) -> bool:
    return answer.headers.get("Cache-Status") == "zukunftsplattform; hit"


def act(app: Flask, what: Callable[[Idea], Any], idea_id: int) -> None:
    with app.test_request_context(), unit_of_work():
        found = db.session.get(Idea, idea_id)
        assert found
        what(found)


def hide(idea: Idea) -> None:
    set_state(idea, IdeaState.HIDDEN, "Doppelt")


def vote_for(app: Flask, idea_id: int, *, by: str = "mara") -> None:
    with app.test_request_context(), unit_of_work():
        support(db.session.get(Idea, idea_id), by=world.person(by))


def say(app: Flask, words: str, idea_id: int) -> None:
    with app.test_request_context(), unit_of_work():
        mara = world.person("mara")
        write_comment(db.session.get(Idea, idea_id), words, by=mara, moderate_new=False)


def test_the_same_question_is_answered_from_what_is_kept(cached: Flask, guest: Client) -> None:
    first = guest.get(ADDRESS)
    assert not kept(first)
    assert counted(cached, lambda: guest.get(ADDRESS)) == 0
    again = guest.get(ADDRESS)
    assert kept(again)
    assert again.data == first.data
    assert again.headers["Cache-Control"] == "no-cache"


def test_what_a_page_depends_on_is_part_of_its_key(guest: Client) -> None:
    guest.get(ADDRESS)
    others: list[dict[str, Any]] = [
        {"query_string": "sort=supported"},
        {"headers": {"Accept-Language": "en"}},
        {"headers": {"Cookie": "easy=1"}},
        {"headers": {"HX-Request": "true"}},
        {"base_url": "http://127.0.0.1"},
        {"base_url": "https://localhost"},
    ]
    pages = [guest.get(ADDRESS, **other) for other in others]
    assert not any(kept(page) for page in pages)
    assert "Was Menschen" in guest.get(ADDRESS).text
    assert 'lang="en"' in guest.get(ADDRESS, headers={"Accept-Language": "en"}).text


def test_our_own_changes_are_seen_at_once(cached: Flask, guest: Client, idea: int) -> None:
    for address in (ADDRESS, "/search?q=lastenrad", "/ideas.atom", "/activity"):
        assert "Lastenrad" in guest.get(address).text, address
        is_on_disk_only = bool(cached.extensions["guest_pages"].stores)
        assert kept(guest.get(address)) != (is_on_disk_only and "q=" in address), address
    act(cached, hide, idea)
    for address in (ADDRESS, "/search?q=lastenrad", "/ideas.atom", "/activity"):
        assert "Ein Lastenrad" not in guest.get(address).text, address


def test_what_another_process_hides_is_gone_at_once(
    cached: Flask, make_app: Callable[..., Flask], guest: Client, idea: int
) -> None:
    with cached.test_request_context():
        page = f"/ideas/{idea}-ein-lastenrad"
    assert guest.get(page).status_code == 200
    for _ in range(2):
        assert "Lastenrad" in guest.get(ADDRESS).text
    act(make_app(GUEST_CACHE="off"), hide, idea)
    assert "Lastenrad" not in guest.get(ADDRESS).text
    assert guest.get(page).status_code == 410
    act(make_app(GUEST_CACHE="off"), lambda found: set_state(found, IdeaState.PUBLISHED, ""), idea)
    assert "Lastenrad" in guest.get(ADDRESS).text


def test_votes_and_comments_are_seen_by_guests_within_five_seconds(
    cached: Flask, guest: Client, idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, made_at = f"/ideas/{idea}-ein-lastenrad", guest_pages._monotonic()
    monkeypatch.setattr(guest_pages, "_monotonic", lambda: made_at)
    guest.get(page)
    vote_for(cached, idea)
    say(cached, "Wo stünde es?", idea)
    assert kept(guest.get(page))
    monkeypatch.setattr(guest_pages, "_monotonic", lambda: made_at + PATIENCE_SECONDS)
    assert PATIENCE_SECONDS < 5
    assert "Wo stünde es?" in guest.get(page).text


def test_what_is_said_of_one_idea_leaves_the_pages_of_others_as_they_are(
    cached: Flask, make_app: Callable[..., Flask], guest: Client, idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_idea(cached, "Ein Brunnen")
    pages = [f"/ideas/{idea}-ein-lastenrad", f"/ideas/{other}-ein-brunnen", ADDRESS]
    before = [guest.get(page).data for page in pages]
    vote_for(cached, idea)
    say(cached, "Wo stünde es?", idea)
    with cached.test_request_context(), unit_of_work():
        follow(db.session.get(Idea, idea), by=world.person("ruth"))
    later = guest_pages._monotonic() + PATIENCE_SECONDS
    monkeypatch.setattr(guest_pages, "_monotonic", lambda: later)
    after = [guest.get(page) for page in pages]
    assert [kept(one) for one in after] == [False, True, False]
    assert [one.data == old for one, old in zip(after, before, strict=True)] == [False, True, False]
    made_anew = make_app(GUEST_CACHE="off").test_client(use_cookies=False).get(pages[1])
    assert made_anew.data == before[1]


def test_a_new_idea_is_in_lists_at_once_and_leaves_the_pages_of_others_as_they_are(
    cached: Flask, make_app: Callable[..., Flask], guest: Client, idea: int
) -> None:
    page = f"/ideas/{idea}-ein-lastenrad"
    before = guest.get(page).data
    guest.get(ADDRESS)
    new_idea(cached, "Ein Lastenrad für alle")
    assert "Ein Lastenrad für alle" in guest.get(ADDRESS).text
    assert kept(guest.get(page))
    assert make_app(GUEST_CACHE="off").test_client(use_cookies=False).get(page).data == before


def test_a_patient_change_that_names_no_subject_ends_every_page(
    cached: Flask, guest: Client, idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @command
    @guests_may_wait
    def touch() -> None:
        db.session.execute(update(Idea).values(changed_at=clock.now()))

    page = f"/ideas/{idea}-ein-lastenrad"
    guest.get(page)
    with cached.test_request_context(), unit_of_work():
        touch()
    assert kept(guest.get(page))
    later = guest_pages._monotonic() + PATIENCE_SECONDS
    monkeypatch.setattr(guest_pages, "_monotonic", lambda: later)
    assert not kept(guest.get(page))


@pytest.mark.parametrize("flushed", [True, False])
def test_what_is_written_beside_a_command_ends_every_page(
    cached: Flask, guest: Client, idea: int, flushed: bool
) -> None:
    page = f"/ideas/{idea}-ein-lastenrad"
    assert "Anton" in guest.get(page).text
    other = new_idea(cached, "Ein Brunnen")
    with cached.test_request_context(), unit_of_work():
        support(db.session.get(Idea, other), by=world.person("mara"))
        anton = world.person("anton")
        anton.own_name = "Antonia"
        if flushed:
            db.session.flush()
    assert "Antonia" in guest.get(page).text


def test_what_changes_the_order_of_lists_ends_lists_only(
    cached: Flask, guest: Client, idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [f"/ideas/{idea}-ein-lastenrad", f"{ADDRESS}?sort=fair"]
    for page in pages:
        guest.get(page)
    with cached.test_request_context():
        mix_fair_order()
    later = guest_pages._monotonic() + PATIENCE_SECONDS
    monkeypatch.setattr(guest_pages, "_monotonic", lambda: later)
    assert [kept(guest.get(page)) for page in pages] == [True, False]


def test_who_votes_sees_it_at_once(cached: Flask, cast: Cast, guest: Client, idea: int) -> None:
    page = f"/ideas/{idea}-ein-lastenrad"
    guest.get(page)
    member = cached.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    member.page(page).press("Unterstützen")
    assert 'aria-pressed="true"' in member.get(page).text
    assert 'aria-pressed="true"' not in guest.get(page).text


def test_no_page_gets_older_than_a_day(guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.get("/accessibility")
    assert kept(guest.get("/accessibility"))
    later = guest_pages._wall() + guest_pages.LONGEST_SECONDS + 1
    monkeypatch.setattr(guest_pages, "_wall", lambda: later)
    assert not kept(guest.get("/accessibility"))


def test_members_get_their_own_pages(cached: Flask, cast: Cast, guest: Client) -> None:
    guest.get(ADDRESS)
    member = cached.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    mine = member.get(ADDRESS)
    assert cast.mara.name in mine.text
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Cache-Status" not in mine.headers
    assert cast.mara.name not in guest.get(ADDRESS).text
    assert kept(guest.get(ADDRESS))


@pytest.mark.parametrize("cookie", ["session=x", "session=", "remember_token=1|x", "a=b; session=x", '"; session=x'])
def test_whoever_sends_a_session_is_no_guest(guest: Client, cookie: str) -> None:
    guest.get(ADDRESS)
    assert "Cache-Status" not in guest.get(ADDRESS, headers={"Cookie": cookie}).headers


def test_other_cookies_and_headers_neither_split_nor_poison_pages(guest: Client) -> None:
    guest.get(ADDRESS, headers={"Cookie": "theme=<script>", "X-Forwarded-Host": "evil.example", "Referer": "//evil"})
    again = guest.get(ADDRESS, headers={"Cookie": "other=1"})
    assert kept(again)
    assert "evil" not in again.text
    assert "<script>" not in again.text.replace("<script ", "")


def test_a_foreign_host_is_refused_and_kept_nowhere(guest: Client) -> None:
    for _ in range(2):
        answer = guest.get(ADDRESS, base_url="http://evil.example")
        assert answer.status_code == 400
        assert "Cache-Status" not in answer.headers


def test_choosing_a_language_sets_the_cookie_each_time(guest: Client) -> None:
    for _ in range(2):
        answer = guest.get("/ideas?lang=en", headers={})
        assert "language=en" in answer.headers["Set-Cookie"]
        assert not kept(answer)


def test_errors_and_redirects_are_not_kept(guest: Client, idea: int) -> None:
    for address in ("/ideas/999999", f"/ideas/{idea}", "/ideas/new", "/login", "/healthz"):
        guest.get(address)
        assert "Cache-Status" not in guest.get(address).headers, address


def test_every_browser_gets_the_encoding_it_asks_for(guest: Client) -> None:
    zipped = guest.get(ADDRESS, headers={"Accept-Encoding": "gzip, br"})
    plain = guest.get(ADDRESS, headers={"Accept-Encoding": "identity"})
    refused = guest.get(ADDRESS, headers={"Accept-Encoding": "gzip;q=0"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert gzip.decompress(zipped.data) == plain.data == refused.data
    assert "Content-Encoding" not in plain.headers


def test_a_page_that_did_not_change_is_not_sent_again(cached: Flask, guest: Client, idea: int) -> None:
    tag = guest.get(ADDRESS).headers["ETag"]
    for known in (tag, tag.removeprefix("W/"), f'"another", {tag}', "*"):
        same = guest.get(ADDRESS, headers={"If-None-Match": known})
        assert (same.status_code, same.data) == (304, b""), known
        assert guest.head(ADDRESS, headers={"If-None-Match": known}).status_code == 304
    for other in ('"another"', f'"x{tag[3:]}', f"{tag[:-1]}x{tag[-1]}", f'"{tag[:-1]}', '"', "W/"):
        assert guest.get(ADDRESS, headers={"If-None-Match": other}).status_code == 200, other
    act(cached, hide, idea)
    assert guest.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 200


def test_the_head_alone_is_that_of_the_kept_page(cached: Flask, guest: Client, idea: int) -> None:
    assert not kept(guest.head(ADDRESS))
    assert not kept(guest.get(ADDRESS))
    page, head = guest.get(ADDRESS), guest.head(ADDRESS)
    assert head.data == b""
    assert {**page.headers} == {**head.headers}
    assert kept(head)
    attention._seen = attention.Seen()
    with time_machine.travel("2027-03-12T10:00:00+00:00", tick=True):
        for _ in range(2):
            guest.get(f"/ideas/{idea}-ein-lastenrad", headers={"User-Agent": "Mozilla/5.0 Firefox"})
        guest.head(f"/ideas/{idea}-ein-lastenrad", headers={"User-Agent": "Mozilla/5.0 Firefox"})
    assert attention._seen._counts[idea, "2027-03-12"] == 2


def test_addresses_without_end_push_out_no_others(
    cached: Flask, guest: Client, idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest_cache = cached.extensions["guest_pages"]
    for kept_pages in (*guest_cache._memories.values(), *guest_cache.stores.values()):
        kept_pages._most_bytes = min(kept_pages._most_bytes, 200_000)
    page = f"/ideas/{idea}-ein-lastenrad"
    guest.get(page)
    for number in range(120):
        assert not kept(guest.get(page, query_string=f"x={number}"))
        assert not kept(guest.get(page, base_url=f"http://localhost:{number + 1}"))
        guest.get(page, headers={"HX-Request": f"{number}"})
    assert kept(guest.get(page))


def test_views_of_kept_pages_are_counted(cached: Flask, guest: Client, idea: int) -> None:
    attention._seen = attention.Seen()  # as in a process that has just begun
    with time_machine.travel("2027-03-12T10:00:00+00:00", tick=True):
        for _ in range(3):
            guest.get(f"/ideas/{idea}-ein-lastenrad", headers={"User-Agent": "Mozilla/5.0 Firefox"})
        guest.get(f"/ideas/{idea}-ein-lastenrad", headers={"User-Agent": "Examplebot"})
    assert attention._seen._counts[idea, "2027-03-12"] == 3


def test_work_that_no_guest_sees_leaves_pages_as_they_are(cached: Flask, guest: Client) -> None:
    guest.get(ADDRESS)
    with cached.test_request_context(), unit_of_work():
        post("once", to="a@example.org", subject="Betreff", text="Text")
    assert kept(guest.get(ADDRESS))
