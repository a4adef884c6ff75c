"""Who follows an old link comes to where the idea stands now; our own addresses are never given away."""

from pathlib import Path

import pytest
from flask import Flask

from app.ideas.commands import set_state
from app.ideas.models import Idea, IdeaOrigin, IdeaState
from app.kit.db import db, unit_of_work
from app.subjects.former import is_ours, path_of
from app.subjects.models import FormerAddress
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.tables import file_of, import_ideas

URLS = {
    "1": "https://alt.example/dialoge/raddialog/bänke-für-alle/",
    "2": "https://alt.example/index.php?id=17&x=%C3%A4",
    "3": "https://alt.example/ideas/990099-die-alte-idee",
    "4": "https://alt.example/login",
    "5": "https://alt.example/",
    "6": "https://alt.example/" + "x" * 1500,
    "7": "https://andere.example/dialoge/raddialog/bänke-für-alle",
}


@pytest.fixture
def there(app: Flask, cast: Cast, tmp_path: Path) -> dict[str, int]:
    """Ids of the imported ideas."""
    made = world.build(app)
    rows = [{"external_id": key, "title": f"Idee {key}", "text": "x", "source_url": url} for key, url in URLS.items()]
    done = import_ideas(app, file_of(tmp_path, rows), made.challenge)
    assert "7 imported" in done.output
    with app.app_context():
        rows = db.session.execute(db.select(IdeaOrigin.external_id, IdeaOrigin.idea_id))
        return {row.external_id: row.idea_id for row in rows}


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/dialoge/raddialog/b%C3%A4nke-f%C3%BCr-alle", "1"),
        ("/dialoge/raddialog/b%C3%A4nke-f%C3%BCr-alle/?utm_source=mail", "1"),
        ("/index.php?id=17&x=%C3%A4", "2"),
        ("/ideas/990099-die-alte-idee", "3"),
    ],
)
def test_old_links_lead_to_the_idea(client: Client, there: dict[str, int], path: str, key: str) -> None:
    for answer in (client.get(path), client.head(path)):
        assert answer.status_code == 301
        assert answer.location == f"/ideas/{there[key]}-idee-{key}"
        assert answer.headers["Cache-Control"] == "max-age=86400"


@pytest.mark.parametrize(
    "path", ["/index.php", "/index.php?id=18", "/nirgends", "/static/nirgends.css", "/%00", "/%ff"]
)
def test_other_paths_stay_what_they_are(client: Client, there: dict[str, int], path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_our_own_pages_are_never_given_away(app: Flask, client: Client, there: dict[str, int]) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/login").status_code == 200
    assert client.post("/dialoge/raddialog/bänke-für-alle").status_code == 404
    with app.app_context():
        kept = set(db.session.scalars(db.select(FormerAddress.subject_id)))
    assert kept == {there[key] for key in "123"}  # the seventh has the path of the first, which came before


def test_what_is_hidden_says_so_at_its_old_address_too(app: Flask, client: Client, there: dict[str, int]) -> None:
    with app.test_request_context(), unit_of_work():
        set_state(db.session.get_one(Idea, there["1"]), IdeaState.HIDDEN, "Verletzt die Regeln.")
    answer = client.get("/dialoge/raddialog/bänke-für-alle")
    assert answer.status_code == 410
    assert "Verletzt die Regeln." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "url", ["", "no address", "https://x.example/\0", "https://[::1", "https://x.example/" + "ä" * 600]
)
def test_an_address_without_a_path_worth_keeping_gives_none(url: str) -> None:
    assert path_of(url) in {"", "/", "/no address"}


@pytest.mark.parametrize(
    "path", ["/hubs", "/metrics?x=1", "/api/v1/ideas", "/ideas.atom", "/events.ics", "/sitemap.xml"]
)
def test_promised_addresses_are_ours_before_there_is_a_page(app: Flask, path: str) -> None:
    with app.app_context():
        assert is_ours(path)
        assert not is_ours("/altes" + path)
