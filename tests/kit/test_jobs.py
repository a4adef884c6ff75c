"""Work outside of requests: with the embedded queue, with Redis, and with a queue that is away."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, url_for
from huey import RedisHuey, SqliteHuey

from app.ideas.commands import submit_idea
from app.kit import jobs
from app.kit.db import db, is_writing, unit_of_work
from app.moderation.models import Case, Ground
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import Visitor, backstage, invite, post, wait_until
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox
from tests.support.needs import need
from tests.support.redis import RedisServer


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    need("redis-server")
    server = RedisServer().start()
    yield server
    server.stop()


def test_between_the_parts_of_a_long_job_others_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[tuple[float, bool]] = []
    monkeypatch.setattr(jobs.time, "sleep", lambda seconds: pauses.append((seconds, is_writing())))
    with app.app_context():
        for _ in range(2):
            with jobs.in_between():
                assert is_writing()
        assert [is_held for _seconds, is_held in pauses] == [False, False]
        assert all(0 < seconds <= jobs.LONGEST_PAUSE_SECONDS for seconds, _is_held in pauses)
        with unit_of_work(), jobs.in_between():
            pass
    assert len(pauses) == 2, "a part of something larger keeps nobody waiting for its pauses"


@pytest.mark.on("sqlite")
def test_a_job_waits_in_the_data_folder_until_the_runner_takes_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(app.extensions["huey"], SqliteHuey)
    assert addresses_of_a_job(app, monkeypatch) == ["http://127.0.0.1:8000/ideas"]


@pytest.mark.on("sqlite")
def test_with_redis_it_waits_there(
    make_app: Callable[..., Flask], redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(REDIS_URL=redis_server.url, BASE_URL="https://zukunft.example")
    assert isinstance(app.extensions["huey"], RedisHuey)
    assert addresses_of_a_job(app, monkeypatch) == ["https://zukunft.example/ideas"]
    app.extensions["huey"].storage.pool.disconnect()


@pytest.mark.on("sqlite")
def test_a_sweep_that_fails_does_not_stop_the_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    monkeypatch.setattr(jobs, "_sweeps", [fail, lambda: done.append("second")])
    with app.app_context():
        jobs.run_sweeps()
    assert done == ["second"]


def test_the_whole_platform_runs_on_redis_and_goes_on_when_redis_dies(
    servers: Callable[..., LiveServer], redis_server: RedisServer, smtp: Mailbox
) -> None:
    server = servers(REDIS_URL=redis_server.url, WEB_WORKERS="2")
    with backstage(server) as app:
        settle(app)
        cases, ideas = waiting_cases(app)
        (moderator,) = invite(app, 1, stem="moderation", roles=("moderator",))
        (guest,) = invite(app, 1)
        app.extensions["huey"].storage.pool.disconnect()

    assert approve(server, cases[0], moderator) == 303
    wait_until(lambda: len(smtp.messages) == 1)
    comments = [post(server, f"/subjects/{ideas[0]}/comments", guest, body="Ja.") for _number in range(21)]
    assert comments == [303] * 20 + [429], "both processes count together"

    redis_server.stop()
    assert approve(server, cases[1], moderator) == 303
    assert post(server, f"/ideas/{ideas[1]}/support", guest) == 303
    wait_until(lambda: len(smtp.messages) == 2)


def addresses_of_a_job(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a job sees as the address of a page, once the runner has taken it from the queue."""
    seen: list[str] = []
    huey = app.extensions["huey"]

    def look(endpoint: str) -> None:
        seen.append(url_for(endpoint, _external=True))

    monkeypatch.setitem(app.extensions["huey_tasks"], jobs._name(look), jobs._task(app, "look", look))
    with app.app_context():
        jobs.enqueue(look, "ideas.index")
    assert seen == []
    assert len(huey) == 1
    huey.execute(huey.dequeue())
    assert len(huey) == 0
    return seen


def waiting_cases(app: Flask) -> tuple[list[int], list[int]]:
    """Two ideas that wait for a moderator, and two that are public."""
    with app.test_request_context(), unit_of_work():
        for number in range(2):
            submit_idea(idea_text(f"Idee {number}"), by=person("mara"))
        public = [submit_idea(idea_text(f"Idee {number}"), by=person("anton")).id for number in range(2, 4)]
        return list(db.session.scalars(db.select(Case.id).order_by(Case.id))), public


def approve(server: LiveServer, case: int, moderator: Visitor) -> int:
    return post(server, f"/moderation/{case}/decision", moderator, measure="approve", ground=Ground.NONE.value)
