"""What changed between two texts."""

import time

import pytest

from app.kit.differences import ADDED, REMOVED, SAME, differences


def pieces(old: str, new: str) -> list[list[tuple[str, str]]]:
    return [[(piece.kind, piece.text) for piece in line.pieces] for line in differences(old, new)]


def test_a_changed_word_is_shown_within_its_paragraph() -> None:
    assert pieces("Das Büro ist in Döbeln.", "Das Büro ist in Pirna.") == [
        [(SAME, "Das Büro ist in "), (REMOVED, "Döbeln"), (ADDED, "Pirna"), (SAME, ".")]
    ]


def test_a_number_changes_as_a_whole() -> None:
    assert pieces("Es kostet 1.250,50 Euro.", "Es kostet 2.000,75 Euro.") == [
        [(SAME, "Es kostet "), (REMOVED, "1.250,50"), (ADDED, "2.000,75"), (SAME, " Euro.")]
    ]


def test_two_different_paragraphs_are_not_mixed_word_by_word() -> None:
    assert pieces("Alles über Bienen", "12345 67890 !") == [[(REMOVED, "Alles über Bienen"), (ADDED, "12345 67890 !")]]


def test_new_and_gone_paragraphs() -> None:
    assert pieces("a", "a\nb") == [[(SAME, "a")], [(ADDED, "b")]]
    assert pieces("a\nb", "a") == [[(SAME, "a")], [(REMOVED, "b")]]
    assert pieces("", "a") == [[(ADDED, "a")]]
    assert pieces("a", "a") == [[(SAME, "a")]]


def test_of_what_is_the_same_only_the_nearest_is_shown() -> None:
    old = "\n".join(f"Zeile {number}" for number in range(30))
    lines = differences(old, old.replace("Zeile 15", "Reihe 15"))
    assert [line.left_out for line in lines if line.left_out] == [14, 13]
    assert len(lines) == 5


@pytest.mark.alone
def test_long_and_monotonous_texts_take_no_time() -> None:
    started = time.monotonic()
    differences("\n" * 30_000, "\n" * 29_000 + "x")
    differences("a " * 30_000, "a b " * 15_000)
    differences(" ".join(map(str, range(10_000))), " ".join(map(str, range(5_000, 15_000))))
    assert time.monotonic() - started < 5
