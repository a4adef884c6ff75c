"""The challenge's own questions within the form of an idea."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Optional

from app.attachments.forms import FilesField, HasUploads
from app.attachments.models import File
from app.challenges.models import Challenge, ChallengeQuestion, QuestionKind
from app.ideas.commands import GivenAnswer
from app.ideas.models import QuestionAnswer
from app.kit.forms import Choice, Form, area, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line

NUMBER = re.compile(r"[-\u2212]?[0-9]{1,12}(?:[.,][0-9]{1,4})?")
GROUPED = re.compile(r"[-\u2212]?[0-9]{1,3}(?:[. \u202f\u00a0][0-9]{3})+(?:,[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its field of the form."""

    question: ChallengeQuestion
    field: Any


class OneFile(FilesField):
    """The file that answers a question; `kept` is the one that answers it so far."""

    most = 1
    kept: File | None = None
    is_needed = False

    def about(self, subject_id: int | None) -> None:
        """It belongs to an answer, not among the files of the idea."""

    def pre_validate(self, form: BaseForm) -> None:
        """Take in what was chosen, in place of what was there."""
        if self.chosen:
            self.rows, self._shown = [], None
        super().pre_validate(form)
        if self.is_needed and not self.errors and not self.fresh_documents and self.file_id is None:
            self.errors = [*self.errors, str(_l("Wählen Sie eine Datei: Die Herausforderung bittet darum."))]

    @property
    def file_id(self) -> int | None:
        """The file that answers from now on: a new one, else the one there was unless it was taken away."""
        if self.current:
            return int(self.current[0].id)
        if self.kept is None or self.kept.id in self.gone:
            return None
        return self.kept.id


class HasQuestions(HasUploads):
    """A form that asks what a challenge asks; `asked_for` is the challenge whose questions were shown."""

    asked_for = HiddenField()

    asked: Sequence[Asked] = ()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Remember what was sent: the fields of the questions read it when they are known."""
        self._sent = self.meta.wrap_formdata(self, formdata)
        super().process(self._sent, *args, **kwargs)

    def ask(self, challenge: Challenge | None, kept: Sequence[QuestionAnswer] = ()) -> None:
        """Add a field for each question; `kept` are the answers there are."""
        known = {answer.question_id: answer for answer in kept}
        questions = [question for question in challenge.questions if question.is_asked] if challenge else []
        self.asked = [Asked(question, self._add(question, known)) for question in questions]
        self._was_shown = challenge is None or self.asked_for.data == str(challenge.id)

    def validate_challenge(self, field: SelectField) -> None:
        """Nobody sends an idea without having seen what the challenge asks."""
        if self.asked and not self._was_shown:
            refuse(_l("Diese Herausforderung stellt eigene Fragen. Sie stehen jetzt unter den drei Fragen."))

    @property
    def given_answers(self) -> list[GivenAnswer]:
        """What was said to each question that was asked."""
        return [_given(one) for one in self.asked]

    def _add(self, question: ChallengeQuestion, known: Mapping[int, QuestionAnswer]) -> Any:
        name, answer = f"question_{question.id}", known.get(question.id)
        field: Any = self.meta.bind_field(self, _unbound(question), {"name": name, "prefix": ""})
        field.process(self._sent, _start(answer))
        if isinstance(field, OneFile):
            field.kept, field.is_needed = answer.file if answer else None, question.is_required
        self._fields[name] = field
        return field


def number_in(text: str) -> float | None:
    """The number somebody wrote, the German way or with a point: 1.250,5 or 1250.5; None for anything else."""
    bare = text.strip()
    if GROUPED.fullmatch(bare):
        bare = re.sub(r"[. \u202f\u00a0]", "", bare)
    elif not NUMBER.fullmatch(bare):
        return None
    return float(bare.replace("\u2212", "-").replace(",", "."))


def _unbound(question: ChallengeQuestion) -> Any:
    missing = _l("Beantworten Sie die Frage: %(question)s", question=question.label) if question.is_required else None
    if question.kind == QuestionKind.CHOICE:
        offered = [Choice(option, option) for option in question.options]
        none = [] if missing else [Choice("", _l("Keine Angabe"))]
        rules = [DataRequired(missing)] if missing else []
        return RadioField(
            question.label,
            [*rules, _one_of],
            choices=[*none, *offered],
            default=None if missing else "",
            description=question.hint,
            validate_choice=False,
        )
    if question.kind == QuestionKind.NUMBER:
        first: Any = DataRequired(missing) if missing else Optional()
        return StringField(question.label, [first, _a_number], filters=[clean_line], description=question.hint)
    if question.kind == QuestionKind.FILE:
        return OneFile(question.label, description=question.hint)
    return area(question.label, required=missing, most=2000, hint=question.hint, rows=4)


def _one_of(_form: Form, field: RadioField) -> None:
    offered: Any = field.choices
    if field.data and field.data not in [option.value for option in offered]:
        refuse(_l("Wählen Sie eine der Antworten."))


def _a_number(_form: Form, field: StringField) -> None:
    if field.data and number_in(field.data) is None:
        refuse(_l("Schreiben Sie eine Zahl, zum Beispiel 12 oder 12,5."))


def _start(answer: QuestionAnswer | None) -> str | None:
    if answer is None:
        return None
    return answer.text if answer.number is None else answer.plain_number


def _given(one: Asked) -> GivenAnswer:
    if isinstance(one.field, OneFile):
        return GivenAnswer(question_id=one.question.id, file_id=one.field.file_id)
    text = one.field.data or ""
    if one.question.kind == QuestionKind.NUMBER:
        return GivenAnswer(question_id=one.question.id, number=number_in(text) if text else None)
    return GivenAnswer(question_id=one.question.id, text=text)
