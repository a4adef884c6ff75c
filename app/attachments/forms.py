"""Pictures and files in a form: rows of what is there, in an order, and a field for new ones.

What a form sends of a field "picture": `picture` – new files; `picture_alt` – what is to be seen on the first of them;
`picture_id` – the rows' ids in their order; `picture_alt_12` and `picture_plain_12` – words for row 12, or that it
needs none; `picture_gone` – the ids of rows taken away. A draft from before galleries holds one `picture_id` with
`picture_alt`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field
from wtforms.form import BaseForm

from app.attachments.commands import MOST_FILES, MOST_PICTURES, Arranged, Row
from app.attachments.models import File, Picture
from app.attachments.queries import to_arrange
from app.kit import documents, pictures
from app.kit.access import current_actor
from app.kit.documents import Document
from app.kit.drafts import Fields
from app.kit.errors import Invalid
from app.kit.forms import Form
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line

ALT_LENGTH = 240
CHOSEN_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the form shows it: what is said, and of what."""

    row: Row
    thing: Any


class UploadField(Field):
    """Things of a subject in an order; `name` and its derived names are explained above."""

    model: Any = Picture
    most = MOST_PICTURES

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the rows and what was chosen; the rows of an edited subject come with `about`."""
        self.process_errors, self.data = [], None
        self.subject_id: int | None = None
        self.rows: list[Row] = []
        self.gone: list[int] = []
        self.chosen: list[Any] = []
        self.fresh_pictures: list[tuple[pictures.Picture, str]] = []
        self.fresh_documents: list[Document] = []
        self.new_alt, self.has_new = "", False
        self._shown: list[Shown] | None = None
        if formdata is not None:
            self._read(formdata)

    def _read(self, formdata: Any) -> None:
        chosen = [file for file in formdata.getlist(self.name) if getattr(file, "filename", "")]
        self.chosen = chosen[:CHOSEN_AT_MOST]
        self.gone = _ids(formdata.getlist(f"{self.name}_gone"))
        self.new_alt = (clean_line(formdata.get(f"{self.name}_alt")) or "")[:ALT_LENGTH]
        ids = _ids(formdata.getlist(f"{self.name}_id"))
        words = {f"{self.name}_{kind}_{ident}" for kind in ("alt", "plain") for ident in ids}
        if len(ids) == 1 and not any(name in formdata for name in words) and not self.chosen:
            self.rows = [Row(ids[0], self.new_alt)]
            return
        for ident in ids:
            alt = (clean_line(formdata.get(f"{self.name}_alt_{ident}")) or "")[:ALT_LENGTH]
            self.rows.append(Row(ident, alt, f"{self.name}_plain_{ident}" in formdata))

    def pre_validate(self, form: BaseForm) -> None:
        """Take in what was chosen, one by one; what cannot be is named in words, the others stay."""
        self.errors = list(self.errors)
        room = self.most - len(self.shown)
        if len(self.chosen) > room:
            self.errors.append(self.too_many())
        for place, file in enumerate(self.chosen[: max(room, 0)]):
            try:
                self.take_in(file, self.new_alt if place == 0 else "")
            except Invalid as error:
                self.errors.append(f"{_named(file)}: {error.message}" if len(self.chosen) > 1 else str(error.message))

    def take_in(self, file: Any, alt: str) -> None:
        """Make one upload safe, before any transaction."""
        self.fresh_pictures.append((pictures.take_in(file.read()), alt))

    def too_many(self) -> str:
        return str(
            _("Höchstens %(number)s Bilder, bitte. Nehmen Sie eines weg, bevor Sie ein neues wählen.", number=self.most)
        )

    def took(self, ids: Sequence[int]) -> None:
        """What was chosen is stored now under these ids."""
        words = [alt for _safe, alt in self.fresh_pictures] or [""] * len(ids)
        self.rows = [*self.current, *(Row(ident, alt) for ident, alt in zip(ids, words, strict=True))]
        self.chosen, self.fresh_pictures, self.fresh_documents = [], [], []
        self.new_alt, self._shown, self.has_new = "", None, bool(ids)

    def press(self, button: str) -> None:
        """Do what a row's button says: "up-12", "down-12", "gone-12"; anything else changes nothing."""
        verb, _dash, number = button.partition("-")
        rows = self.current
        place = next((place for place, row in enumerate(rows) if str(row.id) == number), None)
        if place is None:
            return
        row = rows.pop(place)
        if verb == "gone":
            self.gone.append(row.id)
        else:
            rows.insert(max(0, place + {"up": -1, "down": 1}.get(verb, 0)), row)
        self.rows, self._shown = rows, None

    def about(self, subject_id: int | None) -> None:
        """Say whose things these are; those that the form does not name stand behind."""
        self.subject_id, self._shown = subject_id, None

    @property
    def shown(self) -> list[Shown]:
        """The rows in their order, each with what it is about; what is not this person's to arrange is missing."""
        if self._shown is None:
            ids = [row.id for row in self.rows]
            found = to_arrange(self.model, current_actor(), ids, self.subject_id)
            things = {thing.id: thing for thing in found if thing.id not in self.gone}
            rows = [row for row in self.rows if row.id in things]
            rows += [_row_of(thing) for thing in things.values() if thing.id not in ids]
            self._shown = [Shown(row, things[row.id]) for row in rows]
        return self._shown

    @property
    def current(self) -> list[Row]:
        return [shown.row for shown in self.shown]

    @property
    def arranged(self) -> Arranged:
        """What the form says, for the command."""
        return Arranged(tuple(self.current), tuple(self.gone))

    @property
    def pairs(self) -> Fields:
        """The rows as a form would send them: for drafts, and for the form that follows a preview."""
        pairs = [(f"{self.name}_gone", str(ident)) for ident in self.gone]
        for row in self.current:
            pairs += [(f"{self.name}_id", str(row.id)), (f"{self.name}_alt_{row.id}", row.alt)]
            pairs += [(f"{self.name}_plain_{row.id}", "1")] if row.is_decorative else []
        return pairs

    def owns(self, name: str) -> bool:
        """Whether a form's name belongs to this field."""
        return bool(re.fullmatch(rf"{self.name}(?:_id|_gone|_alt|_alt_\d+|_plain_\d+)?", name))


