"""kill -9 to the whole platform in the middle of many supports."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app.ideas.commands import submit_idea
from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from app.voting.models import Support
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import NO_ANSWER, Visitor, backstage, invite, nothing_is_miscounted, post, wait_until
from tests.support.live import LiveServer

PEOPLE, IDEAS = 25, 20
AT_ONCE = 24
ANSWERED_BEFORE_THE_KILL = 180
SENT_AGAIN = 120
ANSWERED = {200, 303}
Vote = tuple[int, int]


def test_no_support_that_was_answered_is_lost_and_no_counter_is_wrong(
    servers: Callable[..., LiveServer], record_property: Callable[[str, object], None]
) -> None:
    server = servers(WEB_WORKERS="2")
    with backstage(server) as app:
        ideas, people = prepare(app)
        votes = [(visitor, idea) for visitor in people for idea in ideas]
        random.Random(7).shuffle(votes)

        statuses = vote(server, votes, kill_after=ANSWERED_BEFORE_THE_KILL)
        answered = {(visitor.id, idea) for (visitor, idea), status in statuses.items() if status in ANSWERED}
        assert {*statuses.values()} <= {*ANSWERED, NO_ANSWER}
        assert ANSWERED_BEFORE_THE_KILL <= len(answered) < len(votes), "the kill came in the middle"

        server.start()
        kept = supports(app)
        assert answered <= kept, "no answered support is lost"
        nothing_is_miscounted(server)
        assert counted(app) == len(kept)
        record_property("figures", f"{len(votes)} supports, {len(answered)} answered, {len(kept)} kept after kill -9")

        unsure = [(visitor, idea) for visitor, idea in votes if (visitor.id, idea) not in answered][:SENT_AGAIN]
        assert {*vote(server, unsure).values()} == {303}, "who got no answer sends it again"
        assert supports(app) == kept | {(visitor.id, idea) for visitor, idea in unsure}
        assert counted(app) == len(supports(app)), "and none counts twice"


def prepare(app: Flask) -> tuple[list[int], list[Visitor]]:
    """Ideas that can be supported, and people who will."""
    settle(app)
    with app.test_request_context(), unit_of_work():
        ideas = [submit_idea(idea_text(f"Idee {number}"), by=person("anton")).id for number in range(IDEAS)]
    return ideas, invite(app, PEOPLE)


def vote(
    server: LiveServer, votes: list[tuple[Visitor, int]], *, kill_after: int | None = None
) -> dict[tuple[Visitor, int], int]:
    """Send every vote, many at once; after so many answers the whole process group is killed."""
    statuses: dict[tuple[Visitor, int], int] = {}

    def send(visitor: Visitor, idea: int) -> None:
        statuses[visitor, idea] = post(server, f"/ideas/{idea}/support", visitor)

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        under_way = [crowd.submit(send, *each) for each in votes]
        if kill_after is not None:
            wait_until(lambda: len(statuses) >= kill_after)
            server.kill()
        for future in under_way:
            future.result()
    return statuses


def supports(app: Flask) -> set[Vote]:
    with app.app_context(), unit_of_work(writes=False):
        return {(vote.person_id, vote.subject_id) for vote in db.session.scalars(db.select(Support))}


def counted(app: Flask) -> int:
    """The sum of all counters that pages show."""
    with app.app_context(), unit_of_work(writes=False):
        return db.session.scalar(db.select(db.func.sum(Idea.supporters_count))) or 0
