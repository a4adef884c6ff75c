"""A walk through the demo from the front page, as anyone and in both languages: every link leads somewhere, what a page
loads is there, and no German is left on an English page but what people wrote."""

import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.accounts.queries import person_by_email
from tests.client import Client
from tests.conftest import House, release
from tests.house.source import ROOT
from tests.support.crawler import Walk
from tests.support.crowd import signed
from tests.support.leftovers import leftovers

pytestmark = pytest.mark.on("sqlite")
WHO = {"guest": "", "member": "heike.zschoche@example.org", "moderator": "katrin.leuschner@example.org"}
# Each walk asks for more than this many addresses; fewer would mean that it lost its way.
AT_LEAST = {"guest": 350, "member": 350, "moderator": 450}


@pytest.fixture(scope="module")
def demo(house: Callable[[str], House]) -> Iterator[Flask]:
    home = house("sqlite")
    app = home.make_app(home.databases.copy("crawled"))
    app.test_cli_runner().invoke(args=["demo", "load"], catch_exceptions=False)
    yield app
    release(app)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("who", WHO)
def test_every_link_leads_somewhere_and_every_page_is_in_one_language(
    demo: Flask, who: str, language: str, record_property: Callable[[str, object], None]
) -> None:
    walk = walk_as(demo, WHO[who], language).go("/")
    pages = list(walk.pages())
    record_property("figures", f"{len(walk.answers)} addresses, {len(pages)} pages")
    found = walk.found + [f"{address}: {tree.get('lang')}" for address, tree in pages if tree.get("lang") != language]
    if language == "en":
        names = names_of_the_demo()
        found += sorted(f"{address}: {text!r}" for address, tree in pages for text in leftovers(tree, names))
    assert found == [], "\n".join(found)
    assert len(walk.answers) > AT_LEAST[who]


def walk_as(app: Flask, email: str, language: str) -> Walk:
    """Somebody who keeps no cookie but the one of their session."""
    client = app.test_client(use_cookies=False)
    assert isinstance(client, Client)
    headers = {"Accept-Language": language}
    if email:
        with app.app_context():
            person = person_by_email(email)
        assert person
        headers["Cookie"] = f"session={signed(app, person.fs_uniquifier)[0]}"
    return Walk(app, client, headers)


def names_of_the_demo() -> re.Pattern[str]:
    """What people, organisations, places and things are called in the demo: one line, up to 90 characters."""
    texts = {
        text for file in (ROOT / "app/demo/content").glob("*.toml") for text in strings(tomllib.loads(file.read_text()))
    }
    with (ROOT / "app/places/data/places.csv").open() as file:
        texts |= {text for row in csv.DictReader(file) for text in row.values() if not text[:1].isdigit()}
    names = {name for name in (" ".join(text.split()) for text in texts) if 3 <= len(name) <= 90}
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)
