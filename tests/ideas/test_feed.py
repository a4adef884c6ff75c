"""The list of ideas as an Atom feed, for whoever reads feeds."""

from flask import Flask
from lxml import etree

from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories.world import World

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_a_feed_holds_what_the_list_holds(client: Client, world: World) -> None:
    answer = client.get("/ideas.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = etree.fromstring(answer.data)
    titles = [one.text for one in feed.findall("a:entry/a:title", ATOM)]
    assert titles == client.page("/ideas").texts(".idea-card h3")
    assert feed.findtext("a:entry/a:author/a:name", namespaces=ATOM)


def test_a_feed_shares_the_filters_of_the_list(client: Client, world: World) -> None:
    assert b"<entry>" not in client.get("/ideas.atom?status=realised").data
    assert b"<entry>" in client.get(f"/ideas.atom?challenge={world.challenge}").data
    page = client.page("/ideas?status=realised")
    assert page.select("link[type='application/atom+xml']")[0].get("href").endswith("/ideas.atom?status=realised")


def test_a_reader_that_has_it_is_told_so(client: Client, world: World) -> None:
    first = client.get("/ideas.atom")
    again = client.get("/ideas.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_what_people_wrote_is_no_markup(app: Flask, client: Client, world: World) -> None:
    with app.test_request_context(), unit_of_work():
        db.session.get(Idea, world.idea).title = 'Bank & Tisch <script>"zu]]>viel"</script>'
    feed = etree.fromstring(client.get("/ideas.atom").data)
    assert 'Bank & Tisch <script>"zu]]>viel"</script>' in [one.text for one in feed.findall("a:entry/a:title", ATOM)]
