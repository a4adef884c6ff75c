"""What is made up and long takes no memory for good; what is short is remembered, as much as is told."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.kit import german, i18n, pieces, textquery
from app.kit.changes import Numbers
from app.kit.compression import accepts_gzip
from app.kit.kept import Key, Memory, Page
from app.kit.pieces import Pieces
from app.kit.remembering import remembered
from app.places import queries as places
from app.subjects.attention import is_machine

ASKED_FROM_OUTSIDE: list[Any] = [
    i18n._chosen,
    i18n.preferred,
    accepts_gzip,
    is_machine,
    textquery.parse,
    german.stem,
    german.fold,
    places.fold,
    places._spellings,
]


@pytest.mark.parametrize("say", ASKED_FROM_OUTSIDE, ids=lambda say: f"{say.__module__}.{say.__name__}")
def test_long_texts_are_read_and_forgotten(say: Any) -> None:
    say("gzip")
    before = say.cache_info()
    tracemalloc.start()
    for number in range(200):
        say(f"language=en; gzip;q=0.5, {number} ".ljust(10_000, "x"))
    grown, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert say.cache_info().currsize <= max(before.currsize, 2)
    assert grown < 400_000  # had all been kept: 2 MB
    assert say.cache_info().maxsize <= 20_000


def test_short_texts_are_remembered_and_long_ones_are_answered_alike() -> None:
    asked = []

    @remembered(2, longest=5)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length(text) for text in ("a", "a", "123456", "123456", "bb", "cc", "a")] == [1, 1, 6, 6, 2, 2, 1]
    assert asked == ["a", "123456", "123456", "bb", "cc", "a"]


def test_small_pages_under_long_addresses_take_no_more_than_they_may() -> None:
    memory, most = Memory(1_000_000), 1_000_000
    page = Page((), b"", 'W/"1"', False, 0, Numbers(), None, 0.0, 0.0, 0)
    tracemalloc.start()
    for number in range(5000):
        key: Key = ("localhost", "http", "", "/search/suggestions", f"q={number}".ljust(900, "x"), "de", False)
        memory.keep(key, page)
    taken, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < most
    assert memory.find(key)


def test_pieces_of_endless_addresses_are_not_kept(app: Flask) -> None:
    kept = Pieces()
    with app.test_request_context(environ_overrides={pieces.HERE: (kept, 0)}):
        made = [pieces.kept("bar", words, make=lambda: "made") for words in ("x" * 60_000, b"x" * 60_000, "short")]
    assert made == ["made"] * 3
    assert len(kept._kept["bar"]) == 1


def test_an_address_with_an_endless_host_or_query_is_kept_nowhere(make_app: Callable[..., Flask]) -> None:
    cached = make_app(GUEST_CACHE="on")
    guest = cached.test_client(use_cookies=False)
    for asked in ({"QUERY_STRING": "x" * 2000}, {"HTTP_HOST": f"localhost:{'0' * 2000}1"}):
        assert "Cache-Status" not in guest.get("/accessibility", environ_overrides=asked).headers
