"""Deliveries: what follows an activity happens after it, in the database exactly once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.kit import clock
from app.kit.db import db, unit_of_work
from app.subjects import activities, outbox
from app.subjects.activities import Activity, after, within
from app.subjects.commands import new_subject, record
from app.subjects.models import ActivityRow, Delivery, Subject

Work = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class BellRung(Activity, name="bell_rung"):
    """For these tests only."""

    tone: str = "a"


class Ears:
    """What listeners heard, and whether the first of them fails."""

    def __init__(self) -> None:
        self.within: list[BellRung] = []
        self.first: list[BellRung] = []
        self.second: list[BellRung] = []
        self.fails = False


@pytest.fixture
def ears(app: Flask) -> Iterator[Ears]:
    """Listeners that leave a subject each, so that their effects can be counted."""
    heard = Ears()

    def listen_within(fact: BellRung) -> None:
        heard.within.append(fact)

    def listen_first(fact: BellRung) -> None:
        heard.first.append(fact)
        new_subject("effect")
        if heard.fails:
            raise ValueError("no")

    def listen_second(fact: BellRung) -> None:
        heard.second.append(fact)
        new_subject("effect")

    within(BellRung)(listen_within)
    after(BellRung)(listen_first)
    after(BellRung)(listen_second)
    with app.app_context():
        yield heard
    activities._within.pop(BellRung.name)
    activities._after.pop(BellRung.name)


def test_an_activity_reaches_every_listener_once(ears: Ears, work: Work) -> None:
    ring(tone="c")
    assert len(ears.within) == 1, "in the writer's own transaction"
    assert (ears.first, ears.second, open_deliveries()) == ([], [], 2)
    work()
    work()
    assert [fact.tone for fact in (*ears.first, *ears.second)] == ["c", "c"]
    assert (effects(), open_deliveries()) == (2, 0)


def test_a_listener_reads_the_fact_as_it_was_recorded(ears: Ears, work: Work) -> None:
    row_id = ring(tone="fis")
    work()
    heard = ears.first[0]
    assert (heard.row_id, heard.tone, heard.actor_id) == (row_id, "fis", 0)
    assert heard.at == ears.within[0].at


def test_what_is_rolled_back_reaches_nobody(ears: Ears, work: Work) -> None:
    def fail() -> None:
        with unit_of_work():
            record(BellRung(subject_id=new_subject("bell"), actor_id=0))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    work()
    assert (ears.first, effects(), open_deliveries()) == ([], 0, 0)


def test_a_listener_that_fails_leaves_nothing_and_is_asked_again_later(ears: Ears, work: Work) -> None:
    ring()
    ears.fails = True
    work()
    assert len(ears.first) == len(ears.second) == 1, "the other listener got its delivery"
    assert effects() == 1, "what the failing one wrote is rolled back"
    attempts, wait, error = postponed()
    assert (attempts, error) == (1, "ValueError")
    assert timedelta(0) < wait <= timedelta(seconds=5)
    work()
    assert len(ears.first) == 1, "not before its time"

    ears.fails = False
    let_time_pass()
    work()
    assert (effects(), open_deliveries()) == (2, 0)


def test_each_failure_makes_the_wait_longer_up_to_six_hours(ears: Ears, work: Work) -> None:
    ring()
    ears.fails = True
    waits = []
    for _attempt in range(12):
        let_time_pass()
        work()
        waits.append(round(postponed()[1].total_seconds()))
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_WAIT.total_seconds()


def test_the_sweep_finds_what_nobody_was_woken_for(app: Flask, ears: Ears, work: Work) -> None:
    ring()
    app.extensions["huey"].storage.flush_all()
    work()
    assert (effects(), open_deliveries()) == (2, 0)


def test_a_queue_out_of_reach_fails_no_request(
    app: Flask, ears: Ears, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise ConnectionError("no queue")

    monkeypatch.setitem(app.extensions, "huey_tasks", {"app.subjects.outbox.deliver_due": refuse})
    ring()
    work()
    assert (effects(), open_deliveries()) == (2, 0)


def test_a_listener_that_is_gone_since_does_not_hold_up_the_rest(ears: Ears, work: Work) -> None:
    ring()
    with unit_of_work():
        first = update(Delivery).where(Delivery.listener.endswith("listen_first"))
        db.session.execute(first.values(listener="app.gone.listen"))
    work()
    assert (ears.first, len(ears.second), open_deliveries()) == ([], 1, 0)


def test_an_activity_only_an_older_release_knew_is_done_without_effect(ears: Ears, work: Work) -> None:
    row_id = ring()
    with unit_of_work():
        db.session.execute(update(ActivityRow).where(ActivityRow.id == row_id).values(name="bell_cracked"))
    work()
    assert (effects(), open_deliveries()) == (0, 0)


def test_what_was_brought_in_after_the_fact_is_news_to_nobody(ears: Ears, work: Work) -> None:
    with unit_of_work():
        record(BellRung(subject_id=new_subject("bell"), actor_id=0))
        outbox.settle()
    work()
    assert (ears.first, open_deliveries()) == ([], 0)


def ring(tone: str = "a") -> int | None:
    with unit_of_work():
        return record(BellRung(subject_id=new_subject("bell"), actor_id=0, tone=tone))


def effects() -> int:
    with unit_of_work(writes=False):
        return db.session.scalar(select(func.count()).select_from(Subject).where(Subject.kind == "effect")) or 0


def open_deliveries() -> int:
    with unit_of_work(writes=False):
        return db.session.scalar(select(func.count(Delivery.id)).where(Delivery.done_at.is_(None))) or 0


def postponed() -> tuple[int, timedelta, str | None]:
    """Attempts, time until the next and the error of the one delivery that is open."""
    with unit_of_work(writes=False):
        delivery = db.session.scalars(select(Delivery).where(Delivery.done_at.is_(None))).one()
        return delivery.attempts, delivery.due_at - clock.now(), delivery.error


def let_time_pass() -> None:
    """As if every wait were over."""
    with unit_of_work():
        db.session.execute(update(Delivery).where(Delivery.done_at.is_(None)).values(due_at=clock.now()))