class PicturesField(UploadField):
    """Up to six pictures; the first is the cover."""


class FilesField(UploadField):
    """Up to five files for download."""

    model = File
    most = MOST_FILES

    def take_in(self, file: Any, alt: str) -> None:
        """Look into one upload, before any transaction."""
        content = file.read(documents.MAX_BYTES + 1)
        self.fresh_documents.append(documents.take_in(content, file.filename))

    def too_many(self) -> str:
        return str(
            _("Höchstens %(number)s Dateien, bitte. Nehmen Sie eine weg, bevor Sie eine neue wählen.", number=self.most)
        )


class HasUploads(Form):
    """A form with pictures or files; an edited subject's are shown after `about(subject_id)`."""

    @property
    def uploads(self) -> list[UploadField]:
        return [field for field in self if isinstance(field, UploadField)]

    def about(self, subject_id: int | None) -> None:
        """Say whose pictures and files these are."""
        for field in self.uploads:
            field.about(subject_id)

    def with_rows(self, fields: Fields) -> Fields:
        """Form data in which the rows stand as they are now, for a draft."""
        others = [(name, value) for name, value in fields if not any(field.owns(name) for field in self.uploads)]
        return [*others, *(pair for field in self.uploads for pair in field.pairs)]


class HasPictures(HasUploads):
    """A form with a gallery."""

    picture = PicturesField(_l("Bilder"))


class HasFiles(HasUploads):
    """A form with files for download."""

    file = FilesField(_l("Dateien"))


class UploadForm(HasPictures, HasFiles):
    """What the buttons of the rows send: the whole form, of which only rows are read."""


def _ids(texts: list[Any]) -> list[int]:
    numbers = [int(text) for text in texts if isinstance(text, str) and re.fullmatch(r"[0-9]{1,18}", text)]
    return list(dict.fromkeys(numbers))[:50]


def _row_of(thing: Any) -> Row:
    return Row(thing.id, thing.alt, thing.is_decorative) if isinstance(thing, Picture) else Row(thing.id)


def _named(file: Any) -> str:
    return documents.clean_name(file.filename, "").rstrip(".")
