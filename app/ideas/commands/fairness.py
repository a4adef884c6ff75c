"""The fair order: mixed anew once a day, joined at its end by what is published meanwhile."""

from datetime import timedelta
from random import Random, SystemRandom

from sqlalchemy import bindparam, delete, select, update

from app.ideas.commands.order import COUNTED_NOW
from app.ideas.models import FairOrder, Idea, IdeaState
from app.ideas.queries import fair
from app.kit import clock, jobs
from app.kit.db import about, command, db, guests_may_wait, unit_of_work
from app.kit.inserting import insert_once
from app.kit.shuffling import interleaved

BATCH = 100
GIVEN_UP = timedelta(minutes=10)


def join_round(idea: Idea) -> None:
    """Put an idea that is about to be public at the end of the round; one that is back keeps its place if it can."""
    end = fair.next_rank()
    if idea.published_at is None or idea.fair_rank > end:
        idea.fair_rank = end


def mix_fair_order(dice: Random | None = None) -> None:
    """Mix the fair order, once a day whoever asks; the ideas of each challenge stand evenly apart.

    A hundred ideas at a time, so that nobody waits for long; until it is finished, readers begin with the first page.
    """
    with unit_of_work():
        order_id = _begin()
    if order_id is None:
        return
    with unit_of_work(writes=False):
        public = select(Idea.id, Idea.challenge_id).where(Idea.state == IdeaState.PUBLISHED.value)
        mixed = interleaved([(row.id, row.challenge_id) for row in db.session.execute(public)], dice or SystemRandom())
    for start in range(0, len(mixed), BATCH):
        with jobs.in_between():
            _place(order_id, mixed[start : start + BATCH], start)
    with unit_of_work():
        _finish(order_id)


@command
@guests_may_wait
def _begin() -> int | None:
    """The number of today's mixing; None if it was done, or somebody is at it."""
    about()  # ranks show in lists only
    if order_id := insert_once(FairOrder, day=clock.today(), began_at=clock.now()):
        return order_id
    given_up = (FairOrder.finished_at.is_(None)) & (FairOrder.began_at < clock.now() - GIVEN_UP)
    again = update(FairOrder).where(FairOrder.day == clock.today(), given_up).values(began_at=clock.now())
    return db.session.scalar(again.returning(FairOrder.id))


@command
@guests_may_wait
def _place(order_id: int, idea_ids: list[int], start: int) -> None:
    about()
    still_at_it = update(FairOrder).where(FairOrder.id == order_id).values(began_at=clock.now())
    db.session.execute(still_at_it)  # a million ideas take longer than it takes to be given up
    placed = update(Idea).where(Idea.id == bindparam("of")).values(fair_rank=bindparam("rank"), **COUNTED_NOW)
    ranks = [{"of": one, "rank": rank} for rank, one in enumerate(idea_ids, start)]
    db.session.connection().execute(placed, ranks)


@command
@guests_may_wait
def _finish(order_id: int) -> None:
    about()
    db.session.execute(update(FairOrder).where(FairOrder.id == order_id).values(finished_at=clock.now()))
    db.session.execute(delete(FairOrder).where(FairOrder.id < order_id))
