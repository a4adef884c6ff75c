"""Rows of a form that people add, change, put in order and remove, without JavaScript.

Each row is a form of its own under a numbered prefix (`phase-0-name`); a hidden field says how many were sent.
The button "one more" sends the form, which comes back with an empty row and everything that was typed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from flask import request
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.kit.forms import Form
from app.kit.i18n import lazy_gettext as _l

MAX_ID = 2**63 - 1


class Row(Form):
    """One row. Subclasses say which fields make it more than empty (`TELLING`)."""

    TELLING: tuple[str, ...] = ()

    id = HiddenField()
    place = IntegerField(_l("Reihenfolge"), [Optional(), NumberRange(1, 99, _l("Eine Zahl von 1 bis 99, bitte."))])
    remove = BooleanField(_l("Entfernen"))

    @property
    def row_id(self) -> int | None:
        """The id of what the row is about; None for a new one."""
        text = self.id.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID else None

    @property
    def is_blank(self) -> bool:
        """A new row nobody filled in."""
        return self.row_id is None and not any(self[name].data for name in self.TELLING)


R = TypeVar("R", bound=Row)


class Rows(Generic[R]):
    """The rows of a page: those known, or those sent, and an empty one to fill in.

    Args:
        kind: the form of a row.
        name: what the rows are called in the page ("phase").
        known: the values of each row there is, in order.
        most: how many rows there may be.
        blank: whether people may add rows.
    """

    def __init__(
        self, kind: type[R], name: str, known: Sequence[Mapping[str, Any]], *, most: int, blank: bool = True
    ) -> None:
        self.name, self.most = name, most
        if request.method == "POST":
            self.rows = [kind(prefix=f"{name}-{number}") for number in range(min(_sent(name), most))]
        else:
            self.rows = [
                kind(formdata=None, prefix=f"{name}-{number}", data=dict(values, place=number + 1))
                for number, values in enumerate(known[:most])
            ]
        self.asks_for_more = request.method == "POST" and "more" in request.form
        if blank and (self.asks_for_more or not self.rows) and len(self.rows) < most:
            self.rows.append(kind(formdata=None, prefix=f"{name}-{len(self.rows)}"))
        self.own_errors: list[Any] = []

    @property
    def kept(self) -> list[R]:
        """The rows that were filled in and not removed, in the order people gave them."""
        filled = [row for row in self.rows if not row.remove.data and not row.is_blank]
        return sorted(filled, key=lambda row: row.place.data or 100)

    @property
    def errors(self) -> list[tuple[str, Any]]:
        """What is wrong, each with the id of its field ("" for all of it)."""
        fields = [(field.id, field.errors[0]) for row in self.kept for field in row if field.errors]
        return [*fields, *[("", message) for message in self.own_errors]]

    def validate(self) -> bool:
        """Whether every row that is kept is right."""
        return not [row for row in self.kept if not row.validate()]

    def refuse(self, message: Any) -> None:
        """Say what is wrong with all of it."""
        self.own_errors.append(message)


def _sent(name: str) -> int:
    text = request.form.get(f"{name}-rows", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
