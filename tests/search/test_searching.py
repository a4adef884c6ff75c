"""The page of the search: hits with marks, filters, what may be meant, and what to do when nothing is found."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.ideas.commands import set_state, submit_idea
from app.ideas.models import Idea, IdeaState
from app.kit import frequency, matching, textindex, vocabulary
from app.kit.clauses import Clause, of_kinds
from app.kit.db import db, is_sqlite, unit_of_work
from app.kit.fetching import rows_of
from app.kit.frequency import BLOCK_BITS, Counts, blocks_with, counts_of
from app.places.queries import find_place
from app.subjects.indexing import reindex
from app.subjects.models import Subject
from tests.client import Client
from tests.factories import world
from tests.hostile import SCRIPT
from tests.people import Cast

BEGAN = datetime(2027, 1, 1, tzinfo=UTC)
IDEAS = {
    "Fahrradstraße am Ring": ("Autos parken auf der Straße.", "Dresden"),
    "Sichere Radwege zur Schule": ("Der Radweg endet im Nichts.", "Döbeln, Mittelsachsen"),
    f"Kreuzung {SCRIPT}": ("Die Fußgängerampel schaltet zu spät. <b>Fett</b> & laut.", ""),
}


@pytest.fixture
def ideas(app: Flask, cast: Cast) -> dict[str, int]:
    with app.test_request_context(), unit_of_work():
        made = {}
        for title, (problem, place) in IDEAS.items():
            found = find_place(place)
            text = world.idea_text(title, problem=problem, summary="", place_id=found.id if found else None)
            made[title] = submit_idea(text, by=world.person("anton")).id
        return made


def test_hits_show_what_was_found_where_and_how(client: Client, ideas: dict[str, int]) -> None:
    page = client.page("/search?q=strasse")
    assert page.texts(".hits h3 a") == ["Fahrradstraße am Ring"]
    assert page.texts(".hits mark") == ["Fahrradstraße", "Straße"]
    assert "Dresden" in page.texts(".hits .from")[0]
    assert "1 Treffer für „strasse“" in page
    assert page.texts(".chip")[0].split() == ["Alles", "1"]
    assert page.click("Fahrradstraße am Ring").h1 == "Fahrradstraße am Ring"


def test_what_people_wrote_stays_text_around_the_marks(client: Client, ideas: dict[str, int]) -> None:
    page = client.page("/search?q=fussgaengerampel")
    assert page.texts(".hits h3 a") == [f"Kreuzung {SCRIPT}"]
    assert "<b>Fett</b> & laut." in page.texts(".hits li > p:last-child")[0]
    assert client.page("/search?q=script").texts(".hits mark")[0] == "script"


def test_a_slip_leads_to_a_link_with_the_word_meant(client: Client, ideas: dict[str, int]) -> None:
    page = client.page("/search?q=radwge&topic=mobility")
    assert page.texts(".meant a") == ["radwege"]
    assert "Nichts gefunden" in page
    mended = page.click("radwege")
    assert mended.texts(".hits h3 a") == ["Sichere Radwege zur Schule"]
    assert [option.get("value") for option in mended.select("#filter-topic option[selected]")] == ["mobility"]


def test_filters_narrow_and_can_be_removed(client: Client, ideas: dict[str, int], app: Flask) -> None:
    with app.app_context(), unit_of_work(writes=False):
        district, town = find_place("Mittelsachsen"), find_place("Dresden")
        assert district
        assert town
        where, elsewhere = district.id, town.id
    assert client.page(f"/search?q=radweg&place={where}").texts(".hits h3 a") == ["Sichere Radwege zur Schule"]
    page = client.page(f"/search?q=radweg&place={elsewhere}&kind=idea")
    assert "Mit diesen Filtern ist nichts zu finden" in page
    assert "Ohne Filter gibt es 1 Treffer." in page
    assert page.click("Alle Filter entfernen").texts(".hits h3 a") == ["Sichere Radwege zur Schule"]
    assert client.page("/search?q=radweg&topic=mobility&kind=idea").texts(".hits h3 a")
    assert client.page("/search?q=radweg&topic=nonsense&kind=nonsense&place=x").texts(".hits h3 a")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Ein Wort genügt"),
        ("wer wie was", "Diese Wörter stehen in fast jedem Text"),
        ("quietschomat", "Nichts gefunden"),
        ("x" * 5000, "Nichts gefunden"),
        ("%26%26 -- ::", "Nichts gefunden"),
    ],
)
def test_an_empty_answer_says_what_to_do(client: Client, ideas: dict[str, int], query: str, words: str) -> None:
    assert words in client.page(f"/search?q={query}")


def test_a_hidden_idea_is_neither_found_nor_suggested_nor_meant(
    app: Flask, client: Client, ideas: dict[str, int]
) -> None:
    assert client.page("/search?q=radwege").texts(".hits h3 a")
    with app.test_request_context(), unit_of_work():
        idea = db.session.get(Idea, ideas["Sichere Radwege zur Schule"])
        assert idea
        set_state(idea, IdeaState.HIDDEN, "Doppelt")
    assert not client.page("/search?q=radwege").texts(".hits h3 a")
    assert not client.page("/search?q=radwge").texts(".meant a")
    assert "radw" not in client.get("/search/suggestions?q=radw").text.replace("suggestions", "")
    assert not client.page("/ideas?q=radwege").texts(".idea-card h3 a")


def test_suggestions_are_links_to_titles_and_searches(client: Client, ideas: dict[str, int]) -> None:
    page = client.page("/search/suggestions?q=radw&field=top", headers={"HX-Request": "true"})
    assert page.texts("#suggestions-top a") == ["radweg", "Sichere Radwege zur Schule"]
    assert "2 Vorschläge" in page.select("#suggestions-top")[0].get("data-status")
    assert client.page("/search/suggestions?q=r&field=%3Cb%3E").texts("#suggestions-top a") == []
    answer = client.get("/search/suggestions?q=radw")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Accept-Language" in answer.headers["Vary"]


def test_lists_share_the_search_and_keep_their_order(client: Client, ideas: dict[str, int]) -> None:
    assert client.page("/ideas?q=strasse&sort=supported").texts(".idea-card h3 a") == ["Fahrradstraße am Ring"]
    assert client.page("/ideas?q=radwge").texts(".meant a") == ["radwege"]
    assert client.page("/ideas?q=radweg schule").texts(".idea-card h3 a") == ["Sichere Radwege zur Schule"]


def test_of_a_word_that_is_everywhere_the_newest_titles_are_looked_at_and_nothing_gets_lost(
    app: Flask, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), unit_of_work():
        anton = world.person("anton")
        ids = [submit_idea(world.idea_text(f"Markt Nummer {n}"), by=anton).id for n in range(12)]
    with app.app_context():
        vocabulary.recount()
    titles = [f"Markt Nummer {n}" for n in reversed(range(12))]
    newest_four = len(ids) * (ids[-1] - ids[-5] - 0.5) / ids[-1]  # by their share of all ids there are
    monkeypatch.setattr(frequency, "TITLES_OF", newest_four)
    monkeypatch.setattr(matching, "READ_FOR_SOME", newest_four)
    with app.app_context():
        clauses = [Clause((("markt",),), title_only=True)]
        asked, values = matching.source(clauses, 50, counts=counts_of(clauses))
        found = [row[0] for row in rows_of(asked, values, "subject_id")]
        assert found == (ids[:-5:-1] if is_sqlite() else ids[::-1])
    assert client.page("/search?q=markt").texts(".hits h3 a") == titles
    hints = client.page("/ideas/similar?title=Markt").texts("a")
    assert [any(hint.startswith(title) for hint in hints) for title in titles[:4]] == [True] * 4


@pytest.mark.parametrize(("places", "first"), [(range(12), 7), ([0] * 7 + [4] * 4 + [11], 3), ([0] * 11 + [11], 0)])
def test_the_newest_are_found_wherever_they_were_thought_to_be(
    app: Flask, places: Sequence[int], first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL some blocks of documents are asked first, and all where these hold too few."""
    ids = []
    with app.test_request_context(), unit_of_work():
        for number, place in enumerate(places):
            ids.append((place << BLOCK_BITS[1]) + 1000 + number)
            db.session.add(Subject(id=ids[-1], kind="idea"))
            db.session.flush()
            textindex.put(ids[-1], "idea", title=f"Markt {number}", body="", at=BEGAN, tags=[])
    for bound, value in {"CHEAP": 1, "DEVIATIONS": 0, "FURTHER": 2, "FAR": 0.7}.items():
        monkeypatch.setattr(frequency, bound, value)
    clauses = [Clause((("markt",),)), *of_kinds(["idea"])]
    counts = Counts({"markt": len(ids)}, len(ids), ids[-1])
    begins = [min(one // 4 << BLOCK_BITS[one % 4] for one in some) for some in blocks_with(clauses[:1], 4, counts)]
    assert [ids[-1] * share // 1024 * 1024 for share in (2 / 3, 1 / 3)] == begins
    with app.app_context(), unit_of_work(writes=False):
        asked, values = matching.source(clauses, 4, columns=["kind", "title"], counts=counts)
        found = [row[0] for row in rows_of(asked, values, "subject_id", "kind", "title")]
        assert found == ids[:-5:-1]
        assert max(block for block in (7, 3, 0) if sum(one >> BLOCK_BITS[1] >= block for one in ids) >= 4) == first


def test_reindexing_writes_everything_public_anew_and_forgets_the_rest(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], ideas: dict[str, int], client: Client
) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(db.text("UPDATE documents SET title = 'alt', body = '', tags = '', format = 1"))
        db.session.execute(db.text("UPDATE ideas SET state = 'hidden' WHERE title LIKE 'Sichere%'"))
        db.session.execute(db.delete(vocabulary.Word))
    assert not client.page("/search?q=strasse").texts(".hits h3 a")
    said = app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
    assert said.exit_code == 0, said.output
    assert client.page("/search?q=strasse").texts(".hits h3 a") == ["Fahrradstraße am Ring"]
    assert not client.page("/search?q=radwege").texts(".hits h3 a")
    assert app.test_cli_runner().invoke(args=["reindex"], catch_exceptions=False).output == "2 documents\n"
    with app.app_context():
        assert reindex() == 2
