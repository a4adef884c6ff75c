"""What is kept on disk: bounded, private, of one server only; whatever goes wrong, pages are made anew."""

import gzip
import multiprocessing
import os
import sqlite3
import stat
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.kit import page_store
from app.kit.changes import Numbers
from app.kit.db import db
from app.kit.kept import Key, Page
from app.kit.page_store import PageStore, new_folder
from tests.support.live import LiveServer

ERA, WALL, LATER = 7, 1_000_000.0, 1_000_600.0
MEGABYTE = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    return PageStore(new_folder(tmp_path), MEGABYTE)


def key(number: int) -> Key:
    return ("localhost", "http", "", f"/ideas/{number}", "", "de", False)


def page(number: int, *, era: int = ERA, until: float = LATER, size: int = 3000) -> Page:
    body = str(number).encode().ljust(size, b".")
    tag, numbers = f'W/"{number}"', Numbers(9, 3)
    return Page((("Content-Type", "text/html"),), body, tag, False, era, numbers, {9, 8}, 5.5, until, number)


def rows_of(store: PageStore) -> int:
    with closing(sqlite3.connect(store.file)) as connection:
        return int(connection.execute("SELECT count(*) FROM pages").fetchone()[0])


def test_a_page_comes_back_as_it_was(store: PageStore) -> None:
    store.keep(key(1), page(1), WALL)
    found = store.find(key(1), ERA, WALL)
    assert found
    assert (found.headers, found.body, found.etag) == ((("Content-Type", "text/html"),), page(1).body, 'W/"1"')
    assert (found.era, found.numbers, found.drawers) == (ERA, Numbers(9, 3), {8, 9})
    assert (found.made_at, found.until, found.subject_id) == (5.5, LATER, 1)
    assert store.find(key(2), ERA, WALL) is None


def test_after_its_end_and_in_another_era_there_is_none(store: PageStore) -> None:
    store.keep(key(1), page(1), WALL)
    assert store.find(key(1), ERA + 1, WALL) is None
    assert store.find(key(1), ERA, LATER) is None


def test_nobody_gets_a_page_whose_key_only_looks_alike(store: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    name = PageStore._name
    monkeypatch.setattr(PageStore, "_name", lambda store, of: (1, name(store, of)[1]))
    store.keep(key(1), page(1), WALL)
    assert store.find(key(2), ERA, WALL) is None
    assert store.find(("localhost", "http", "", "/ideas/1", "", "de", True), ERA, WALL) is None


def test_it_takes_no_more_room_than_it_was_given(store: PageStore) -> None:
    for number in range(3000):
        store.keep(key(number), page(number), WALL)
    assert 150 < rows_of(store) < 400
    files = [path.stat().st_size for path in store.file.parent.iterdir()]
    assert sum(files) < 2 * MEGABYTE + 8_000_000  # with SQLite's log, whatever the size
    assert store.file.stat().st_size < 1.1 * MEGABYTE


def test_what_has_grown_old_makes_room_for_what_comes(store: PageStore) -> None:
    for number in range(100):
        store.keep(key(number), page(number, size=100), WALL)
    for number in range(100, 200):
        store.keep(key(number), page(number, era=ERA + 1, size=100), WALL)
    assert 100 <= rows_of(store) < 110
    assert all(store.find(key(number), ERA + 1, WALL) for number in range(100, 200))


def test_what_is_over_is_taken_out_though_nothing_new_comes(store: PageStore) -> None:
    for number in range(120):
        store.keep(key(number), page(number, until=LATER if number < 40 else WALL + 1, size=100), WALL)
    store.tidy(ERA, WALL)
    assert rows_of(store) == 120
    store.tidy(ERA, WALL + 2)
    assert rows_of(store) == 40
    store.tidy(ERA + 1, WALL + 2)  # something was published since
    assert rows_of(store) == 0


def test_nothing_of_a_key_is_in_its_files(store: PageStore) -> None:
    secret = ("localhost", "http", "", "/ideas/similar", "title=Psychiatrie", "de", False)
    store.keep(secret, page(1, size=100), WALL)
    assert store.find(secret, ERA, WALL)
    written = b"".join(path.read_bytes() for path in store.file.parent.iterdir())
    assert page(1, size=100).body in written
    assert not [word for word in (b"Psychiatrie", b"similar", b"localhost", store._secret) if word in written]


TYPED = (
    "/ideas/similar?title={}",
    "/search?q={}",
    "/search?%71={}&kind=idea",
    "/search/suggestions?q={}",
    "/ideas?q={}",
    "/ideas?sort=newest&q={}",
    "/ideas.atom?q={}",
    "/ideas/map.json?q={}",
    "/challenges?q={}",
    "/projects?q={}",
    "/organisations?q={}",
    "/ideas?utm_id={}",
    "/ideas?{}",
)


def test_what_guests_type_is_kept_in_memory_only(make_app: Callable[..., Flask]) -> None:
    app = make_app(GUEST_CACHE="on")
    pages = app.extensions["guest_pages"]
    pages.begin()
    guest = app.test_client(use_cookies=False)
    for address in TYPED:
        for _ in range(2):
            answer = guest.get(address.format("Psychiatrie"))
        assert answer.headers["Cache-Status"].endswith("; hit"), address
    assert guest.get("/ideas?sort=supported").status_code == 200
    assert [rows_of(pages.stores[room]) for room in ("plain", "asked")] == [0, 1]
    for store in pages.stores.values():
        written = b"".join(path.read_bytes() for path in store.file.parent.iterdir())
        with closing(sqlite3.connect(store.file)) as connection:
            bodies = [gzip.decompress(body) for (body,) in connection.execute("SELECT body FROM pages")]
        assert b"psychiatrie" not in b"".join([written, *bodies]).lower()


def test_a_server_takes_out_what_a_change_has_ended_in_all_rooms(make_app: Callable[..., Flask]) -> None:
    app = make_app(GUEST_CACHE="on")
    pages, guest = app.extensions["guest_pages"], app.test_client(use_cookies=False)
    pages.tidy()
    pages.begin()
    host = app.extensions["settings"].base_url
    for base_url, address in ((host, "/accessibility"), ("http://localhost", "/ideas?sort=supported")):
        guest.get(address, base_url=base_url)
    pages.tidy()
    assert [rows_of(pages.stores[room]) for room in ("plain", "asked")] == [1, 1]
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE page_changes SET prompt = prompt + 1 WHERE number = 0"))
    pages.tidy()
    assert [rows_of(pages.stores[room]) for room in ("plain", "asked")] == [0, 0]


def test_only_the_platform_may_read_it(store: PageStore) -> None:
    store.keep(key(1), page(1), WALL)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in store.file.parent.iterdir()}
    assert (stat.S_IMODE(store.file.parent.stat().st_mode), modes) == (0o700, {0o600})


