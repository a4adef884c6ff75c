"""How many SQL statements supporting, taking back and commenting send, pinned."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.comments.models import Comment
from app.ideas.commands import submit_idea
from app.kit.db import db, is_sqlite, unit_of_work
from tests.client import Client
from tests.factories.challenges import a_challenge, an_answer
from tests.factories.world import idea_text, person
from tests.people import Cast
from tests.support.queries import statements

WRITES = {"support": 8, "support once more": 3, "withdrawal": 8, "comment": 8, "reply": 12}
# PostgreSQL locks the challenge of an idea before it reads it; a comment gets its id before it is written.
MORE_ON_POSTGRESQL = {act: 2 if act in ("comment", "reply") else 1 for act in WRITES}


@pytest.fixture
def ideas(app: Flask, cast: Cast) -> list[int]:
    """A free idea, and one that answers a challenge."""
    with app.test_request_context(), unit_of_work():
        free = submit_idea(idea_text("Eine freie Idee"), by=person("anton"))
        return [free.id, an_answer(a_challenge()).id]


def test_few_statements_support_and_comment(app: Flask, cast: Cast, ideas: list[int]) -> None:
    with app.app_context():
        more = dict.fromkeys(WRITES, 0) if is_sqlite() else MORE_ON_POSTGRESQL
    for key in (cast.ruth.key, cast.ada.key):
        client = app.test_client()
        assert isinstance(client, Client)
        client.become(key)
        for idea in ideas:
            sent = acts_on(app, client, idea, of=key)
            assert sent == {act: count + more[act] for act, count in WRITES.items()}, (key, idea)


def acts_on(app: Flask, client: Client, idea: int, *, of: str) -> dict[str, int]:
    said = f"Ein Wort von {of}"
    token = {"csrf_token": client.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}
    acts: dict[str, Callable[[], object]] = {
        "support": lambda: client.post(f"/ideas/{idea}/support", data=token),
        "support once more": lambda: client.post(f"/ideas/{idea}/support", data=token),
        "withdrawal": lambda: client.post(f"/ideas/{idea}/support/withdrawal", data=token),
        "comment": lambda: client.post(f"/subjects/{idea}/comments", data={"body": said} | token),
    }
    sent = {name: len(statements(app, act)) for name, act in acts.items()}
    reply = {"body": "Ja", "parent": talk(app)} | token
    return sent | {"reply": len(statements(app, lambda: client.post(f"/subjects/{idea}/comments", data=reply)))}


def talk(app: Flask) -> str:
    with app.app_context():
        return str(db.session.scalar(select(func.max(Comment.id))))
