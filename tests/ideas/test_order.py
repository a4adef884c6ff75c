"""Votes and comments are counted at once; lists follow soon, and nothing that moved is forgotten."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import delete, text, update

from app.cli import recount
from app.comments.commands import write_comment
from app.ideas import commands, queries
from app.ideas.commands import order, submit_idea
from app.ideas.models import Idea
from app.ideas.models.listing import LISTED
from app.ideas.queries import IdeaFilter
from app.kit import tallies
from app.kit.db import db, is_sqlite, unit_of_work
from app.kit.tallies import Tally
from app.voting.commands import support, withdraw_support
from tests.client import Client
from tests.factories.world import idea_text, person
from tests.people import Cast
from tests.support.queries import statements


@pytest.fixture
def ideas(app: Flask, cast: Cast) -> list[int]:
    """Three ideas, the last one the newest, in order."""
    with app.test_request_context(), unit_of_work():
        made = [submit_idea(idea_text(f"Idee {number}"), by=person("anton")).id for number in range(3)]
    started_anew(app)
    with app.test_request_context():
        order.put_in_order()
    return made


def act(app: Flask, *acts: Callable[[], object]) -> None:
    for one in acts:
        with app.test_request_context(), unit_of_work():
            one()


def listed(app: Flask, sort: str) -> list[tuple[int, int, int]]:
    """Id, supporters and comments of a list's cards, in its order."""
    with app.test_request_context(), unit_of_work(writes=False):
        found = queries.list_ideas(IdeaFilter(), sort=sort).items
        return [(card.id, card.supporters_count, card.comments_count) for card in found]


def in_order(app: Flask) -> bool:
    with app.app_context(), unit_of_work(writes=False):
        rows = db.session.scalars(db.select(Idea)).unique()
        return all(getattr(row, name) == getattr(row, after) for row in rows for name, after in LISTED.items())


def an(idea_id: int) -> Idea:
    return db.session.get_one(Idea, idea_id)


def test_the_number_is_right_at_once_and_the_order_follows(app: Flask, cast: Cast, ideas: list[int]) -> None:
    first, second, third = ideas
    act(
        app, lambda: support(an(first), by=person("mara")), lambda: write_comment(an(second), "Gut!", by=person("ruth"))
    )
    assert {row[0]: row[1:] for row in listed(app, "supported")} == {first: (1, 0), second: (0, 1), third: (0, 0)}
    with app.test_request_context():
        assert order.put_in_order() == 2
    assert [row[0] for row in listed(app, "supported")] == [first, third, second]
    assert [row[0] for row in listed(app, "discussed")] == [second, third, first]
    assert [row[0] for row in listed(app, "active")] == [second, third, first]
    act(app, lambda: withdraw_support(an(first), by=person("mara")))
    with app.test_request_context():
        assert (order.put_in_order(), order.put_in_order()) == (1, 0)
    assert [row[0] for row in listed(app, "supported")] == [third, second, first]


def test_what_is_set_in_an_idea_itself_is_in_order_at_once(app: Flask, cast: Cast, ideas: list[int]) -> None:
    act(app, lambda: commands.touch(ideas[0]))
    assert next(row[0] for row in listed(app, "active")) == ideas[0]
    act(app, lambda: commands.edit_idea(an(ideas[1]), idea_text("Anders"), by=person("anton")))
    assert next(row[0] for row in listed(app, "active")) == ideas[1]
    assert in_order(app)


def test_a_job_runner_that_was_away_catches_up(app: Flask, cast: Cast, ideas: list[int]) -> None:
    with app.test_request_context(), unit_of_work():
        tallies.keep(order.TALLY, {"activity": order.newest_activity()})
    started_anew(app)
    act(app, lambda: support(an(ideas[0]), by=person("mara")))
    act(app, lambda: db.session.execute(update(Idea).where(Idea.id == ideas[1]).values(listed_supporters=7)))
    with app.test_request_context():
        assert order.put_in_order() == 1, "what it knows of was in order before"
    started_anew(app)
    with app.test_request_context(), unit_of_work():
        db.session.execute(delete(Tally).where(Tally.name == order.TALLY))
    with app.test_request_context():
        assert order.put_in_order() == 1, "all are looked at where it is not known since when"
    assert in_order(app)


