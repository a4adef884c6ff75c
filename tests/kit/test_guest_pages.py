"""Guests' pages are kept until something in the database changes, whoever changes it."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app.ideas.commands import set_state, submit_idea
from app.ideas.models import Idea, IdeaState
from app.kit.db import db, is_sqlite, unit_of_work
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    with app.test_request_context(), unit_of_work():
        return submit_idea(world.idea_text("Ein Lastenrad"), by=world.person("anton")).id


def statements(app: Flask, client: Client, address: str) -> int:
    """What is asked beside whether anything changed."""
    with app.app_context():
        asked = 0 if is_sqlite() else 1
    return counted(app, lambda: client.get(address)) - asked


def test_the_same_question_is_answered_from_memory(app: Flask, client: Client, idea: int) -> None:
    client.get("/search?q=lastenrad")  # here a connection notices what was committed before
    first = client.get("/search?q=lastenrad").text
    assert statements(app, client, "/search?q=lastenrad") == 0
    assert client.get("/search?q=lastenrad").text == first
    assert statements(app, client, "/search?q=lastenrad&lang=en") > 0
    assert statements(app, client, "/search?q=fahrrad") > 0


def test_our_own_changes_are_seen_at_once(app: Flask, client: Client, idea: int) -> None:
    assert "Ein <mark>Lastenrad</mark>" in client.get("/search?q=lastenrad").text
    with app.test_request_context(), unit_of_work():
        found = db.session.get(Idea, idea)
        assert found
        set_state(found, IdeaState.HIDDEN, "Doppelt")
    assert "<mark>" not in client.get("/search?q=lastenrad").text


def test_changes_of_another_process_are_seen_at_once(app: Flask, client: Client, idea: int) -> None:
    for _ in range(3):
        assert "Ein <mark>Lastenrad</mark>" in client.get("/search?q=lastenrad").text
    with app.app_context():
        other = create_engine(db.engine.url)
    with other.begin() as connection:
        connection.execute(text("DELETE FROM documents"))
    assert "<mark>" not in client.get("/search?q=lastenrad").text
    other.dispose()


def test_members_get_their_own_pages(app: Flask, cast: Cast, client: Client, idea: int) -> None:
    client.get("/search?q=lastenrad")
    member = app.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    assert cast.mara.name in member.get("/search?q=lastenrad").text
    assert cast.mara.name not in client.get("/search?q=lastenrad").text
