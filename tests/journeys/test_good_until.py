"""Every page a guest may see says until when it is true: made again just before that, it reads the same.

A page shows something of the clock and does not say so? Then one of these moments finds it. Ask `kit.clock` with
`has_come`, `today` or `good_until`; `now()` alone gives a page a minute.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.kit import clock
from app.kit.guest_pages import LONGEST_SECONDS, NOTE, Note
from tests.client import Client
from tests.conftest import House, release

pytestmark = pytest.mark.on("sqlite")
EACH = 6
LONGEST = timedelta(seconds=LONGEST_SECONDS)
INSTANT = timedelta(milliseconds=1)
# From the moment the demo is loaded until all of it is over a month old, around changes of minutes, hours, days. And
# the evening on which a crowd wrote, when all of the demo is still to come.
MOMENTS: list[timedelta | datetime] = [
    timedelta(seconds=1),
    timedelta(minutes=44, seconds=31),
    timedelta(hours=11, minutes=59),
    timedelta(days=13, hours=23),
    timedelta(days=120),
    datetime(2023, 10, 20, 21, 40, tzinfo=UTC),
]
GUESSING = {"home.index", "challenges.index", "organisations.show"}
"""Pages that live for a minute, because a statement of theirs asks what is open at the moment."""

BESIDE = """/ideas /ideas?sort=fair /ideas?q=bank /ideas?view=map /ideas.atom /ideas.atom?topic=mobility&place=12
/ideas/map.json /ideas/similar?title=Eine+Bank+zum+Reden /search?q=bank /search/suggestions?q=ba /activity /sitemap.xml
/sitemap-pages.xml /sitemap-0.xml /places/outlines/districts.json /offline /manifest.webmanifest""".split()


@pytest.fixture(scope="module")
def filled(house: Callable[[str], House]) -> Iterator[Flask]:
    """The demo, and some of a crowd."""
    home = house("sqlite")
    app = home.make_app(home.databases.copy("clocked"), LOG_LEVEL="ERROR")
    crowd = "seed --ideas 60 --people 20 --supports 100 --comments 60".split()
    for words in (["demo", "load"], crowd):
        app.test_cli_runner().invoke(args=words, catch_exceptions=False)
    yield app
    release(app)


@pytest.fixture(scope="module")
def addresses(filled: Flask) -> dict[str, list[str]]:
    """Addresses whose answers may be kept for guests, some of each route."""
    client, routes = guest(filled), filled.url_map.bind("localhost")
    listed = client.get("/sitemap-0.xml").text + client.get("/sitemap-pages.xml").text
    public = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", listed)
    named = [client.get(page).text for page in ("/activity", *random.Random(4).sample(public, 40))]
    found: dict[str, list[str]] = defaultdict(list)
    for address in [*BESIDE, *random.Random(5).sample(public, len(public)), *further(public, "".join(named))]:
        endpoint = routes.match(address.partition("?")[0])[0]
        if len(found[endpoint]) < EACH and made(client, address, "de")[2].keep:
            found[endpoint].append(address)
    return {endpoint: some for endpoint, some in found.items() if some}


def further(public: list[str], pages: str) -> Iterator[str]:
    """What no sitemap lists: people, and what there may be beside the page of a thing."""
    yield from sorted(set(re.findall(r'"(/people/[^"?#]+)"', pages)))
    for number in sorted(set(re.findall(r"/comments/(\d+)", pages))):
        yield f"/comments/{number}/thread"
    for page in public:
        if thing := re.match(r"/(ideas|challenges|projects)/(\d+)", page):
            yield f"/subjects/{thing[2]}/comments"
            for name in {"challenges": ("news", "outcomes"), "projects": ("updates",)}.get(thing[1], ()):
                yield f"{thing[0]}/{name}"


def guest(app: Flask) -> Client:
    client = app.test_client(use_cookies=False)
    assert isinstance(client, Client)
    return client


def made(client: Client, address: str, language: str) -> tuple[bytes, datetime | None, Note]:
    """A page as it is made now, until when it says it is true, and what else it says."""
    note = Note()
    asking = {"headers": {"Accept-Language": language}, "environ_overrides": {NOTE: note}}
    with clock.noting() as span, client.open(address, **asking) as answer:
        return answer.data, span.end, note


def test_every_route_that_is_kept_for_guests_is_looked_at(filled: Flask, addresses: dict[str, list[str]]) -> None:
    views = filled.view_functions
    kept = {endpoint for endpoint, view in views.items() if getattr(view, "is_kept_for_guests", False)}
    assert kept - set(addresses) == set()


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_page_stays_as_it_is_until_the_moment_it_names(
    filled: Flask, addresses: dict[str, list[str]], moment: timedelta | datetime
) -> None:
    begin = moment if isinstance(moment, datetime) else datetime.now(UTC) + moment
    client, dice, wrong, short = guest(filled), random.Random(str(moment)), [], set()
    for endpoint, some in addresses.items():
        for number, address in enumerate(some):
            language = "en" if number % 2 else "de"
            with time_machine.travel(begin, tick=False):
                first, end, _note = made(client, address, language)
            last = min(end or begin + LONGEST, begin + LONGEST)
            if last == begin + clock.GUESSED:
                short.add(endpoint)
            for later in (last - INSTANT, begin + dice.random() * (last - begin)):
                with time_machine.travel(later, tick=False):
                    if made(client, address, language)[0] != first:
                        wrong.append(f"{address} of {begin} differs at {later}, though it names {end}")
    assert wrong == [], "\n".join(wrong)
    assert short <= GUESSING
