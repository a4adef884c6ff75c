"""Lists of ideas: every filter and order, what the address says, the map and the table."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from flask import Flask

from app.ideas import commands, jobs, queries
from app.ideas.models import Idea, IdeaStage, IdeaStatus, Need
from app.ideas.queries import IdeaFilter, ranges
from app.kit import counters
from app.kit.actor import GUEST
from app.kit.changes import Changes
from app.kit.db import db, unit_of_work
from app.kit.jobs import run_now_and_then
from app.places.queries import place_by_ags
from tests.client import Client
from tests.factories import crowd_of_ideas, world
from tests.factories.crowd_of_ideas import Crowd
from tests.people import Cast, Person

FILTERS = ("status", "stage", "kind", "need", "topic_id", "place_id", "challenge_id")


@pytest.fixture
def crowd(app: Flask, cast: Cast) -> Crowd:
    """Three hundred ideas of every kind, six of them hidden."""
    with app.test_request_context():
        return crowd_of_ideas.fill(300, people=10, challenges=5)


def everything(chosen: IdeaFilter, sort: str = "newest") -> list[Idea]:
    """All ideas of a list, page by page."""
    found: list[Idea] = []
    after: str | None = None
    while True:
        page = queries.list_ideas(chosen, sort=sort, after=after)
        found += page.items
        if page.after is None:
            return found
        after = page.after


def fits(idea: Idea, chosen: IdeaFilter) -> bool:
    """What a filter means, said once more without any index."""
    place = idea.place
    around = {place.id, place.parent_id, place.parent.parent_id if place.parent else None} if place else set()
    return all(
        (
            idea.state == "published",
            not chosen.challenge_id or idea.challenge_id == chosen.challenge_id,
            not chosen.topic_id or idea.topic_id == chosen.topic_id,
            not chosen.place_id or chosen.place_id in around,
            not chosen.status or idea.status == chosen.status,
            not chosen.stage or idea.stage == chosen.stage,
            not chosen.kind or idea.author_kind == chosen.kind,
            not chosen.need or bool(idea.needs & Need[chosen.need.upper()]),
        )
    )


def test_every_filter_and_order_shows_exactly_what_fits(app: Flask, crowd: Crowd) -> None:
    wanted = [IdeaFilter(), IdeaFilter(place_id=crowd.region), IdeaFilter(challenge_id=10**9)]
    wanted += [IdeaFilter(status=one) for one in IdeaStatus] + [IdeaFilter(stage=one) for one in IdeaStage]
    wanted += [IdeaFilter(kind=one) for one in ("person", "organisation", "brought")]
    wanted += [IdeaFilter(need=one.key) for one in Need]
    wanted += [IdeaFilter(topic_id=crowd.topics[0], place_id=crowd.districts[0], status="in_discussion")]
    wanted += [
        IdeaFilter(challenge_id=crowd.challenges[0], **one) for one in ({}, {"need": "time"}, {"kind": "person"})
    ]
    wanted += [IdeaFilter(challenge_id=crowd.challenges[0], topic_id=crowd.topics[0], stage="thought", kind="person")]
    with app.test_request_context(), unit_of_work(writes=False):
        ideas = db.session.scalars(db.select(Idea)).unique().all()
        for chosen in wanted:
            true = {idea.id for idea in ideas if fits(idea, chosen)}
            for sort in queries.SORTS:
                shown = [idea.id for idea in everything(chosen, sort)]
                assert len(shown) == len(set(shown)), (chosen, sort)
                assert set(shown) == true, (chosen, sort)
            page = queries.list_ideas(chosen)
            assert (page.total, page.is_more) == (len(true), False)


@pytest.mark.parametrize(
    ("sort", "column"),
    [
        ("newest", "published_at"),
        ("supported", "supporters_count"),
        ("discussed", "comments_count"),
        ("active", "changed_at"),
    ],
)
def test_the_greatest_stands_first(app: Flask, crowd: Crowd, sort: str, column: str) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        shown = [(getattr(idea, column), idea.id) for idea in everything(IdeaFilter(need="money"), sort)]
    assert shown
    assert all(earlier > later for earlier, later in pairwise(shown))


def test_a_list_that_needs_several_windows_goes_on_where_one_ended(
    app: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ideas.queries.walking.WINDOW", 40)
    chosen = IdeaFilter(topic_id=crowd.topics[0], status="in_discussion", kind="person")
    with app.test_request_context(), unit_of_work(writes=False):
        ideas = db.session.scalars(db.select(Idea)).unique().all()
        true = {idea.id for idea in ideas if fits(idea, chosen)}
        first = queries.list_ideas(chosen)
        assert first.is_short
        assert first.is_more
        for sort in queries.SORTS:
            assert {one.id for one in everything(chosen, sort)} == true


def test_words_and_filters_go_together(app: Flask, cast: Cast, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        anton = world.person("anton")
        for number in range(30):
            text = world.idea_text(f"Bank im Park {number}", needs=4 if number % 2 else 0)
            commands.submit_idea(text, by=anton, moderate_new=False)
        commands.submit_idea(world.idea_text("Ein Brunnen", needs=4), by=anton, moderate_new=False)
    page = client.page("/ideas?q=bank&needs=rooms&sort=supported")
    assert "15 Ideen für „bank“" in " ".join(page.text.split())
    assert len(client.page("/ideas?q=bank").select(".idea-card")) == 20
    more = client.page(client.page("/ideas?q=bank").select("a[rel=next]")[0].get("href"))
    assert len(more.select(".idea-card")) == 10
    assert "Keine Idee" in client.page("/ideas?q=quietschomat").text


def test_what_is_chosen_can_be_taken_away_one_by_one_and_shared(client: Client, crowd: Crowd) -> None:
    page = client.page(f"/ideas?status=in_discussion&needs=money&topic=mobility&place={crowd.districts[0]}&stage=&q=")
    chips = [" ".join(chip.split()) for chip in page.texts(".chip-set")]
    assert [chip.removeprefix("Filter entfernen: ").split(":")[0] for chip in chips] == [
        "Handlungsfeld", "Ort", "Stand", "Braucht Hilfe mit",
    ]  # fmt: skip
    without = page.select(".chip-set")[2].get("href")
    assert "status=&" in without
    shared = page.select("#auswahl-link")[0].get("value")
    assert shared.endswith(f"/ideas?topic=mobility&place={crowd.districts[0]}&status=in_discussion&needs=money")
    again = client.page(shared.partition("localhost")[2] or shared)
    assert again.texts(".idea-card h3") == page.texts(".idea-card h3")


ODD = "status=odd sort=odd stage=%00x needs=16 by=nobody place=99999999999999999999 after=%25 after=W10 view=x"


@pytest.mark.parametrize("odd", ODD.split())
def test_an_address_nobody_made_shows_the_whole_list(client: Client, crowd: Crowd, odd: str) -> None:
    if "%00" in odd:
        assert client.get(f"/ideas?{odd}").status_code == 400
    else:
        assert len(client.page(f"/ideas?{odd}").select(".idea-card")) == 20


def test_a_challenges_list_is_fair_unless_somebody_chooses(client: Client, crowd: Crowd) -> None:
    def order(address: str) -> str:
        return client.page(address).select("#filter-sort option[selected]")[0].get("value")

    assert order("/ideas") == "newest"
    assert order(f"/ideas?challenge={crowd.challenges[0]}") == "fair"
    assert order(f"/ideas?challenge={crowd.challenges[0]}&sort=newest") == "newest"


def test_the_map_shows_what_the_list_shows(app: Flask, client: Client, crowd: Crowd) -> None:
    with app.test_request_context(), unit_of_work():
        anton, place = world.person("anton"), place_by_ags("14612000")
        assert place is not None
        here = world.idea_text("Genau hier", place_id=place.id, point=(51.05, 13.74), needs=8)
        there = world.idea_text("Irgendwo in Dresden", place_id=place.id, needs=8)
        exact, vague = (commands.submit_idea(text, by=anton, moderate_new=False).id for text in (here, there))
        town, middle = place.id, (place.lat, False)
    answer = client.get(f"/ideas/map.json?place={town}&sort=newest").json
    points = {one["id"]: one for one in answer["ideas"]}
    assert (points[exact]["lat"], points[exact]["lon"], points[exact]["exact"]) == (51.05, 13.74, True)
    assert (points[vague]["lat"], points[vague]["exact"]) == middle
    page = client.page(f"/ideas?view=map&place={town}")
    assert {int(row.get("data-idea")) for row in page.select("[data-idea]")} <= set(points)
    assert f"Die Karte zeigt {len(points)} Ideen." in " ".join(page.text.split())
    assert page.select("svg.map a title")
    assert page.texts(".district-list li") == [f"Dresden {len(points)}"]


def test_ideas_without_a_place_stand_in_the_list_and_the_map_says_so(client: Client, app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        commands.submit_idea(world.idea_text("Überall gut"), by=world.person("anton"), moderate_new=False)
    page = client.page("/ideas?view=map")
    assert "Eine hat keinen Ort und steht nur in der Liste." in page.text
    assert len(page.select("[data-idea]")) == 1
    assert client.get("/ideas/map.json").json == {"ideas": []}


def test_the_map_says_that_it_shows_the_first_five_hundred(app: Flask, client: Client, cast: Cast) -> None:
    with app.test_request_context():
        crowd_of_ideas.fill(900, people=5, challenges=3)
    page = client.page("/ideas?view=map")
    assert "Die Karte zeigt die ersten" in page.text
    assert len(client.get("/ideas/map.json").json["ideas"]) <= 500
    shown = [int(row.get("data-idea")) for row in page.select("[data-idea]")]
    while page.select("#karte"):
        page = client.page(page.select("a[rel=next]")[0].get("href"))
        shown += [int(row.get("data-idea")) for row in page.select("[data-idea]")]
    assert len(shown) == len(set(shown)) == 500
    assert "Ab hier geht es als Liste weiter." in page
    assert len(page.select(".idea-card")) == 20


@pytest.mark.parametrize("level", ["districts", "municipalities"])
def test_outlines_come_from_here_and_are_kept(client: Client, level: str) -> None:
    answer = client.get(f"/places/outlines/{level}.json")
    assert answer.mimetype == "application/geo+json"
    assert answer.json["features"]
    assert "max-age" in answer.headers["Cache-Control"]
    assert client.get("/places/outlines/streets.json").status_code == 404


def test_the_table_holds_what_the_list_shows_and_no_formulas(app: Flask, client: Client, crowd: Crowd) -> None:
    with app.test_request_context(), unit_of_work():
        text = world.idea_text("=HYPERLINK(1)", stage="tried", needs=5, summary='@böse; "Zitat"')
        commands.submit_idea(text, by=world.person("anton"), moderate_new=False)
    answer = client.get("/ideas.csv?stage=tried&sort=newest")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert (rows[0]["Titel"], rows[0]["In einem Satz"]) == ("'=HYPERLINK(1)", '\'@böse; "Zitat"')
    assert (rows[0]["Wie weit"], rows[0]["Braucht Hilfe mit"]) == ("Wird schon erprobt", "Geld, Räume")
    with app.test_request_context(), unit_of_work(writes=False):
        assert [int(row["Nummer"]) for row in rows] == [idea.id for idea in everything(IdeaFilter(stage="tried"))]
    assert "@example.org" not in answer.text


def test_a_table_ends_after_five_thousand_rows(app: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ideas.queries.lists.PIECE", 50)
    monkeypatch.setattr("app.ideas.queries.lists.IN_TABLE", 100)
    with app.test_request_context(), unit_of_work(writes=False):
        pieces = list(queries.table_pieces(IdeaFilter(), sort="supported", reader=GUEST))
    assert [len(piece) for piece in pieces] == [50, 50]


def test_stage_and_needs_are_asked_kept_and_shown(
    app: Flask, cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    anton = signed_in(cast.anton)
    words = {"title": "Ein Backofen", "summary": "Kurz.", "problem": "P", "solution": "S", "benefit": "B"}
    form = anton.page("/ideas/new").form("Vorschau ansehen")
    preview = form.fill(**words, topic="mobility", stage="prepared", needs=["rooms", "partners"]).submit(
        "Vorschau ansehen"
    )
    assert "In Vorbereitung" in preview.text
    page = preview.form("#vorschau-senden").submit("Idee einreichen")
    assert page.texts(".maturity a") == [
        "In Vorbereitung", "Sucht: Räume", "Sucht: Mitstreitende",
    ]  # fmt: skip
    with app.test_request_context(), unit_of_work(writes=False):
        idea = db.session.scalars(db.select(Idea)).unique().one()
        assert (idea.stage, idea.needs) == ("prepared", 12)
        assert counters.differences() == []
    edited = anton.page(page.select("a[href$='/edit']")[0].get("href"))
    assert edited.select("input[name=needs][checked]")[0].get("value") == "rooms"


def test_the_profile_follows_whatever_it_is_made_of(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        idea = commands.submit_idea(world.idea_text("Ein Steg"), by=world.person("anton"), moderate_new=False)
        assert counters.differences() == []
        commands.set_status(idea, "shortlisted")
        idea.stage = "thought"
        db.session.flush()
        assert counters.differences() == []
        db.session.execute(db.update(Idea).where(Idea.id == idea.id).values(profile=104))
        assert [row[:2] for row in counters.differences()] == [("ideas.profile", idea.id)]
        counters.mend()
        assert counters.differences() == []


def test_of_far_too_many_ideas_no_list_counts_a_thousand(
    app: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def numbers() -> list[tuple[int, bool]]:
        with app.test_request_context(), unit_of_work(writes=False):
            pages = [queries.list_ideas(one) for one in (IdeaFilter(), IdeaFilter(status="new"))]
            return [(page.total or 0, page.is_more) for page in pages]

    exact, before = numbers(), Changes(app).state()
    assert exact[0] == (294, False)
    monkeypatch.setattr(ranges, "COUNTED", 100)  # nothing is asked meanwhile: the number would stay in statements
    with app.test_request_context():
        jobs.note_whether_many()
    monkeypatch.undo()
    assert numbers() == [(ranges.COUNTED, True), exact[1]], "only lists of all ideas"
    after = Changes(app).state()
    assert before
    assert after
    assert after.all != before.all, "guests' lists are made anew"
    assert after.common == before.common, "and pages of single ideas are not"
    with app.test_request_context():
        run_now_and_then()
    assert numbers() == exact