def test_what_is_seen_late_is_put_in_order_all_the_same(
    app: Flask, cast: Cast, ideas: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vote may take its number before another one and be committed after that."""
    now = [1000.0]
    monkeypatch.setattr(order.time, "monotonic", lambda: now[0])
    act(app, lambda: support(an(ideas[1]), by=person("ruth")))
    for _ in range(20):
        now[0] += 2
        with app.test_request_context():
            order.put_in_order()
    values = {"supporters_count": Idea.supporters_count + 1}  # as if its activity, one of before, were seen only now
    act(app, lambda: db.session.execute(update(Idea).where(Idea.id == ideas[1]).values(values)))
    with app.test_request_context():
        assert order.put_in_order() == 1
        now[0] += 100
        assert (order.put_in_order(), order.put_in_order()) == (0, 0)
        assert len(statements(app, order.put_in_order)) == 1, "after a minute without activities none is asked for"


@pytest.mark.on("postgresql")
def test_nobody_waits_for_lists_and_lists_wait_for_nobody(app: Flask, cast: Cast, ideas: list[int]) -> None:
    first, second, _third = ideas
    began, may_end, numbers = Event(), Event(), []

    def vote() -> None:
        with app.test_request_context(), unit_of_work():
            support(an(first), by=person("mara"))
            db.session.flush()
            began.set()
            may_end.wait(30)

    act(app, lambda: support(an(first), by=person("ruth")), lambda: support(an(second), by=person("ruth")))
    voter = Thread(target=vote)
    voter.start()
    assert began.wait(30)
    with app.test_request_context():
        numbers.append(order.put_in_order())
    assert listed(app, "supported")[0][0] == second
    may_end.set()
    voter.join()
    with app.test_request_context():
        numbers.append(order.put_in_order())
    assert numbers == [2, 1]
    assert in_order(app)


def test_mixing_the_fair_order_sets_right_what_was_missed(app: Flask, cast: Cast, ideas: list[int]) -> None:
    act(app, lambda: db.session.execute(update(Idea).values(supporters_count=9, listed_supporters=8)))
    with app.test_request_context():
        commands.mix_fair_order()
    assert in_order(app)


def started_anew(app: Flask) -> None:
    """The job runner."""
    app.extensions["remembered by jobs"].clear()


def test_where_much_happens_lists_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now, looked, takes = [100.0], [], {102: 0.5, 114: 8.0}

    def put_in_order() -> int:
        looked.append(now[0])
        now[0] += takes.get(now[0], 0.0)
        return 3

    monkeypatch.setattr(order, "put_in_order", put_in_order)
    started_anew(app)
    monkeypatch.setattr(order.time, "monotonic", lambda: now[0])
    with app.app_context():
        for moment in range(100, 190, 2):
            now[0] = max(now[0], moment)
            order.follow_counts()
    assert looked == [100, 102, 114, 182, 184, 186, 188]


def test_recounting_puts_lists_in_order_too(app: Flask, cast: Cast, ideas: list[int]) -> None:
    act(app, lambda: db.session.execute(update(Idea).values(supporters_count=9, listed_supporters=8)))
    said = app.test_cli_runner().invoke(recount)
    assert "3 ideas wait to be put in order" in said.output
    app.test_cli_runner().invoke(recount, ["--fix"])
    assert in_order(app)
    assert "order" not in app.test_cli_runner().invoke(recount).output


def test_a_vote_writes_to_no_index_of_ideas(app: Flask, cast: Cast, ideas: list[int], client: Client) -> None:
    """On PostgreSQL the new row stands beside the old one, and no index learns of it (HOT)."""
    if is_sqlite_of(app):
        with app.app_context():
            sql = db.session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'ideas'"))
            assert not [one for one in sql if one and any(name in one for name in LISTED)]
        return
    before = updates(app)
    for key in (cast.ruth.key, cast.mara.key, cast.ada.key):
        client.become(key)
        token = {"csrf_token": client.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}
        client.post(f"/ideas/{ideas[0]}/support", data=token)
    assert updates(app) == (before[0] + 3, before[1] + 3)


def updates(app: Flask) -> tuple[int, int]:
    """How many rows of ideas PostgreSQL wrote anew, and how many of them no index had to learn of."""
    with app.app_context():
        db.session.execute(text("SELECT pg_stat_force_next_flush()"))
        db.session.rollback()
        row = db.session.execute(
            text("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'ideas'")
        ).one()
        return row.n_tup_upd, row.n_tup_hot_upd


def is_sqlite_of(app: Flask) -> bool:
    with app.app_context():
        return is_sqlite()
