"""Marked text as a mail shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.plaintext import plain
from tests.hostile import MARKUP


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("Es **geht** *los*!", "Es geht los!"),
        ("[Hier](https://x.example) lesen", "Hier (https://x.example) lesen"),
        ("<https://x.example>", "https://x.example"),
        ("## Wann\n\nMorgen.", "Wann\n\nMorgen."),
        ("Wir brauchen:\n\n- Holz\n- Zeit\n\nDanke.", "Wir brauchen:\n\n- Holz\n- Zeit\n\nDanke."),
        ("3. drei\n4. vier", "3. drei\n4. vier"),
        ("> Gut so", "Gut so"),
        ("Zeile\nZeile", "Zeile\nZeile"),
        ("`a*b` und 2 * 3 * 4", "a*b und 2 * 3 * 4"),
        ("", ""),
        (None, ""),
    ],
)
def test_marks_are_gone_and_words_stay(marked: str | None, read: str) -> None:
    assert plain(marked) == read


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
def test_hostile_text_stays_text(text: str) -> None:
    assert isinstance(plain(text), str)


@given(st.lists(st.text(alphabet="abc", min_size=1), min_size=1))
def test_no_word_is_lost(words: list[str]) -> None:
    assert plain("\n\n".join(f"**{word}**" for word in words)).split() == words
