"""Sentences that are kept and read later, by somebody who may read another language than whoever caused them.

`say("Zeile %(row)s fehlt.", row=7)` is a text in the language in use that also knows what it was made of: its message
and values. `parts_of` gives that to be stored as JSON, `worded` makes the text again in the reader's language.
"""

from collections.abc import Sequence
from typing import Any

from app.kit.i18n import gettext
from app.kit.present import number
from app.kit.text import printable

Parts = list[list[Any]]  # [message, values] of each sentence; a value is a text, a number or {"said": parts}


class Said(str):
    """A text in the language in use, and the messages and values it was made of."""

    __slots__ = ("parts",)
    parts: Parts

    def __new__(cls, parts: Parts) -> "Said":
        """Word these parts."""
        self = super().__new__(cls, worded(parts))
        self.parts = parts
        return self

    def __str__(self) -> "Said":
        return self


def say(message: str, **values: Any) -> Said:
    """A message with its values: texts, whole numbers, or what was said itself. Takes the place of `gettext`."""
    return Said([[message, {name: _kept(value) for name, value in values.items()}]])


def joined(*texts: str) -> Said:
    """Several sentences in a row; empty ones are left out."""
    return Said([part for text in texts if text for part in parts_of(text)])


def parts_of(text: str) -> Parts:
    """What a text was made of; one nobody knows that of is a message without values."""
    return text.parts if isinstance(text, Said) else [[printable(text), {}]]


def worded(parts: Sequence[Sequence[Any]]) -> str:
    """The sentences in the language in use."""
    return " ".join(_sentence(message, values) for message, values in parts)


def _kept(value: Any) -> Any:
    if isinstance(value, Said):
        return {"said": value.parts}
    return printable(value) if isinstance(value, str) else value


def _sentence(message: str, values: dict[str, Any]) -> str:
    return str(gettext(message, **{name: _shown(value) for name, value in values.items()})) if message else ""


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return worded(value["said"])
    return number(value) if isinstance(value, int) else value