def test_a_server_that_starts_finds_nothing_of_another(store: PageStore, tmp_path: Path) -> None:
    store.keep(key(1), page(1), WALL)
    another = PageStore(new_folder(tmp_path), MEGABYTE)
    assert another.find(key(1), ERA, WALL) is None
    assert set(another.file.parent.glob("*.sqlite")) == {another.file}
    store.keep(key(2), page(2), WALL)  # one that still runs harms nobody
    assert another.find(key(2), ERA, WALL) is None


@pytest.mark.parametrize("harm", ["deleted", "garbled", "full", "never made"])
def test_whatever_happens_to_it_pages_are_just_not_kept(
    tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if harm == "full":
        monkeypatch.setattr(page_store, "PRAGMAS", ("max_page_count=8",))
    if harm == "never made":
        (tmp_path / "file").touch()
    store = PageStore(tmp_path / "file" if harm == "never made" else new_folder(tmp_path), MEGABYTE)
    if harm == "deleted":
        store.file.unlink()
    if harm == "garbled":
        for path in store.file.parent.iterdir():
            path.write_bytes(os.urandom(9000))
    for number in range(30):
        store.keep(key(number), page(number), WALL)
    assert store.find(key(29), ERA, WALL) is None


def test_after_a_failure_it_rests_and_tries_again(store: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = store.file.rename(store.file.with_suffix(".aside"))
    store.keep(key(1), page(1), WALL)
    moved.rename(store.file)
    store.keep(key(1), page(1), WALL)
    assert store.find(key(1), ERA, WALL) is None
    later = page_store.time.monotonic() + page_store.REST_SECONDS
    monkeypatch.setattr(page_store.time, "monotonic", lambda: later)
    store.keep(key(1), page(1), WALL)
    assert store.find(key(1), ERA, WALL)


def test_many_threads_and_processes_use_it_at_once(store: PageStore) -> None:
    store.keep(key(0), page(0), WALL)  # a connection that children must not take over
    children = [multiprocessing.get_context("fork").Process(target=fill, args=(store,)) for _ in range(2)]
    for child in children:
        child.start()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _number: fill(store), range(4)))
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    found = [store.find(key(number), ERA, WALL) for number in range(300)]
    assert [one.subject_id for one in found if one] == list(range(300))


def fill(store: PageStore) -> None:
    for number in range(300):
        store.keep(key(number), page(number, size=200), WALL)


def test_what_one_process_of_a_server_has_made_all_give_away(server: LiveServer) -> None:
    said = []
    for _ in range(30):
        with urllib.request.urlopen(f"{server.url}/accessibility") as answer:
            said.append(answer.headers["Cache-Status"].rpartition("; ")[2])
    assert sorted(said) == ["fwd=miss", *["hit"] * 29]
