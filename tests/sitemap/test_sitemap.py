"""Search engines find what is public, and nothing else."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import etree

from app.ideas.commands import submit_idea
from app.kit.db import unit_of_work
from app.sitemap import queries
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(client: Client, path: str) -> list[str]:
    """The paths a sitemap names."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    found = [str(one.text) for one in etree.fromstring(answer.data).iter(LOC)]
    assert all(one.startswith("http://127.0.0.1:8000/") for one in found), found
    return [urlsplit(one).path for one in found]


def named(client: Client) -> list[str]:
    """Every page the whole sitemap names."""
    return [page for part in addresses(client, "/sitemap.xml") for page in addresses(client, part)]


def test_everything_public_is_named_and_can_be_read(app: Flask, client: Client, cast: Cast) -> None:
    made = world.build(app)
    pages = named(client)
    for path in (
        "/",
        "/ideas",
        "/accessibility",
        "/help",
        f"/ideas/{made.idea}-eine-bank-fuer-alle",
        f"/challenges/{made.challenge}-warten-ohne-bank",
        f"/projects/{made.project}-fahrradkeller",
        f"/organisations/{made.organisation}",
    ):
        assert path in pages
    assert len(pages) == len(set(pages))
    assert {client.get(path).status_code for path in pages} == {200}
    for hidden in (made.waiting_idea, made.hidden_idea, made.challenge_draft):
        assert not [path for path in pages if f"/{hidden}-" in path]
    assert not [path for path in pages if path.startswith(("/people", "/admin", "/account"))]


def test_a_large_site_has_parts_and_each_is_a_range(
    app: Flask, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), unit_of_work():
        for number in range(12):
            submit_idea(world.idea_text(f"Idee {number}"), by=world.person("anton"))
    monkeypatch.setattr(queries, "SIZE", 5)
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) > 3
    pages = [page for part in parts[1:] for page in addresses(client, part)]
    assert len([page for page in pages if page.startswith("/ideas/")]) == 12
    assert all(len(addresses(client, part)) <= 5 for part in parts[1:])
    monkeypatch.setattr(queries, "SIZE", 20_000)
    last = addresses(client, "/sitemap.xml?x=1")[-1]
    assert counted(app, lambda: client.get(f"{last}?x=2")) <= 5, "four ranges"


def test_a_part_that_names_nothing_is_not_there(client: Client) -> None:
    for number in ("99999", str(2**63 - 1)):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404
    assert addresses(client, "/sitemap.xml") == ["/sitemap-pages.xml"]


def test_robots_are_told_where_the_sitemap_is_and_what_to_leave(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://127.0.0.1:8000/sitemap.xml"
    assert "Disallow: /admin" in lines
    assert "Disallow: /ideas" not in lines
