"""The search finds by stems, alike on both databases."""

import pytest
from flask import Flask

from app.kit import clock, textindex
from app.kit.db import unit_of_work
from app.subjects.commands import new_subject
from tests.hostile import STRINGS

TITLES = ("Fahrradstraße am Markt", "Bänke für die Haltestelle", "Ein Haus für Kinder", "Häuser tauschen", "Marktplatz")


@pytest.fixture
def documents(app: Flask) -> dict[int, str]:
    """Five short documents, by id."""
    with app.app_context(), unit_of_work():
        ids = {new_subject("idea"): title for title in TITLES}
        for subject_id, title in ids.items():
            textindex.put(subject_id, "idea", title=title, body="Text darüber.", at=clock.now())
    return ids


def found(app: Flask, documents: dict[int, str], words: str) -> list[str]:
    with app.app_context(), unit_of_work(writes=False):
        return [documents[hit.subject_id] for hit in textindex.search(words)]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("fahrradstrasse", ["Fahrradstraße am Markt"]),
        ("Fahrradstraße", ["Fahrradstraße am Markt"]),
        ("bank", ["Bänke für die Haltestelle"]),
        ("bänke", ["Bänke für die Haltestelle"]),
        ("HALTESTELLEN", ["Bänke für die Haltestelle"]),
        ("haus", ["Häuser tauschen", "Ein Haus für Kinder"]),
        ("häuser kinder", ["Ein Haus für Kinder"]),
        ("markt", ["Marktplatz", "Fahrradstraße am Markt"]),
        ("die und für", []),
        ("", []),
    ],
)
def test_words_find_their_documents(app: Flask, documents: dict[int, str], words: str, titles: list[str]) -> None:
    assert sorted(found(app, documents, words)) == sorted(titles)


def test_a_changed_document_is_found_by_its_new_words_only(app: Flask, documents: dict[int, str]) -> None:
    first = next(iter(documents))
    with app.app_context(), unit_of_work():
        textindex.put(first, "idea", title="Ganz anders", body="", at=clock.now())
    assert found(app, documents, "fahrradstraße") == []
    assert found(app, documents, "anders") == [TITLES[0]]
    with app.app_context(), unit_of_work():
        textindex.remove(first)
    assert found(app, documents, "anders") == []


def test_no_query_breaks_the_index(app: Flask, documents: dict[int, str]) -> None:
    for text in STRINGS.values():
        found(app, documents, text[:500])
