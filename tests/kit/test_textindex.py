"""The search finds the same in the same order on both databases: whole words, beginnings, compounds, phrases, slips."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.kit import offers, textindex, vocabulary
from app.kit.clauses import tag
from app.kit.db import db, is_sqlite, unit_of_work
from app.kit.kindred import look
from app.kit.matching import CANDIDATES
from app.kit.searching import Search
from app.subjects.commands import new_subject
from tests.hostile import STRINGS

BEGAN = datetime(2027, 1, 1, tzinfo=UTC)
# title, body, tags; a day apart, so that the last is the newest
CORPUS = (
    ("Fahrradstraße am Markt", "Autos parken überall.", ["topic 1", "place 1"]),
    ("Bänke für die Haltestelle", "Wer wartet, möchte sitzen. Die Straße ist laut.", ["topic 2", "place 1"]),
    ("Neue Ampelschaltung", "Die Ampel schaltet zu schnell.", ["topic 1", "place 2"]),
    ("Fußgängerampel vor der Schule", "Schüler:innen kommen schlecht über die Straße.", ["topic 1"]),
    ("Ein Haus für Kinder", "Mit einer Werkstatt und einem sicheren Radweg dorthin.", ["topic 2"]),
    ("Häuser tauschen", "Radwege brauchen wir auch, sichere Wege sowieso.", []),
    ("Straße ohne Autos", "Samstags gehört die Straße den Kindern.", ["topic 1", "place 2"]),
    ("E-Bike und Rad-Weg", "An der B96 und an der S1 mit dem 49-Euro-Ticket.", []),
    ("Marktplatz", "Feuerwehr, neue Bäume, Israel und die Quelle.", []),
    ("Bewegung im Alter", "Der Kamerad fährt gerade Rad.", []),
)

FOUND: dict[str, list[str]] = {
    "fahrradstrasse": ["Fahrradstraße am Markt"],
    "Fahrradstraße": ["Fahrradstraße am Markt"],
    "straße": [
        "Straße ohne Autos",
        "Fußgängerampel vor der Schule",
        "Bänke für die Haltestelle",
        "Fahrradstraße am Markt",
    ],
    "STRASSEN": [
        "Straße ohne Autos",
        "Fußgängerampel vor der Schule",
        "Bänke für die Haltestelle",
        "Fahrradstraße am Markt",
    ],
    "ampel": ["Neue Ampelschaltung", "Fußgängerampel vor der Schule"],
    "Ampelschaltung": ["Neue Ampelschaltung"],
    "fussgaenger": ["Fußgängerampel vor der Schule"],
    "schulwe": [],
    "Schüler": ["Fußgängerampel vor der Schule"],
    "bank": ["Bänke für die Haltestelle"],
    "bänke": ["Bänke für die Haltestelle"],
    "HALTESTELLEN": ["Bänke für die Haltestelle"],
    "haus": ["Häuser tauschen", "Ein Haus für Kinder"],
    "häuser kinder": ["Ein Haus für Kinder"],
    "markt": ["Fahrradstraße am Markt", "Marktplatz"],
    "radweg": ["E-Bike und Rad-Weg", "Häuser tauschen", "Ein Haus für Kinder"],
    "Rad-Weg": ["E-Bike und Rad-Weg", "Häuser tauschen", "Ein Haus für Kinder"],
    "rad weg": ["E-Bike und Rad-Weg", "Häuser tauschen", "Ein Haus für Kinder"],
    "weg": ["E-Bike und Rad-Weg", "Häuser tauschen", "Ein Haus für Kinder"],
    "ebike": ["E-Bike und Rad-Weg"],
    "e-bike": ["E-Bike und Rad-Weg"],
    "b96": ["E-Bike und Rad-Weg"],
    "S1": ["E-Bike und Rad-Weg"],
    "49-Euro-Ticket": ["E-Bike und Rad-Weg"],
    "Euro Ticket": ["E-Bike und Rad-Weg"],
    "„sicheren Radweg“": ["Ein Haus für Kinder"],
    '"Radweg sicheren"': [],
    '"Markt Autos"': [],
    '"radweg"': ["E-Bike und Rad-Weg", "Häuser tauschen", "Ein Haus für Kinder"],
    '"ampel"': ["Neue Ampelschaltung"],
    "israel feuer neue": ["Marktplatz"],
    "die und für": [],
    "": [],
}
OFFERED: dict[str, list[str]] = {
    "radwge": ["radwege"],
    "fahradstrasse": ["fahrradstraße"],
    "ampell": ["ampel"],
    "apmel": ["ampel"],
    "haltestlele": ["haltestelle"],
    "schueler apmel": ["schueler ampel"],
    "wrekstatt kinedr": ["werkstatt kinder"],
    "radweg": [],
    "qwertz": [],
    '"radwge"': [],
    "B69": [],
}


@pytest.fixture
def find(app: Flask) -> Iterator[Callable[..., list[str]]]:
    """The titles found, best first."""
    with app.app_context():
        with unit_of_work():
            for number, (title, body, tags) in enumerate(CORPUS):
                put(new_subject("idea"), title, body, [tag(*one.split()) for one in tags], number)

        def titles(words: str, **more: object) -> list[str]:
            search = Search(words, tags=more.pop("tags", ()))  # type: ignore[arg-type]
            hits = search.hits(**more).items  # type: ignore[arg-type]
            headings = heading_of([hit.subject_id for hit in hits])
            listed = set(
                db.session.scalars(
                    select(textindex.Document.subject_id).where(
                        textindex.Document.subject_id.in_(search.all_ids("idea"))
                    )
                )
            )
            if not more:
                assert listed == {hit.subject_id for hit in hits}, "lists find what the search finds"
            return [headings[hit.subject_id] for hit in hits]

        with unit_of_work(writes=False):
            yield titles


def heading_of(ids: Sequence[int]) -> dict[int, str]:
    shown = select(textindex.Document.subject_id, textindex.Document.heading)
    rows = db.session.execute(shown.where(textindex.Document.subject_id.in_(ids)))
    return {row.subject_id: row.heading for row in rows}


def put(
    subject_id: int, title: str, body: str = "", tags: list[str] | None = None, day: int = 0, kind: str = "idea"
) -> None:
    textindex.put(subject_id, kind, title=title, body=body, at=BEGAN + timedelta(days=day), slug="x", tags=tags or [])


def test_words_find_their_documents_in_this_order(find: Callable[..., list[str]]) -> None:
    assert {words: find(words) for words in FOUND} == FOUND


def test_filters_stand_in_the_index(find: Callable[..., list[str]]) -> None:
    assert find("straße", tags=[tag("topic", 1)]) == [
        "Straße ohne Autos", "Fußgängerampel vor der Schule", "Fahrradstraße am Markt"
    ]  # fmt: skip
    assert find("straße", tags=[tag("topic", 1), tag("place", 2)]) == ["Straße ohne Autos"]
    assert find("straße", kinds=["challenge"]) == []
    assert len(find("straße", kinds=["challenge", "idea"])) == 4
    assert find("_topic_1") == find("topic") == find("_kind_idea") == []


def test_a_slip_is_noticed(find: Callable[..., list[str]]) -> None:
    assert {words: offers.did_you_mean(words, found=len(find(words))) for words in OFFERED} == OFFERED
    assert all(find(offer) for words in OFFERED for offer in offers.did_you_mean(words))


def test_words_and_titles_are_suggested_while_somebody_types(find: Callable[..., list[str]]) -> None:
    suggested = offers.suggestions("amp")
    headings = heading_of(suggested.subject_ids)
    assert [headings[one] for one in suggested.subject_ids] == ["Neue Ampelschaltung"]
    assert suggested.queries == ["ampel", "ampelschaltung"]
    assert offers.suggestions("neue fussgae").queries == ["neue fußgängerampel"]
    for words in ("", "a", "die", '"amp', "49-", "x y"):
        offers.suggestions(words)


def test_what_is_removed_is_neither_found_nor_offered_at_once(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            hidden, kept = new_subject("idea"), new_subject("idea")
            put(hidden, "Geheimniskrämerei", "Der Xaverl war es.")
            put(kept, "Etwas anderes", "Die Geheimnisse des Glücks.")
        with unit_of_work():
            textindex.remove(hidden)
        with unit_of_work(writes=False):
            for words in ("Geheimniskrämerei", "Xaverl", "krämerei"):
                assert not Search(words).hits().items
            assert offers.did_you_mean("Geheimniskrämrei") == offers.did_you_mean("Xavrl") == []
            assert offers.suggestions("xav").queries == []
            assert offers.suggestions("geheim").queries == ["geheimnisse"]
        vocabulary.recount()
        with unit_of_work(writes=False):
            known = set(db.session.scalars(select(vocabulary.Word.word)))
            assert "xaverl" not in known
            assert {"geheimnisse", "glücks"} <= known


def test_words_are_forgotten_when_nobody_writes_some_at_that_moment(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            gone = new_subject("idea")
            put(gone, "Xaverl")
        with unit_of_work():
            put(gone, "Bänke am Fluss")
            put(new_subject("idea"), "Noch mehr Bänke")
        with db.engine.connect() as writer:
            if not is_sqlite():  # there is one writer at a time
                writer.execute(select(func.pg_advisory_xact_lock_shared(vocabulary.PRUNING)))
                vocabulary.recount()
                assert counts_of_words() == {"xaverl": 0, "bänke": 2, "fluss": 1, "mehr": 1}
        vocabulary.recount()
        assert counts_of_words() == {"bänke": 2, "fluss": 1, "mehr": 1}


def counts_of_words() -> dict[str, int]:
    with unit_of_work(writes=False):
        return dict(db.session.execute(select(vocabulary.Word.word, vocabulary.Word.documents)).all())


def test_a_renewed_document_is_found_by_its_new_words_only(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            idea = new_subject("idea")
            put(idea, "Fahrradstraße")
        with unit_of_work():
            put(idea, "Ganz anders")
        with unit_of_work(writes=False):
            assert not Search("fahrradstraße").hits().items
            assert [hit.subject_id for hit in Search("anders").hits().items] == [idea]


def test_what_stands_in_the_index_is_what_documents_say(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            first, second, third = (new_subject("idea") for _ in range(3))
            put(first, "Fahrradstraße", "Am Markt", [tag("topic", 1)])
            put(second, "Haltestelle", "Am Bahnhof", [tag("topic", 1)])
            put(third, "Spielplatz")
        with unit_of_work():
            put(first, "Bänke", "Am Fluss", [tag("topic", 1)])
            put(third, "Spielplatz", tags=[tag("topic", 2)])
            textindex.remove(second)
        with unit_of_work():
            for index in ("documents_fts", "titles_fts") if is_sqlite() else ():
                db.session.execute(text(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"))
        with unit_of_work(writes=False):
            found = {
                words: Search(words, tags=[tag("topic", 1)]).titles(9) for words in ("straße", "Bänke", "Spielplatz")
            }
            assert found == {"straße": [], "Bänke": [first], "Spielplatz": []}
            assert Search("Spielplatz", tags=[tag("topic", 2)]).titles(9) == [third]


def test_common_words_are_capped_and_say_so(app: Flask) -> None:
    with app.app_context():
        with unit_of_work(), textindex.in_bulk():
            ids = [new_subject("idea") for _ in range(360)]
            for day, idea in enumerate(ids):
                put(idea, "Ein Baum", "Und noch ein Baum im Park." if day % 2 else "Und ein Strauch.", [], day)
        vocabulary.recount()
        with unit_of_work(writes=False):
            hits = Search("baum").hits()
            assert (len(hits.items), hits.is_capped) == (CANDIDATES, True)
            assert [hit.subject_id for hit in hits.items] == ids[: -CANDIDATES - 1 : -1]
            assert len(Search("park").hits().items) == 180
            assert not Search("park").hits().is_capped
            assert look(["baum", "park"], often={}, most=1).documents == {"baum": 360, "park": 180}


def test_no_query_breaks_the_index(find: Callable[..., list[str]]) -> None:
    for words in STRINGS.values():
        for query in (words[:500], f'"{words[:100]}"', f"ampel {words[:100]}"):
            find(query)
            offers.did_you_mean(query)
            offers.suggestions(query)


def test_hostile_texts_can_be_indexed_and_are_found(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            for words in STRINGS.values():
                put(new_subject("idea"), f"Zauberwort {words[:300]}", words[:20_000])
        with unit_of_work(writes=False):
            assert len(Search("zauberwort").hits().items) == len(STRINGS)


def test_postgresql_keeps_every_stem_as_it_is(app: Flask) -> None:
    """Its parser knows numbers, addresses and more; a stem must come out of it unchanged."""
    words = ["1e5", "0x1f", "49er", "b96", "12e", "3d", "u0645u0628", "e", "1", "007", "x2y", "9e"]
    with app.app_context(), unit_of_work():
        if not is_sqlite():
            for word in words:
                kept = db.session.scalar(
                    text("SELECT tsvector_to_array(to_tsvector('simple', :word))"), {"word": f"a {word} b"}
                )
                assert sorted(kept) == sorted(["a", word, "b"])
        for word in words:
            put(new_subject("idea"), f"Das {word} da")
            assert Search(word).hits().items, word
