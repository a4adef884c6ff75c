"""How many SQL statements the main pages send, pinned: for a guest and for a member, with the demo content."""

import pytest
from flask import Flask

from app.kit.db import is_sqlite
from tests.client import Client
from tests.people import Cast
from tests.support.queries import counted

# address: statements for a guest, for a member
PAGES = {
    "/": (35, 37),
    "/ideas": (8, 11),
    "/ideas?view=map": (11, 13),
    "/ideas?sort=supported&status=in_discussion&topic=mobility": (9, 11),
    "/challenges": (5, 6),
    "/projects": (4, 5),
    "/activity": (21, 22),
    "/search?q=bus": (8, 9),
    "/ideas/new": (6, 8),
    "/privacy": (1, 2),
    "idea": (22, 25),
    "challenge": (21, 25),
    "project": (17, 19),
    "/organisations": (5, 6),
    "organisation": (9, 12),
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


# PostgreSQL is asked how common the words are, of whole words and of compounds, before a plan is chosen.
PLANNED = {"/search?q=bus": (2, 2)}
# Every page asks once which look of the operator's holds.
LOOK = (1, 1)


def test_main_pages_send_the_pinned_number_of_statements(app: Flask, cast: Cast, demo: dict[str, str]) -> None:
    guest, member = app.test_client(), app.test_client()
    assert isinstance(member, Client)
    member.become(cast.mara.key)
    sent = {}
    for page in PAGES:
        address = demo.get(page, page)
        sent[page] = tuple(counted(app, lambda: client.get(address)) for client in (guest, member))  # noqa: B023
    with app.app_context():
        planned = {} if is_sqlite() else PLANNED
    more = {page: zip(PAGES[page], planned.get(page, (0, 0)), LOOK, strict=True) for page in PAGES}
    assert sent == {page: tuple(map(sum, counts)) for page, counts in more.items()}
