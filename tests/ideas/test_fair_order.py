"""The fair order: the same chance for every idea, and a list that holds still while somebody reads it."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.ideas import commands, queries
from app.ideas.models import FairOrder, Idea, IdeaState
from app.ideas.queries import IdeaFilter
from app.kit import clock
from app.kit.actor import GUEST
from app.kit.db import db, unit_of_work
from app.kit.shuffling import SLOT_SECONDS, entry_at, entry_of, interleaved
from tests.factories import crowd_of_ideas, world
from tests.people import Cast

IDEAS, DRAWS, PAGE = 200, 10_000, 20
# Ten challenges of unequal size and the free ideas; together two hundred.
SIZES = {None: 20, 1: 60, 2: 40, 3: 25, 4: 20, 5: 15, 6: 8, 7: 5, 8: 4, 9: 2, 10: 1}
NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)


def mixed(seed: int) -> list[tuple[int, int | None]]:
    """Two hundred ideas with their challenges, in a fair order."""
    groups = [challenge for challenge, size in SIZES.items() for _ in range(size)]
    return interleaved([((one, group), group) for one, group in enumerate(groups)], Random(seed))


def first_pages(order: list[int], places: list[int], entries: Iterable[float], of: int) -> Counter[int]:
    """How often each idea of a list stands on its first page; `places` are its ideas' places among `of` in all."""
    shown: Counter[int] = Counter()
    for entry in entries:
        begin = next((n for n, place in enumerate(places) if place >= int(entry * of)), 0)
        shown.update((order * 2)[begin : begin + min(PAGE, len(order))])
    return shown


def assert_even(shown: Counter[int], order: list[int]) -> None:
    equal = sum(shown.values()) / len(order)
    worst = max(abs(shown[one] / equal - 1) for one in order)
    assert worst <= 0.15, f"{worst:.1%}"


def members(day: int) -> Iterable[float]:
    return (entry_of(1000 + person, f"2026-05-{day:02}") for person in range(DRAWS))


def guests() -> Iterable[float]:
    return (entry_at(NOON + timedelta(seconds=SLOT_SECONDS * slot)) for slot in range(DRAWS))


@pytest.mark.parametrize("readers", [members(4), guests()], ids=["members", "guests"])
def test_over_ten_thousand_draws_every_idea_has_its_share_of_the_first_page(readers: Iterable[float]) -> None:
    order = [one for one, _group in mixed(3)]
    shown = first_pages(order, list(range(IDEAS)), readers, IDEAS)
    assert sum(shown.values()) == DRAWS * PAGE
    assert_even(shown, order)


@pytest.mark.parametrize("challenge", [1, 2, 3])
def test_in_the_list_of_one_challenge_too(challenge: int) -> None:
    for seed in range(5):
        everything = mixed(seed)
        places = [place for place, (_one, group) in enumerate(everything) if group == challenge]
        order = [everything[place][0] for place in places]
        assert_even(first_pages(order, places, members(seed + 1), IDEAS), order)


def test_a_day_of_guests_is_even_as_well() -> None:
    """A day has 96 quarters of an hour; no part of the round waits for tomorrow."""
    order = [one for one, _group in mixed(3)]
    day = (entry_at(NOON + timedelta(seconds=SLOT_SECONDS * slot)) for slot in range(96))
    shown = first_pages(order, list(range(IDEAS)), day, IDEAS)
    assert min(shown[one] for one in order) >= 7
    assert max(shown.values()) <= 13


def test_members_of_a_group_stand_evenly_apart() -> None:
    order = mixed(8)
    for group, size in SIZES.items():
        places = [place for place, (_one, other) in enumerate(order) if other == group]
        gaps = [later - earlier for earlier, later in zip(places, [*places[1:], places[0] + IDEAS], strict=True)]
        assert max(gaps) <= IDEAS / size + len(SIZES) + 1


@pytest.fixture
def many(app: Flask, cast: Cast) -> list[int]:
    """The ids of two hundred public ideas."""
    with app.test_request_context():
        crowd_of_ideas.fill(IDEAS + 5, people=10, challenges=8)
        commands.mix_fair_order(Random(1))
        with unit_of_work(writes=False):
            public = Idea.state == IdeaState.PUBLISHED.value
            ids = list(db.session.scalars(select(Idea.id).where(public).order_by(Idea.id)))
    assert len(ids) == IDEAS
    return ids


def publish(number: int) -> int:
    text = world.idea_text(f"Idee Nummer {number}")
    return commands.submit_idea(text, by=world.person("anton"), moderate_new=False).id


