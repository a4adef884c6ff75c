"""Static files: for ever under their own digest, asked for again under any other address; compressed in any case."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.kit.present import asset
from app.kit.static_files import digest_of

STATIC = Path(__file__).resolve().parents[2] / "static"
FILE = "css/layout.css"
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(params=["on", "off"])
def shipped(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Flask:
    """With rendered pages kept, and without: files of a release are no pages."""
    return make_app(GUEST_CACHE=request.param)


def address(app: Flask) -> str:
    with app.test_request_context():
        return asset(FILE)


def test_they_are_compressed_once_and_kept(shipped: Flask) -> None:
    browser, page = shipped.test_client(), address(shipped)
    first, again = (browser.get(page, headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert [one.headers["Cache-Status"].rpartition("; ")[2] for one in (first, again)] == ["fwd=miss", "hit"]
    assert first.data == again.data
    assert gzip.decompress(again.data) == (STATIC / FILE).read_bytes() == browser.get(page).data
    for answer in (first, again, browser.head(page)):
        assert answer.headers["Cache-Control"] == FOR_EVER
        assert answer.headers["Vary"] == "Accept-Encoding"
    tag = again.headers["ETag"]
    assert browser.get(page, headers={"If-None-Match": tag}).status_code == 304
    assert browser.get(page, headers={"If-None-Match": '"another"'}).data == (STATIC / FILE).read_bytes()


def test_only_under_its_own_digest_is_a_file_for_ever(shipped: Flask) -> None:
    path, _mark, right = address(shipped).partition("?v=")
    others = ["?v=0123456789", "?v=WRONG", "?v=", "", "?x=1", f"?v={right}&x=1", f"?x=1&v={right}"]
    for query in others * 2:
        answer = shipped.test_client().get(path + query, buffered=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        assert "Cache-Status" not in answer.headers
        assert answer.data == (STATIC / FILE).read_bytes()


def test_what_is_asked_for_first_by_a_head_or_with_a_tag_is_the_whole_file(shipped: Flask) -> None:
    browser, page = shipped.test_client(), address(shipped)
    head = browser.head(page, headers={"If-None-Match": '"x"'})
    assert (head.status_code, head.data, head.headers["Cache-Control"]) == (200, b"", FOR_EVER)
    assert browser.get(page).data == (STATIC / FILE).read_bytes()
    assert browser.get(page, headers={"Range": "bytes=0-9"}, buffered=True).data == (STATIC / FILE).read_bytes()[:10]


def test_other_ways_to_write_an_address_and_files_that_are_none_are_not_kept(shipped: Flask) -> None:
    browser, page = shipped.test_client(), address(shipped)
    missing = browser.get("/static/css/none.css?v=0")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("Cache-Control", "")
    assert browser.post(page).status_code == 405
    detour = browser.get(page.replace("/css/", "/css/../css/"), buffered=True)
    assert "Cache-Status" not in detour.headers


def test_what_style_sheets_load_is_named_by_its_digest() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        for path, query in re.findall(r'url\("\.\./([^"?]+)\??([^"]*)"\)', sheet.read_text(encoding="utf-8")):
            assert query == f"v={digest_of((STATIC / path).read_bytes())}", f"{sheet.name}: {path}"
