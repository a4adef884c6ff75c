"""Spellings of one German word meet in one stem; other words stay apart."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kit import german
from app.kit.textquery import parse
from tests.hostile import STRINGS


@pytest.mark.parametrize(
    "spellings",
    [
        "fahrradstrasse Fahrradstraße FAHRRADSTRASSE Fahrradstraßen Fahr\u00adrad\u00adstraße",
        "Fußgänger fussgaenger Fussgänger FUSSGAENGER Fußga\u0308nger",
        "Grüne Gruene grün GRÜN",
        "Häuser Haeuser Haus",
        "Müller Mueller",
        "Schüler Schülerin Schüler:innen Schüler*innen SchülerInnen Schüler_innen Schüler/-innen Schueler",
        "Schüler Schüler(innen)",
        "Kollege Kolleginnen Kolleg:innen",
        "Ärzte Ärztinnen Ärzt:in",
        "Café Cafe",
        "Bus Busse Bussen",
        "Schulbus Schulbusse",
        "Łódź Lodz",
    ],
)
def test_spellings_of_a_word_have_one_stem(spellings: str) -> None:
    assert len({tuple(german.stems(word)) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "words", ["Feuer Feier", "neue nie", "Israel Isar", "quer Kur", "Bus Busch", "B96 B97", "Steuer Stier"]
)
def test_different_words_stay_apart(words: str) -> None:
    first, second = words.split()
    assert german.stems(first) != german.stems(second)


@pytest.mark.parametrize("word", ["Feuer", "neue", "Israel", "Quelle", "aktuell", "bauen", "website", "community"])
def test_a_word_is_found_by_itself_however_it_is_written(word: str) -> None:
    assert german.stems(word) == german.stems(word.upper()) == german.stems(f"„{word}“,")


def test_words_with_hyphens_are_found_in_parts_and_in_one() -> None:
    assert german.stems("Rad-Weg") == ["rad", "weg"]
    assert german.joined_stems("ein Rad-Weg und das 49-Euro-Ticket") == ["radweg", "49euroticket"]


def test_stems_are_plain_ascii_whatever_was_written() -> None:
    for text in STRINGS.values():
        assert all(stem.isascii() and stem.isalnum() and len(stem) <= german.LONGEST for stem in german.stems(text)), (
            text
        )


def test_threads_do_not_spoil_each_others_stems() -> None:
    words = [
        f"{first}{last}"
        for first in ("Rad", "Schul", "Garten", "Markt")
        for last in ("wege", "häuser", "plätze", "brücken")
    ]
    alone = {word: german.stem(word) for word in words}
    german.stem.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            german.stem.cache_clear()
            assert dict(zip(words, threads.map(german.stem, words), strict=True)) == alone


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Bus -Auto +Bahn", [("bus",), ("auto",), ("bahn",)]),
        ("„sicherer Radweg“ Ampel", [("sich", "radweg"), ("ampel",)]),
        ('"sicherer Radweg" "', [("sich", "radweg")]),
        ("Ampel ampel AMPEL", [("ampel",)]),
        ("title:x OR (y) NEAR/2 z*", [("x",), ("or",), ("y",), ("near",), ("2",), ("z",)]),
        ("S1 oder B96", [("s1",), ("b96",)]),
        ("E-Bike", [("e", "bik")]),
        ("", []),
        ("!?", []),
    ],
)
def test_a_query_is_read_as_words_and_phrases(text: str, stems: list[tuple[str, ...]]) -> None:
    found = [term.stems for term in parse(text).terms]
    assert [one for one in found if one != ("titl",)] == stems


def test_a_query_of_stop_words_only_is_known_as_such() -> None:
    assert parse("wer wie was").has_only_stop_words
    assert not parse("").has_only_stop_words
    assert not parse("?!").has_only_stop_words
    assert not parse("wer wie Bus").has_only_stop_words
