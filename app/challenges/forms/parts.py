"""Questions, criteria, voting, news, co-hosts."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange, Optional

from app.challenges.commands import CriterionText, QuestionText
from app.challenges.models import ChallengeCriterion, ChallengeQuestion, QuestionKind, VotingMethod
from app.kit.forms import Choice, Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.rows import Row
from app.organisations.models import Organisation
from app.organisations.queries import organisation_called

KIND_WORDS = {
    QuestionKind.TEXT: _l("Text"),
    QuestionKind.CHOICE: _l("Auswahl"),
    QuestionKind.NUMBER: _l("Zahl"),
    QuestionKind.FILE: _l("Datei"),
}
MOST_OPTIONS = 20


class QuestionRow(Row):
    """One question of the idea form."""

    TELLING = ("label", "hint", "options", "unit")

    kind = SelectField(_l("Art der Antwort"), default=QuestionKind.TEXT.value)
    label = line(_l("Frage"), required=_l("Schreiben Sie die Frage."), most=200)
    hint = line(_l("Hilfe dazu"), most=240)
    is_required = BooleanField(_l("Muss beantwortet werden"))
    options = area(_l("Antworten zur Auswahl, eine je Zeile"), most=2000, rows=3)
    unit = line(_l("Einheit der Zahl"), most=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [Choice(kind.value, words) for kind, words in KIND_WORDS.items()]

    fixed: ChallengeQuestion | None = None
    must_be_optional = False

    def fix(self, answered: Mapping[int, ChallengeQuestion] | None) -> None:
        """Where ideas have answered (None: where not), a question keeps its words and a new one is optional."""
        known = (answered or {}).get(self.row_id or 0)
        self.fixed, self.must_be_optional = known, answered is not None and known is None
        if known is not None:
            self.kind.data, self.label.data, self.unit.data = known.kind, known.label, known.unit
            self.options.data = "\n".join(known.options)

    def validate_is_required(self, field: Field) -> None:
        """Those who answered before it cannot be made to."""
        if field.data and (self.must_be_optional or (self.fixed is not None and not self.fixed.is_required)):
            refuse(_l("Es gibt schon Ideen. Eine Frage kann jetzt nur noch freiwillig sein."))

    def validate_kind(self, field: Field) -> None:
        """A choice has at least two different answers, and not too many."""
        if field.data == QuestionKind.CHOICE and not 2 <= len(self.choices) <= MOST_OPTIONS:
            refuse(_l("Eine Auswahl braucht zwei bis 20 verschiedene Antworten, jede in einer eigenen Zeile."))

    @property
    def choices(self) -> list[str]:
        """The answers to choose from, each once."""
        lines = (" ".join(text.split())[:120] for text in (self.options.data or "").splitlines())
        return list(dict.fromkeys(text for text in lines if text))

    def to_text(self, *, is_asked: bool = True) -> QuestionText:
        return QuestionText(
            id=self.row_id,
            kind=self.kind.data,
            label=self.label.data or "",
            hint=self.hint.data or "",
            is_required=bool(self.is_required.data),
            options=self.choices,
            unit=self.unit.data or "",
            is_asked=is_asked,
        )


class CriterionRow(Row):
    """One criterion."""

    TELLING = ("name", "description")

    name = line(_l("Kriterium"), required=_l("Geben Sie dem Kriterium einen Namen."), most=80)
    description = area(_l("Woran man es erkennt"), most=400, rows=2)
    weight = IntegerField(
        _l("Gewicht"), [Optional(), NumberRange(1, 5, _l("Das Gewicht ist eine Zahl von 1 bis 5."))], default=1
    )

    def to_text(self) -> CriterionText:
        words = {"name": self.name.data or "", "description": self.description.data or ""}
        return CriterionText(id=self.row_id, weight=self.weight.data or 1, **words)


class VotingForm(Form):
    """How people vote on the ideas of a challenge."""

    method = RadioField(
        _l("Wie wird abgestimmt?"),
        choices=[
            Choice(VotingMethod.SUPPORT.value, _l("Unterstützen: so viele Ideen, wie jemand gut findet")),
            Choice(VotingMethod.VOTES.value, _l("Stimmen verteilen: jede Person hat eine feste Zahl von Stimmen")),
        ],
        default=VotingMethod.SUPPORT.value,
    )
    votes_each = IntegerField(
        _l("Stimmen je Person"), [Optional(), NumberRange(1, 50, _l("Eine Zahl von 1 bis 50, bitte."))]
    )

    def validate_method(self, field: Field) -> None:
        """Who counts votes says how many."""
        if field.data == VotingMethod.VOTES and not self.votes_each.data:
            refuse(_l("Sagen Sie, wie viele Stimmen jede Person hat."))


class NewsForm(Form):
    """News of a challenge."""

    title = line(_l("Überschrift"), required=_l("Geben Sie der Neuigkeit eine Überschrift."), most=110)
    body = area(_l("Was gibt es Neues?"), required=_l("Schreiben Sie, was es Neues gibt."), most=6000, rows=6)


class HostForm(Form):
    """Which organisation to ask: by the name or the address of its page."""

    organisation = line(
        _l("Organisation"), required=_l("Nennen Sie die Organisation, die Sie einladen möchten."), most=200
    )

    found: Organisation | None = None

    def validate_organisation(self, field: Field) -> None:
        """One that has a public page here."""
        self.found = organisation_called(field.data or "")
        if self.found is None:
            refuse(_l("Diese Organisation hat hier keine Seite. Schreiben Sie ihren Namen so, wie er auf ihr steht."))


def question_values(question: ChallengeQuestion) -> dict[str, Any]:
    """What the row of a question shows."""
    same = {name: getattr(question, name) for name in ("kind", "label", "hint", "is_required", "unit")}
    return {"id": str(question.id), "options": "\n".join(question.options), "remove": not question.is_asked, **same}


def criterion_values(criterion: ChallengeCriterion) -> dict[str, Any]:
    """What the row of a criterion shows."""
    return {"id": str(criterion.id)} | {name: getattr(criterion, name) for name in ("name", "description", "weight")}
