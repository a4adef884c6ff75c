"""Sentences that are kept, and worded in the language of whoever reads them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.kit.errors import Conflict
from app.kit.said import Said, joined, parts_of, say, worded
from app.kit.tables import TableError

EMPTY, ROWS = "Das Feld ist leer.", "Die Datei hat mehr als %(most)s Zeilen. Bitte teilen Sie sie."


@pytest.fixture(autouse=True)
def german(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("de"):
        yield


def english(parts: Any) -> str:
    with force_locale("en"):
        return worded(json.loads(json.dumps(parts)))


def test_what_was_said_is_a_text_and_can_be_said_again_in_another_language() -> None:
    said = say(EMPTY)
    assert said == EMPTY
    assert english(said.parts) == "The field is empty."
    assert english(parts_of(joined(said, "", say(ROWS, most=1000)))).startswith("The field is empty. The file has more")


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert "100.000" in say(ROWS, most=100_000)
    assert "100,000" in english(say(ROWS, most=100_000).parts)


def test_what_is_said_within_a_sentence_is_translated_too() -> None:
    said = say("„%(value)s“: %(words)s", value="Nirgendheim", words=say(EMPTY))
    assert english(said.parts) == "“Nirgendheim”: The field is empty."


def test_a_text_keeps_what_it_was_made_of_on_its_way_through_errors() -> None:
    for error in (TableError(say(EMPTY)), Conflict(say(EMPTY))):
        assert isinstance(str(error), Said)
        assert parts_of(str(error)) == [[EMPTY, {}]]
    assert type(say(EMPTY)[:]) is str


def test_a_text_nobody_knows_the_making_of_stays_as_it_is() -> None:
    assert english(parts_of("100 % fertig, %(nichts)s")) == "100 % fertig, %(nichts)s"
    assert english(parts_of(EMPTY)) == "The field is empty.", "a message without values is known again"
    assert english([["", {}]]) == ""


def test_nothing_a_database_refuses_is_kept() -> None:
    said = say("Den Stand „%(value)s“ kennen wir nicht.", value="a\0b\ud800")
    assert "\0" not in said
    assert "\\u0000" not in json.dumps(said.parts)
    json.dumps(said.parts, ensure_ascii=False).encode()
    said.encode()
