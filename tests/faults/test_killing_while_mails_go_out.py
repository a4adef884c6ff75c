"""kill -9 to the whole platform while deliveries and mails are under way."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.ideas.commands import submit_idea
from app.kit import clock
from app.kit.db import db, unit_of_work
from app.kit.mail import LEASE, OutgoingMail
from app.moderation import commands as moderation
from app.moderation.models import Ground, Measure
from app.subjects.models import Delivery
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import backstage, is_at_rest, wait_until
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox
from tests.support.postgres import free_port

IDEAS = 40
DONE_BEFORE_THE_FIRST_KILL, SENT_BEFORE_THE_SECOND_KILL = 10, 4


class SlowMailbox(Mailbox):
    """Keeps a message at once, but takes its time to say so: the moment at which a mail is in flight."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.08)
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
    servers: Callable[..., LiveServer], slow_smtp: SlowMailbox, record_property: Callable[[str, object], None]
) -> None:
    server = servers(SMTP_PORT=str(slow_smtp.controller.port))
    server.kill()
    with backstage(server) as app:
        decide(app)
        server.start()
        wait_until(lambda: under_way(app)[1] <= 2 * IDEAS - DONE_BEFORE_THE_FIRST_KILL)
        server.kill()
        flying, undelivered = under_way(app)
        assert 0 < undelivered < 2 * IDEAS, "killed in the middle of the deliveries"

        let_the_lease_pass(app)
        arrived = len(slow_smtp.messages)
        server.start()
        wait_until(lambda: len(slow_smtp.messages) >= arrived + SENT_BEFORE_THE_SECOND_KILL)
        server.kill()
        flying += under_way(app)[0]
        assert len(flying) <= 2, "at most one at each kill"

        let_the_lease_pass(app)
        server.start()
        wait_until(lambda: is_at_rest(app))
        assert effects(app) == (2 * IDEAS, IDEAS), "two deliveries and one mail for each decision"
        arrivals = slow_smtp.arrivals()
        doubles = [number for number, times in arrivals.items() if times > 1]
        assert len(arrivals) == IDEAS, "every mail came"
        assert sum(arrivals.values()) == IDEAS + len(doubles)
        assert set(doubles) <= set(flying), "twice only what was in flight"
        figures = f"{undelivered} of {2 * IDEAS} deliveries open at the first kill -9, {len(flying)} mails in flight"
        record_property("figures", f"{figures}; {len(doubles)} came twice")


def decide(app: Flask) -> None:
    """A moderator approves what a new member wrote, while nobody carries out what follows."""
    settle(app)
    with app.test_request_context(), unit_of_work():
        for number in range(IDEAS):
            idea = submit_idea(idea_text(f"Idee {number}"), by=person("mara"))
            moderation.decide(idea, measure=Measure.APPROVE, ground=Ground.NONE, facts="", by=person("ruth"))


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
