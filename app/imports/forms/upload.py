"""The forms of the pages: a file to bring along, and which topic each category becomes."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath

from flask import request
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField

from app.challenges.models import Challenge
from app.imports.models import RunKind
from app.kit.forms import Choice, Form, line
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line
from app.topics.models import Topic

KINDS = [
    Choice(RunKind.IDEAS.value, _l("Ideen"), render_kw={"data-hint": _l("Sie antworten auf eine Herausforderung.")}),
    Choice(
        RunKind.COMMENTS.value, _l("Kommentare"), render_kw={"data-hint": _l("Sie stehen unter einer einzigen Seite.")}
    ),
]


class UploadForm(Form):
    """A file, what it holds, and where it goes."""

    kind = RadioField(_l("Was enthält die Datei?"), choices=KINDS, default=RunKind.IDEAS.value)
    file = FileField(_l("Datei"), description=_l("CSV, XLSX oder JSON-Zeilen, mit einer Kopfzeile."))
    challenge = SelectField(_l("Herausforderung"), description=_l("Nur für Ideen."), validate_choice=False)
    subject = line(
        _l("Nummer der Seite"),
        most=20,
        hint=_l("Nur für Kommentare: die Zahl in der Adresse der Idee, der Herausforderung oder des Projekts."),
    )
    source = line(
        _l("Name der Quelle"),
        required=_l("Nennen Sie die Plattform, von der die Datei kommt."),
        hint=_l("Er steht bei jedem übernommenen Inhalt. Dieselbe Quelle zweimal einzulesen ändert nichts."),
    )

    def offer(self, challenges: Sequence[Challenge]) -> "UploadForm":
        """The challenges to choose from."""
        nothing = [("", _("Bitte wählen"))]
        self.challenge.choices = nothing + [(str(challenge.id), challenge.title) for challenge in challenges]
        return self

    @property
    def target(self) -> str:
        """The id of what the file is about, as it was typed."""
        return str((self.challenge.data if self.kind.data == RunKind.IDEAS else self.subject.data) or "")

    @property
    def target_field(self) -> str:
        return "challenge" if self.kind.data == RunKind.IDEAS else "subject"

    def content(self) -> tuple[bytes, str]:
        """The bytes of the file and its name, without a folder; nothing where none was chosen."""
        upload = self.file.data
        if not isinstance(upload, FileStorage) or not upload.filename:
            return b"", ""
        name = PurePath(upload.filename.replace("\\", "/")).name
        return upload.read(), (clean_line(name) or "")[-200:] or _("ohne Namen")


def chosen_topics(categories: Sequence[str], known: Collection[str]) -> Mapping[str, str]:
    """The key of a topic for each category, from the selects of the page; what is no topic counts as none."""
    chosen = {category: request.form.get(f"topic-{index}", "") for index, category in enumerate(categories)}
    return {category: key if key in known else "" for category, key in chosen.items()}


def topic_options(topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """What a category may become."""
    return [("", _("wie die Herausforderung")), *((topic.key, topic.name) for topic in topics)]