def walk(reader: Any, meanwhile: Any = None) -> list[int]:
    """Every idea on every page, in the order somebody sees them."""
    seen: list[int] = []
    after: str | None = None
    while True:
        page = queries.list_ideas(IdeaFilter(), sort="fair", after=after, reader=reader)
        assert not page.began_anew
        seen += [idea.id for idea in page.items]
        if page.after is None:
            return seen
        after = page.after
        if meanwhile:
            meanwhile()


def test_paging_shows_each_idea_once_while_others_are_published(app: Flask, many: list[int]) -> None:
    numbers = iter(range(1000, 2000))

    def somebody_publishes() -> None:
        publish(next(numbers))

    for person in (0, 7, 8, 9):
        reader = SimpleNamespace(id=person) if person else GUEST
        with app.test_request_context(), unit_of_work():
            seen = walk(reader, somebody_publishes)
        assert len(seen) == len(set(seen))
        assert set(many) <= set(seen)


def test_paging_goes_on_over_midnight_and_the_quarter_hour(app: Flask, many: list[int]) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        with clock.at(NOON):
            first = queries.list_ideas(IdeaFilter(), sort="fair")
        with clock.at(NOON + timedelta(days=1, minutes=20)):
            seen = {idea.id for idea in first.items}
            second = queries.list_ideas(IdeaFilter(), sort="fair", after=first.after)
            anew = queries.list_ideas(IdeaFilter(), sort="fair")
        assert not seen & {idea.id for idea in second.items}
        assert seen != {idea.id for idea in anew.items}


def test_the_same_reader_sees_the_same_page_all_day_and_another_sees_another(app: Flask, many: list[int]) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        pages = []
        for person, hours in ((3, 0), (3, 9), (4, 0), (3, 24)):
            with clock.at(NOON + timedelta(hours=hours)):
                page = queries.list_ideas(IdeaFilter(), sort="fair", reader=SimpleNamespace(id=person))  # type: ignore[arg-type]
                pages.append([idea.id for idea in page.items])
    assert pages[0] == pages[1]
    assert pages[0] != pages[2]
    assert pages[0] != pages[3]


def test_a_page_of_yesterdays_order_begins_anew_and_says_so(app: Flask, client: Any, many: list[int]) -> None:
    address = client.page("/ideas?sort=fair").select("a[rel=next]")[0].get("href")
    with app.test_request_context(), clock.at(clock.now() + timedelta(days=1)):
        commands.mix_fair_order()
    page = client.page(address)
    assert "neu gemischt" in page.text
    assert len(page.select(".idea-card")) == PAGE


def test_the_order_is_mixed_once_a_day_and_stays_dense(app: Flask, many: list[int]) -> None:
    def ranks() -> list[int]:
        with unit_of_work(writes=False):
            public = Idea.state == IdeaState.PUBLISHED.value
            return list(db.session.scalars(select(Idea.fair_rank).where(public).order_by(Idea.id)))

    with app.test_request_context():
        before = ranks()
        commands.mix_fair_order()
        assert ranks() == before
        with clock.at(clock.now() + timedelta(days=1)):
            commands.mix_fair_order()
        assert ranks() != before
        assert sorted(ranks()) == list(range(IDEAS))
        with unit_of_work(writes=False):
            assert len(db.session.scalars(select(FairOrder)).all()) == 1


def test_mixing_that_was_killed_is_done_again(app: Flask, many: list[int]) -> None:
    with app.test_request_context(), clock.at(clock.now() + timedelta(days=1)):
        with unit_of_work():
            db.session.add(FairOrder(day=clock.today(), began_at=clock.now()))
        commands.mix_fair_order()
        with unit_of_work(writes=False):
            assert queries.list_ideas(IdeaFilter(), sort="fair", after=None).after
            assert db.session.scalar(select(FairOrder.finished_at).order_by(FairOrder.id.desc())) is None
        with clock.at(clock.now() + timedelta(minutes=11)):
            commands.mix_fair_order()
        with unit_of_work(writes=False):
            assert db.session.scalar(select(FairOrder.finished_at).order_by(FairOrder.id.desc())) is not None


def test_an_idea_that_comes_back_keeps_its_place(app: Flask, many: list[int]) -> None:
    with app.test_request_context(), unit_of_work():
        idea = db.session.get(Idea, many[50])
        assert idea is not None
        rank = idea.fair_rank
        commands.set_state(idea, IdeaState.HIDDEN, "")
        commands.set_state(idea, IdeaState.PUBLISHED, "")
        assert idea.fair_rank == rank
        idea.fair_rank = 5000
        commands.set_state(idea, IdeaState.HIDDEN, "")
        commands.set_state(idea, IdeaState.PUBLISHED, "")
        assert idea.fair_rank == IDEAS
