"""An idea's page that is asked for along with who reads: quick, and never more than they may see."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.commands import set_roles
from app.ideas import commands
from app.ideas.models import ContactWay, Idea
from app.ideas.queries import page as page_queries
from app.kit import pipeline
from app.kit.access import KEY_PART, PERSON
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories.world import World, person
from tests.people import Cast, Person

PHONE = "0351 123456"


@pytest.fixture(autouse=True)
def nobody_came_before() -> None:
    page_queries._seen_as_staff.clear()


@pytest.fixture
def address(app: Flask, cast: Cast, world: World) -> str:
    """An idea whose author may be phoned by staff."""
    with app.test_request_context(), unit_of_work():
        idea = db.session.get_one(Idea, world.idea)
        commands.keep_contact(idea, ContactWay.PHONE, PHONE, by=person("anton"))
        return f"/ideas/{idea.id}-{idea.slug}"


def enter(app: Flask, who: Person, *, said_to_be: Person | None = None) -> Client:
    """A session as signing in leaves it: with a key, and whose it is."""
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(who.key)
    with client.session_transaction() as session:
        session[PERSON] = [(said_to_be or who).id, who.key[:KEY_PART]]
    return client


@pytest.mark.on("postgresql")
def test_who_reads_and_the_page_come_together(
    make_app: Callable[..., Flask], cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(GUEST_CACHE="on")
    mara = enter(app, cast.mara)
    for _ in range(4):  # until all is prepared
        mara.get(address)
    ways, there_and_back = [], pipeline._there_and_back

    def note(psycopg: Any, pgconn: Any, commands: list[Any]) -> Any:
        ways.append(len(commands))
        return there_and_back(psycopg, pgconn, commands)

    monkeypatch.setattr(pipeline, "_there_and_back", note)
    assert mara.get(address).status_code == 200
    assert ways == [3, 2], "what has changed, the page and its reader; the thread and names in it"
    del ways[:]
    assert mara.get("/ideas").status_code == 200
    assert ways[0] == 2, "what has changed and the reader"


def test_whoever_gets_or_loses_a_role_sees_what_they_may_see_now(app: Flask, cast: Cast, address: str) -> None:
    mara = enter(app, cast.mara)
    for roles, sees in ((), False), (("moderator",), True), ((), False), (("moderator",), True):
        with app.test_request_context(), unit_of_work():
            set_roles(person("mara"), roles, actor_id=cast.ada.id)
        for _ in range(2):
            assert (PHONE in mara.get(address).text) is sees


def test_nobody_reads_as_whom_a_session_only_says_it_is(app: Flask, cast: Cast, address: str) -> None:
    with app.test_request_context(), unit_of_work():
        page_queries._seen_as_staff.update({cast.ruth.id: True, cast.anton.id: False})
    for other in (cast.ruth, cast.anton):
        page = enter(app, cast.mara, said_to_be=other).get(address).text
        assert cast.mara.name in page
        assert other.name not in page or other is cast.anton  # who wrote it
        assert PHONE not in page
        assert "/edit" not in page


def test_a_session_that_has_ended_is_a_guests(app: Flask, cast: Cast, address: str) -> None:
    mara = enter(app, cast.mara)
    assert cast.mara.name in mara.get(address).text
    with app.test_request_context(), unit_of_work():
        person("mara").fs_uniquifier = "another-key"
    again = mara.get(address)
    assert again.status_code == 200
    assert cast.mara.name not in again.text


def test_who_came_is_remembered_of_so_many_only(
    app: Flask, cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_queries, "MOST_SEEN", 2)
    for who in (cast.mara, cast.anton, cast.ruth):
        assert enter(app, who).get(address).status_code == 200
    assert page_queries._seen_as_staff == {cast.ruth.id: True}
