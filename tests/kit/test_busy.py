"""Where many write at once: nobody waits for ever, nothing typed is lost, and done is what reached the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.comments.models import Comment
from app.ideas.commands import submit_idea
from app.kit import connecting, units
from app.kit.db import after_commit, command, db, end_writing, unit_of_work
from app.subjects.models import Subject
from tests.client import Client
from tests.factories.world import idea_text, person
from tests.people import Cast
from tests.support.pages import Page

WORDS = "Ein langer Kommentar, den niemand zweimal schreiben will: mit Gründen, Zahlen und einem Vorschlag."
BUSY = {"de": "Gerade schreiben sehr viele", "en": "Very many people are writing"}


@pytest.fixture
def mara(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A member who is not kept waiting for long."""
    monkeypatch.setattr(units, "PATIENCE_SECONDS", 0.1)
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(cast.mara.key)
    return client


@pytest.mark.on("sqlite")
@pytest.mark.parametrize("language", ["de", "en"])
def test_who_waits_too_long_for_their_turn_is_told_so_and_sends_the_text_again(
    app: Flask, cast: Cast, mara: Client, language: str
) -> None:
    idea = an_idea(app)
    form = mara.page(f"/ideas/{idea}-ein-dach?lang={language}").form(f"/subjects/{idea}/comments").fill(body=WORDS)
    with somebody_writing(app):
        refused = mara.post(f"/subjects/{idea}/comments", data=form.values)
        in_place = mara.post(f"/subjects/{idea}/comments", data=form.values, headers={"HX-Request": "true"})
        vote = mara.post(f"/ideas/{idea}/support", data={"csrf_token": form.values["csrf_token"]})
    assert [one.status_code for one in (refused, in_place, vote)] == [503, 503, 503]
    assert refused.headers["Retry-After"] == "5"
    for answer in (refused, in_place, vote):
        assert BUSY[language] in answer.get_data(as_text=True)
    assert WORDS in refused.get_data(as_text=True)
    again = Page(mara, refused).form(f"/subjects/{idea}/comments")
    assert mara.post(f"/subjects/{idea}/comments", data=again.values).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Comment.body)).all() == [WORDS]


@pytest.mark.on("sqlite")
def test_work_outside_of_requests_waits_as_long_as_it_takes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "PATIENCE_SECONDS", 0.05)
    with somebody_writing(app):
        job = Thread(target=lambda: work(app, write))
        job.start()
        job.join(0.3)
        assert job.is_alive()
    job.join(10)
    assert not job.is_alive()


@pytest.mark.on("sqlite")
def test_others_write_while_one_waits_for_the_disk_and_nothing_follows_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, told, seen = Event(), Event(), []
    monkeypatch.setattr(connecting, "reach_the_disk", lambda _database: (seen.append("waits"), reached.wait(10)))

    def first() -> None:
        write()
        after_commit(told.set)

    waiting = Thread(target=lambda: work(app, first))
    waiting.start()
    while not seen:
        waiting.join(0.01)
    assert not told.is_set()
    second = Thread(target=lambda: work(app, write))
    second.start()
    while len(seen) < 2:
        second.join(0.01)
    assert waiting.is_alive()
    reached.set()
    for thread in (waiting, second):
        thread.join(10)
    assert told.is_set()


@pytest.mark.on("sqlite")
def test_a_disk_that_fails_is_no_success(app: Flask, cast: Cast, mara: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = an_idea(app)
    token = {"csrf_token": mara.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}
    monkeypatch.setattr(connecting, "reach_the_disk", broken)
    assert mara.post(f"/ideas/{idea}/support", data=token).status_code == 500


@pytest.mark.on("sqlite")
def test_a_unit_waits_for_the_disk_itself_and_sqlite_does_past_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[Path] = []
    monkeypatch.setattr(connecting, "reach_the_disk", waited.append)
    with app.app_context():
        with unit_of_work():
            write()
            assert synchronous() == NORMAL
            end_writing()
            assert len(waited) == 1
            assert synchronous() == FULL
        with unit_of_work(writes=False):
            assert synchronous() == FULL
        assert synchronous() == FULL
    assert len(waited) == 1


FULL, NORMAL = 2, 1


def synchronous() -> int:
    return int(db.session.scalar(text("PRAGMA synchronous")) or 0)


def broken(_database: Path) -> None:
    raise OSError(5, "Input/output error")


def write() -> None:
    command(lambda: db.session.add(Subject(kind="idea")))()


def work(app: Flask, act: Callable[[], None]) -> None:
    with app.app_context(), unit_of_work():
        act()


def an_idea(app: Flask) -> int:
    with app.test_request_context(), unit_of_work():
        return submit_idea(idea_text("Ein Dach"), by=person("anton")).id


@contextmanager
def somebody_writing(app: Flask) -> Iterator[None]:
    """Somebody else has the turn, until the end of the block."""
    begun, over = Event(), Event()
    other = Thread(target=lambda: work(app, lambda: (begun.set(), over.wait(20))))
    other.start()
    begun.wait(10)
    try:
        yield
    finally:
        over.set()
        other.join(20)
