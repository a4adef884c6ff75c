"""A hundred thousand ideas: every filter in every order, at any depth, visits at most two thousand rows."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from flask import Flask

from app.ideas import queries
from app.ideas.queries import IdeaFilter
from app.ideas.queries.fair import Place as FairPlace
from app.ideas.queries.hints import similar_ideas
from app.kit.actor import GUEST
from app.kit.db import unit_of_work
from app.kit.paging import write_key
from tests.conftest import release
from tests.factories import crowd_of_ideas
from tests.factories.crowd_of_ideas import BEGAN, Crowd
from tests.support.plans import noting, visitor

IDEAS = 100_000
MOST_ROWS = 2000
# The search has limits of its own (tests/search): PostgreSQL's index finds its few hundred among some thousands.
MOST_ROWS_FOUND = 40_000
# A list: the places within one, which of several filters is the narrowest, the ideas of a page in their order, how
# many fit, what their cards show; on the map the points. A page: what there is to filter by (and the places
# within), besides.
MOST_STATEMENTS = {"list": 5, "mapped": 5, "map": 4, "page": 6, "words": 4, "hints": 3}
WORDS = ("Straße", "Kinder", "werkstatt", "Menschen Stadt", "Gartenpaten", "„Platz Weg“", "quietschomat")
TITLES = (
    "Ein sicherer Radweg für Kinder",
    "Fahrradwerkstatt und Menschen für Straße",
    "Menschen Stadt Leben Platz",
    "Gartenpatenn gesucht",
    "Quietschomat",
    "Bücherei",
)


def filters(crowd: Crowd) -> Iterator[IdeaFilter]:
    """Every single filter, frequent and rare values, and the largest and a small challenge with each other one."""
    few: list[dict[str, Any]] = [{"topic_id": one} for one in (crowd.topics[0], crowd.topics[-1])]
    places = (crowd.municipalities[0], crowd.municipalities[9], *crowd.districts[:2], crowd.region)
    few += [{"place_id": one} for one in places]
    few += [{"status": one} for one in ("in_discussion", "not_pursued")]
    few += [{"stage": one} for one in ("thought", "tried")] + [{"need": one} for one in ("money", "rooms")]
    few += [{"kind": one} for one in ("person", "organisation", "brought")]
    for challenge in (None, crowd.challenges[0], crowd.challenges[-1]):
        for one in ({}, *few):
            yield IdeaFilter(challenge_id=challenge, **one)
    yield IdeaFilter(topic_id=crowd.topics[0], status="not_pursued", stage="tried")
    yield IdeaFilter(challenge_id=crowd.challenges[0], place_id=crowd.districts[0], need="money", kind="organisation")


class Looking:
    """Asks for lists, and keeps the most that any of them took."""

    def __init__(self, app: Flask) -> None:
        self.app, self.visited = app, visitor()
        self.most = dict.fromkeys(("rows", "found", *MOST_STATEMENTS), 0)
        self.asked = 0

    def at(self, kind: str, act: Callable[[], Any], what: object) -> Any:
        """What an act answers; each statement it sends is looked at."""
        with noting(self.app) as statements, unit_of_work(writes=False):
            answer = act()
        self.asked += 1
        self.most[kind] = max(self.most[kind], len(statements))
        assert len(statements) <= MOST_STATEMENTS[kind], (what, [one[0][:90] for one in statements])
        for statement in statements:
            rows, plan = self.visited(statement)
            counted = "found" if kind == "words" else "rows"
            self.most[counted] = max(self.most[counted], rows)
            most = MOST_ROWS_FOUND if kind == "words" else MOST_ROWS
            assert rows <= most, (kind, what, rows, statement[0][:900], plan[:4000])
        return answer


@pytest.fixture
def big_app(database_kind: str, house: Callable[[str], Any]) -> Iterator[Flask]:
    """An application with a database of its own."""
    home = house(database_kind)
    app = home.make_app(home.databases.copy("crowd"))
    yield app
    release(app)


def test_no_list_of_a_hundred_thousand_ideas_visits_more_than_two_thousand_rows(
    big_app: Flask, record_property: Callable[[str, object], None]
) -> None:
    with big_app.test_request_context():
        began = time.monotonic()
        crowd = crowd_of_ideas.fill(IDEAS)
        seeded, looking = time.monotonic() - began, Looking(big_app)
        for chosen in filters(crowd):
            for sort in queries.SORTS:
                first = looking.at("list", partial(queries.list_ideas, chosen, sort=sort), (chosen, sort))
                assert first.items or first.is_short, (chosen, sort)
                for after in (first.after, deep(sort)):
                    further = partial(queries.list_ideas, chosen, sort=sort, after=after)
                    looking.at("list", further, (chosen, sort, after))
            looking.at("map", partial(queries.points, chosen, sort="newest", reader=GUEST), chosen)
            for sort in queries.SORTS:
                looking.at("mapped", partial(queries.on_map, chosen, sort=sort), (chosen, sort))
        for words, sort in product(WORDS, queries.SORTS):
            wanted = IdeaFilter(words=words)
            looking.at("words", partial(queries.list_ideas, wanted, sort=sort), (words, sort))
        for title in TITLES:
            looking.at("hints", partial(similar_ideas, GUEST, title), title)
        client = big_app.test_client()
        for address in (
            "/ideas",
            f"/ideas?view=map&place={crowd.districts[0]}&sort=fair",
            "/ideas/map.json?needs=rooms",
        ):
            assert looking.at("page", partial(client.get, address), address).status_code == 200
    record_property("figures", f"seeded in {seeded:.0f} s; {looking.asked} lists, at most {looking.most}")


def deep(sort: str) -> str:
    """A key in the middle of everything, or among the many ideas that nobody has commented."""
    middle = IDEAS // 2
    if sort == "fair":
        return FairPlace(0, middle, 100, middle).key
    moment = BEGAN + timedelta(minutes=20 * middle)
    values = {"newest": moment, "active": moment, "supported": 2, "discussed": 0}
    return write_key([values[sort], middle])
