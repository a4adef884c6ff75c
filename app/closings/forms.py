"""The closing statement and what becomes of each idea on one page of it."""

from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField

from app.closings.commands import Verdict, fits, usual_reason
from app.closings.models import Outcome, OutcomeKind
from app.ideas.models import Idea
from app.kit.forms import Choice, Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.rows import Row

KIND_WORDS = {
    OutcomeKind.PROJECT: _l("wird als Projekt weiterverfolgt"),
    OutcomeKind.SHORTLISTED: _l("bleibt in der engeren Auswahl"),
    OutcomeKind.PASSED_ON: _l("wird weitergegeben"),
    OutcomeKind.NOT_PURSUED: _l("wird nicht weiterverfolgt"),
}


def _choices() -> list[Choice]:
    return [Choice("", _l("noch offen")), *[Choice(kind.value, words) for kind, words in KIND_WORDS.items()]]


class OutcomeRow(Row):
    """What becomes of one idea; `was` is what the page showed as said of it."""

    was = HiddenField()
    kind = SelectField(_l("Was wird daraus?"))
    reason = area(_l("Begründung"), most=600, rows=2)
    passed_to = line(_l("An wen?"), most=120)
    pick = BooleanField(_l("Auswählen"))

    idea: Idea | None = None
    outcome: Outcome | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = _choices()

    def validate_kind(self, field: Field) -> None:
        """What can be true of this idea."""
        if self.idea is not None and field.data and not fits(self.idea, field.data):
            refuse(_l("Aus dieser Idee ist schon ein Projekt geworden."))

    @property
    def is_said(self) -> bool:
        """Whether something was chosen for it."""
        return bool(self.kind.data) and self.idea is not None

    @property
    def is_taken_back(self) -> bool:
        """Whether what the page showed as said of it is to be open again."""
        return bool(self.was.data) and not self.kind.data and self.idea is not None

    def check(self) -> None:
        """A choice has its reason, a reason its choice, and who passes on says to whom."""
        if self.is_taken_back and self.outcome is not None and self.outcome.told_at:
            self.add_errors({"kind": _l("Das ist schon öffentlich. Wählen Sie, was stattdessen aus der Idee wird.")})
        elif self.reason.data and not self.kind.data and not self.is_taken_back:
            self.add_errors({"kind": _l("Wählen Sie, was aus der Idee wird.")})
        if self.is_said and not self.reason.data:
            self.add_errors({"reason": _l("Schreiben Sie eine kurze Begründung. Wer die Idee hatte, liest sie.")})
        if self.kind.data == OutcomeKind.PASSED_ON and not self.passed_to.data:
            self.add_errors({"passed_to": _l("Schreiben Sie, an wen die Idee geht.")})

    def take(self, verdict: Verdict) -> None:
        """Fill in what was said of several."""
        self.kind.data, self.reason.data, self.passed_to.data = verdict.kind, verdict.reason, verdict.passed_to

    def to_verdict(self) -> Verdict:
        return Verdict(kind=self.kind.data, reason=self.reason.data or "", passed_to=self.passed_to.data or "")


class ClosingForm(Form):
    """The statement, and one verdict for several ideas at once."""

    text = area(_l("Was sagen Sie allen, die mitgemacht haben?"), most=8000, rows=8)
    bulk_kind = SelectField(_l("Was wird aus ihnen?"))
    bulk_reason = area(_l("Begründung"), most=600, rows=2)
    bulk_passed_to = line(_l("An wen?"), most=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bulk_kind.choices = _choices()

    def check_bulk(self) -> bool:
        """Whether the verdict for several is complete."""
        errors = {}
        if not self.bulk_kind.data:
            errors["bulk_kind"] = _l("Wählen Sie, was aus den Ideen wird.")
        if not self.bulk_reason.data:
            errors["bulk_reason"] = _l("Schreiben Sie eine kurze Begründung. Wer die Ideen hatte, liest sie.")
        if self.bulk_kind.data == OutcomeKind.PASSED_ON and not self.bulk_passed_to.data:
            errors["bulk_passed_to"] = _l("Schreiben Sie, an wen die Ideen gehen.")
        self.add_errors(errors)
        return not errors

    def to_bulk(self) -> Verdict:
        return Verdict(
            kind=self.bulk_kind.data, reason=self.bulk_reason.data or "", passed_to=self.bulk_passed_to.data or ""
        )


def values_of(idea: Idea, outcome: Outcome | None, suggested: OutcomeKind | None) -> dict[str, Any]:
    """What the row of an idea shows; what its status says is chosen already."""
    if outcome is None:
        kind, reason = (suggested.value, usual_reason(suggested)) if suggested else ("", "")
        return {"id": str(idea.id), "kind": kind, "reason": reason}
    said = {"kind": outcome.kind, "reason": outcome.reason, "passed_to": outcome.passed_to}
    return {"id": str(idea.id), "was": outcome.kind, **said}
