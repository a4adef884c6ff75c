"""A hundred thousand ideas: every filter in every order, at any depth, visits at most two thousand rows."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.ideas.queries.fair import Place as FairPlace
from app.kit.paging import write_key
from tests.conftest import release
from tests.factories import crowd_of_ideas
from tests.factories.crowd_of_ideas import BEGAN, Crowd
from tests.support.plans import noting, visitor

IDEAS = 100_000
MOST_ROWS = 2000
# Statements of a page: topic, places within, the fair round, two stretches, their number, the cards; topics, places,
# challenges (and one that is not among the newest). The map asks for its points besides.
MOST_STATEMENTS = {"list": 12, "map": 18, "json": 8}
SORTS = ("newest", "supported", "discussed", "active", "fair")
STATUSES = ("in_discussion", "realised", "not_pursued")


def filters(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """Every single filter, frequent and rare values, and the largest and a small challenge with each other one."""
    alone: list[dict[str, Any]] = [{"topic": "mobility"}, {"topic": "culture"}]
    alone += [
        {"place": one} for one in (crowd.municipalities[0], crowd.municipalities[9], *crowd.districts[:2], crowd.region)
    ]
    alone += [{"status": one} for one in STATUSES] + [{"stage": one} for one in ("thought", "tried")]
    alone += [{"by": one} for one in ("person", "organisation", "brought")] + [
        {"needs": one} for one in ("money", "rooms")
    ]
    yield {}
    yield from alone
    for challenge in (crowd.challenges[0], crowd.challenges[-1]):
        yield {"challenge": challenge}
        yield from ({"challenge": challenge} | one for one in alone)
    yield {"topic": "mobility", "status": "realised", "stage": "tried"}
    yield {"challenge": crowd.challenges[0], "place": crowd.districts[0], "needs": "money", "by": "organisation"}


class Looking:
    """Opens pages, and keeps the most that any of them took."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client, self.visited = app, app.test_client(), visitor()
        self.most = dict.fromkeys(("rows", *MOST_STATEMENTS), 0)
        self.pages = 0

    def at(self, kind: str, /, **arguments: Any) -> str:
        """Open a list; returns its HTML."""
        address = "/ideas/map.json" if kind == "json" else "/ideas"
        with noting(self.app) as statements:
            answer = self.client.get(address, query_string=arguments | ({"view": "map"} if kind == "map" else {}))
        assert answer.status_code == 200, arguments
        self.pages += 1
        self.most[kind] = max(self.most[kind], len(statements))
        for statement in statements:
            rows, plan = self.visited(statement)
            self.most["rows"] = max(self.most["rows"], rows)
            assert rows <= MOST_ROWS, (arguments, rows, statement[0][:900], plan[:4000])
        assert len(statements) <= MOST_STATEMENTS[kind], (arguments, [one[0][:90] for one in statements])
        return answer.text


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
        seeded = time.monotonic() - began
        looking = Looking(big_app)
        for arguments in filters(crowd):
            for sort in SORTS:
                first = looking.at("list", **arguments, sort=sort)
                if further := re.search(r'rel="next" href="[^"]*after=([\w-]+)', first):
                    looking.at("list", **arguments, sort=sort, after=further[1])
                looking.at("list", **arguments, sort=sort, after=deep(sort))
            looking.at("map", **arguments)
            looking.at("json", **arguments)
    record_property("figures", f"seeded in {seeded:.0f} s; {looking.pages} pages, at most {looking.most}")


def deep(sort: str) -> str:
    """A key in the middle of everything, or among the many ideas that nobody has commented."""
    middle = IDEAS // 2
    if sort == "fair":
        return FairPlace(0, middle, 100, middle).key
    moment = BEGAN + timedelta(minutes=20 * middle)
    values = {"newest": moment, "active": moment, "supported": 2, "discussed": 0}
    return write_key([values[sort], middle])
