"""kill -9 to the whole platform while deliveries and mails are under way."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.ideas.commands import submit_idea
from app.kit import clock
from app.kit.db import db, unit_of_work
from app.kit.mail import LEASE, OutgoingMail
from app.moderation.models import Case, Ground
from app.subjects.models import Delivery
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import Visitor, backstage, invite, is_at_rest, post, wait_until
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox
from tests.support.postgres import free_port

IDEAS = 40
ARRIVED_BEFORE_THE_KILL = 8
AT_ONCE = 6


class SlowMailbox(Mailbox):
    """Keeps a message at once, but takes its time to say so: the moment at which a mail is in flight."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.15)
        return answer

    def arrivals(self) -> Counter[str]:
        """How often each mail has come, by its number."""
        return Counter(str(message["Message-ID"]) for message in self.messages)


@pytest.fixture
def slow_smtp() -> Iterator[SlowMailbox]:
    mailbox = SlowMailbox(free_port())
    mailbox.controller.start()
    yield mailbox
    mailbox.controller.stop()


def test_every_delivery_happens_once_and_only_the_mail_in_flight_comes_twice(
    servers: Callable[..., LiveServer],
    slow_smtp: SlowMailbox,
    record_property: Callable[[str, object], None],
) -> None:
    server = servers(SMTP_PORT=str(slow_smtp.controller.port))
    with backstage(server) as app:
        cases, moderators = prepare(app)
        decided = decide(server, cases, moderators, until=lambda: len(slow_smtp.messages) >= ARRIVED_BEFORE_THE_KILL)
        in_flight, undelivered = under_way(app)
        assert len(in_flight) <= 1, "one mail at a time"
        assert undelivered + len(in_flight) > 0, "the kill came in the middle"

        let_the_lease_pass(app)
        server.start()
        again = decide(server, cases, moderators)
        assert set(again) <= {303, 409}, "409: the decision was taken before the kill, answered or not"
        assert all(second == 409 for first, second in zip(decided, again, strict=True) if first == 303)
        wait_until(lambda: is_at_rest(app))
        assert effects(app) == (2 * IDEAS, IDEAS), "two deliveries and one mail for each decision"
        arrivals = slow_smtp.arrivals()
        doubles = [number for number, times in arrivals.items() if times > 1]
        assert len(arrivals) == IDEAS, "every mail came"
        assert max(arrivals.values()) <= 2
        assert set(doubles) <= set(in_flight), "twice only what was in flight"
        figures = f"{len(in_flight)} mail in flight, {undelivered} deliveries open at kill -9; {len(doubles)} double"
        record_property("figures", figures)


def prepare(app: Flask) -> tuple[list[int], list[Visitor]]:
    """Ideas of a new member that wait, and moderators to decide about them."""
    settle(app)
    with app.test_request_context(), unit_of_work():
        for number in range(IDEAS):
            submit_idea(idea_text(f"Idee {number}"), by=person("mara"))
        cases = list(db.session.scalars(db.select(Case.id).order_by(Case.id)))
    return cases, invite(app, AT_ONCE, stem="moderation", roles=("moderator",))


def decide(
    server: LiveServer, cases: list[int], moderators: list[Visitor], until: Callable[[], bool] | None = None
) -> list[int]:
    """Moderators approve every case at once; when `until` comes true the whole process group is killed."""

    def approve(place: int, case: int) -> int:
        moderator = moderators[place % len(moderators)]
        return post(server, f"/moderation/{case}/decision", moderator, measure="approve", ground=Ground.NONE.value)

    with ThreadPoolExecutor(AT_ONCE) as desk:
        answers = [desk.submit(approve, place, case) for place, case in enumerate(cases)]
        if until is not None:
            wait_until(until)
            server.kill()
        return [answer.result() for answer in answers]


def under_way(app: Flask) -> tuple[list[str], int]:
    """The numbers of mails that were leased but not marked as sent, and how many deliveries are not done."""
    with app.app_context(), unit_of_work(writes=False):
        leased = db.session.scalars(
            db.select(OutgoingMail).where(OutgoingMail.due_at > clock.now(), OutgoingMail.sent_at.is_(None))
        )
        numbers = [f"<{mail.id}.{mail.created_at:%Y%m%d%H%M%S}@zukunftsplattform>" for mail in leased]
        undone = db.select(db.func.count(Delivery.id)).where(Delivery.done_at.is_(None))
        return numbers, db.session.scalar(undone) or 0


def let_the_lease_pass(app: Flask) -> None:
    """As if a minute went by before somebody starts the platform again."""
    with app.app_context(), unit_of_work():
        leased = db.update(OutgoingMail).where(OutgoingMail.due_at > clock.now())
        db.session.execute(leased.values(due_at=clock.now() - timedelta(seconds=1)))
    assert timedelta(seconds=60) >= LEASE


def effects(app: Flask) -> tuple[int, int]:
    """How many deliveries are done, and how many mails they wrote."""
    with app.app_context(), unit_of_work(writes=False):
        done = db.session.scalar(db.select(db.func.count(Delivery.id)).where(Delivery.done_at.is_not(None)))
        return done or 0, db.session.scalar(db.select(db.func.count(OutgoingMail.id))) or 0
