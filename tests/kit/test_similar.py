"""Hints while a title is typed: the same things on both databases, in the same order."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.kit import matching, textindex, vocabulary
from app.kit.db import unit_of_work
from app.kit.similar import CANDIDATES, similar
from app.subjects.commands import new_subject
from tests.hostile import STRINGS

BEGAN = datetime(2027, 1, 1, tzinfo=UTC)
TITLES = (
    ("Fahrradstraße am Markt", "Autos parken überall."),
    ("Eine Bank für die Haltestelle", "Wer wartet, möchte sitzen."),
    ("Neue Ampelschaltung", "Die Ampel schaltet zu schnell."),
    ("Trinkbrunnen im Stadtpark", "Wasser für alle, auch im Sommer."),
    ("Mehr Schatten", "Ein Trinkbrunnen und Bäume für den Schulhof."),
    ("Radweg nach Süden", "Er fehlt."),
    ("Radweg nach Norden", "Er fehlt auch."),
    ("Lesepaten für die Grundschule", "Kinder lesen vor."),
)
ALIKE: dict[str, list[str]] = {
    "Fahrradstraße": ["Fahrradstraße am Markt"],
    "fahrradstrasse": ["Fahrradstraße am Markt"],
    "Straße für Fahrräder": ["Fahrradstraße am Markt"],
    "Bänke an der Haltestelle": ["Eine Bank für die Haltestelle"],
    "Sitzbank": ["Eine Bank für die Haltestelle"],
    "Ampel": ["Neue Ampelschaltung"],
    "Ampelschlatung": ["Neue Ampelschaltung"],
    "Trinkbrunnen für den Schulhof": ["Trinkbrunnen im Stadtpark", "Mehr Schatten"],
    "Radwege": ["Radweg nach Norden", "Radweg nach Süden"],
    "Lesepatinnen": ["Lesepaten für die Grundschule"],
    "Ein Haus am See": [],
    "die und der": [],
    "": [],
}


@pytest.fixture
def ids(app: Flask) -> dict[int, str]:
    """What was published, by id; a challenge of the same name is none of the ideas."""
    found = {}
    with app.test_request_context(), unit_of_work():
        for number, (title, body) in enumerate((*TITLES, ("Fahrradstraße", "Ein Problem."))):
            kind = "challenge" if number == len(TITLES) else "idea"
            one = new_subject(kind)
            at = BEGAN + timedelta(days=number)
            textindex.put(one, kind, title=title, body=body, at=at, tags=[])
            found[one] = title
    return found


@pytest.mark.parametrize("typed", ALIKE)
def test_similar_titles_are_found_by_stem_compound_and_slip(app: Flask, ids: dict[int, str], typed: str) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        assert [ids[one] for one in similar(typed, kind="idea")] == ALIKE[typed]


def test_the_one_that_is_edited_is_not_like_itself(app: Flask, ids: dict[int, str]) -> None:
    own = next(one for one, title in ids.items() if title == "Fahrradstraße am Markt")
    with app.test_request_context(), unit_of_work(writes=False):
        assert similar("Fahrradstraße am Markt", kind="idea", without=own) == []


def test_at_most_five_come_and_what_is_removed_does_not(app: Flask, ids: dict[int, str]) -> None:
    with app.test_request_context(), unit_of_work():
        for number in range(8):
            textindex.put(new_subject("idea"), "idea", title=f"Radweg {number}", body="", at=BEGAN, tags=[])
    with app.test_request_context(), unit_of_work(writes=False):
        found = similar("Radweg", kind="idea")
    assert len(found) == 5
    with app.test_request_context(), unit_of_work():
        textindex.remove(found[0])
    with app.test_request_context(), unit_of_work(writes=False):
        assert found[0] not in similar("Radweg", kind="idea")


def test_the_same_title_is_found_however_much_was_written_since_with_some_of_its_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "READ_FOR_SOME", 5)  # of texts; of titles more
    words = ("Brunnen", "Garten", "Schule")
    with app.test_request_context(), unit_of_work(), textindex.in_bulk():
        first = new_subject("idea")
        textindex.put(first, "idea", title="Brunnen im Garten der Schule", body="", at=BEGAN, tags=[])
        for number in range(3 * (CANDIDATES + 1)):
            two = [word for word in words if word != words[number % 3]]
            at = BEGAN + timedelta(days=number + 1)
            textindex.put(new_subject("idea"), "idea", title=" ".join(two), body="", at=at, tags=[])
    with app.app_context():
        vocabulary.recount()
        with unit_of_work(writes=False):
            assert similar("Ein Brunnen für den Garten der Schule", kind="idea")[0] == first


def test_no_text_breaks_it(app: Flask, ids: dict[int, str]) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        for text in STRINGS:
            similar(text.replace("\0", ""), kind="idea")
