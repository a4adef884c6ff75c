"""How many SQL statements the main pages send, pinned: for a guest and for a member, with the demo content."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.ideas.commands import submit_idea
from app.ideas.models import Idea, IdeaState
from app.kit import pipeline
from app.kit.db import db, unit_of_work
from app.organisations.models import Membership
from app.places.queries import place_by_ags
from tests.client import Client
from tests.factories.world import idea_text, person
from tests.people import Cast
from tests.support.queries import counted, statements

# The same for a guest and for a member: what stands around a page comes with the reader.
PAGES = {
    "/": 18,
    "/ideas": 4,
    "/ideas?view=map": 5,
    "/ideas?sort=supported&status=in_discussion&topic=mobility": 5,
    "/challenges": 5,
    "/projects": 5,
    "/activity": 4,
    "/search?q=bus": 5,
    "/ideas/new": 7,
    "/privacy": 2,
    "idea": 6,
    "challenge": 18,
    "project": 13,
    "/organisations": 6,
    "organisation": 10,
}


@pytest.fixture
def demo(app: Flask, cast: Cast) -> dict[str, str]:
    """Addresses of pages with content."""
    done = app.test_cli_runner().invoke(args=["demo", "load"])
    assert done.exit_code == 0, done.output
    client = app.test_client()
    assert isinstance(client, Client)
    return {
        "idea": client.page("/ideas?sort=discussed").select(".idea-card h3 a")[0].get("href"),
        "challenge": client.page("/challenges").select(".challenge-card h3 a")[0].get("href"),
        "project": client.page("/projects").select(".card h3 a")[0].get("href"),
        "organisation": client.page("/organisations").select(".organisation-card h3 a")[1].get("href"),
    }


# For everybody: guests, members, people of an organisation, moderators.
MOST_OF_A_LIST, MOST_OF_AN_IDEA = 6, 8
LISTS = (
    "/ideas",
    "/ideas?view=map&sort=fair",
    "/ideas?sort=supported&status=in_discussion&topic=mobility",
    "/ideas?view=map&place={place}&stage=thought&topic=mobility&by=person",
    "/ideas.atom",
    "/ideas?q=bus",
    "/ideas?q=fahrad&sort=fair",
    "/ideas?q=kinder bsu&topic=mobility",
    "/search?q=bus",
    "/search?q=fahrad",
    "/search?q=kinder bsu",
    "/search?q=weg&kind=idea&topic=mobility",
    "/search?q=quietschomat&kind=project",
    "/ideas/similar?title=Ein sicherer Radwge zur Schule",
    "/challenges",
    "/projects",
    "/organisations",
    "/activity",
)


def test_main_pages_send_the_pinned_number_of_statements(app: Flask, cast: Cast, demo: dict[str, str]) -> None:
    guest, member = app.test_client(), app.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    sent = {}
    for page in PAGES:
        address = demo.get(page, page)
        sent[page] = tuple(counted(app, lambda: client.get(address)) for client in (guest, member))  # noqa: B023
    assert sent == {page: (count,) * 2 for page, count in PAGES.items()}


def test_lists_and_ideas_take_few_statements_whoever_reads(app: Flask, cast: Cast, demo: dict[str, str]) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        public = select(Idea.id, Idea.slug).where(Idea.state == IdeaState.PUBLISHED.value)
        ideas = [f"/ideas/{row.id}-{row.slug}" for row in db.session.execute(public)]
        place = place_by_ags("14522")
        assert place is not None
        within = place.id
        people = db.session.scalars(select(User).join(Membership, Membership.person_id == User.id).limit(2)).unique()
        keys = [None, cast.mara.key, cast.ruth.key, *(one.fs_uniquifier for one in people)]
    for key in keys:
        client = app.test_client()
        assert isinstance(client, Client)
        if key:
            client.become(key)
        for address in LISTS:
            seen = statements(app, lambda: client.get(address.format(place=within)))  # noqa: B023
            assert len(seen) <= MOST_OF_A_LIST, (address, key, seen)
        for address in ideas:
            seen = statements(app, lambda: client.get(address))  # noqa: B023
            assert len(seen) <= MOST_OF_AN_IDEA, (address, key, seen)


def test_sqlite_plans_no_statement_about_ideas_anew_for_other_values(
    app: Flask, cast: Cast, demo: dict[str, str]
) -> None:
    """As it does where a value decides about a partial index, or stands behind LIKE by itself."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        return
    guest, member = app.test_client(), app.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    with app.app_context():
        db.engine.dispose()  # what was asked while the demo was loaded
    for page in (*(one for one in LISTS if one.startswith(("/ideas", "/search"))), demo["idea"]):
        address = page.format(place=1)
        for client in (guest, member, guest, member):
            client.get(address)
        with app.app_context(), db.engine.connect() as connection:
            anew = connection.exec_driver_sql("SELECT sql FROM sqlite_stmt WHERE reprep > 0").scalars().all()
        assert not anew, page


@pytest.mark.on("postgresql")
def test_reading_goes_to_postgresql_few_times_and_begins_no_transaction(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A way for the reader, one for the page, one for what it told that it would ask; none for BEGIN or COMMIT.

    A list asks for what there is to filter by, ids and cards; of the first members share the piece where it is kept.
    """
    with app.test_request_context(), unit_of_work():
        idea = submit_idea(idea_text("Ein Dach"), by=person("anton"))
        page = f"/ideas/{idea.id}-{idea.slug}"
    ways, there_and_back = [], pipeline._there_and_back

    def note(psycopg: Any, pgconn: Any, commands: list[Any]) -> Any:
        ways.append(len(commands))
        return there_and_back(psycopg, pgconn, commands)

    monkeypatch.setattr(pipeline, "_there_and_back", note)
    for key, most in ((None, {page: 2, "/ideas": 3}), (cast.mara.key, {page: 3, "/ideas": 4})):
        client = app.test_client()
        assert isinstance(client, Client)
        if key:
            client.become(key)
        for address, times in most.items():
            for _ in range(4):  # until all is prepared
                del ways[:]
                assert client.get(address).status_code == 200
            assert 0 < len(ways) <= times, (address, key, ways)
