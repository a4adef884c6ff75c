"""A phase as people lay it out."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, Field, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.challenges.activities import PHASE_LOOK
from app.challenges.commands import PhaseText
from app.challenges.models import DEFAULT_ACTS, PHASE_ACTS, ChallengePhase, PhaseKind
from app.kit.forms import Choice, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.rows import Row
from app.subjects.acts import Act

ACT_WORDS = {
    Act.SUBMIT: _l("Ideen einreichen"),
    Act.EDIT: _l("eigene Ideen ändern"),
    Act.SUPPORT: _l("Ideen unterstützen"),
    Act.COMMENT: _l("kommentieren"),
    Act.ASSESS: _l("Ideen bewerten (Jury)"),
}


class Day(DateField):
    """A day or none; unlike with `Optional`, the form's own rules also see it empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if any(text.strip() for text in valuelist):
            super().process_formdata(valuelist)
        else:
            self.data = None


class PhaseRow(Row):
    """One phase: what it is for, when, and what people can do."""

    TELLING = ("kind", "name", "text", "first_day", "last_day", "acts")

    kind = SelectField(_l("Wofür"))
    name = line(_l("Eigener Name"), most=60)
    text = area(_l("Ein Satz dazu"), most=400, rows=2)
    by_hand = BooleanField(_l("Von Hand öffnen und beenden"))
    first_day = DateField(_l("Erster Tag"), [Optional()])
    last_day = Day(_l("Letzter Tag"))
    acts = SelectMultipleField(
        _l("Was dann möglich ist"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Choice(kind.value, PHASE_LOOK[kind][1]) for kind in PhaseKind]
        self.kind.choices = [Choice("", _l("Bitte wählen")), *kinds]
        self.acts.choices = [Choice(act.value, words) for act, words in ACT_WORDS.items()]

    fixed: ChallengePhase | None = None

    def fix(self, phase: ChallengePhase) -> None:
        """People rely on this phase: what it is and when it began stays."""
        self.fixed = phase
        self.kind.data, self.by_hand.data, self.first_day.data = phase.kind, phase.by_hand, phase.first_day
        self.acts.data, self.remove.data = [act.value for act in phase.acts], False

    def validate_kind(self, field: Field) -> None:
        """Every phase is for something."""
        if not field.data:
            refuse(_l("Wählen Sie, wofür die Phase da ist."))

    def validate_last_day(self, field: Field) -> None:
        """It ends no earlier than it begins; without any day it runs from the first day on, until somebody ends it."""
        if self.by_hand.data:
            return
        if field.data and self.first_day.data and field.data < self.first_day.data:
            refuse(_l("Der letzte Tag liegt vor dem ersten."))
        if self.fixed is not None and field.data != self.fixed.last_day and not self._is_later(field.data):
            refuse(_l("Diese Phase hat schon begonnen. Ihr Ende können Sie nur hinausschieben."))

    def _is_later(self, day: date | None) -> bool:
        assert self.fixed is not None
        runs, last = self.fixed.is_running, self.fixed.last_day
        return runs and last is not None and (day is None or day > last)

    def to_text(self) -> PhaseText:
        """What was laid out; a new phase without acts opens what is usual for its kind."""
        chosen = frozenset(act for act in PHASE_ACTS if act.value in (self.acts.data or []))
        usual = frozenset() if self.row_id or chosen else DEFAULT_ACTS[PhaseKind(self.kind.data)]
        by_hand = bool(self.by_hand.data)
        return PhaseText(
            id=self.row_id,
            kind=self.kind.data,
            name=self.name.data or "",
            text=self.text.data or "",
            by_hand=by_hand,
            first_day=None if by_hand else self.first_day.data,
            last_day=None if by_hand else self.last_day.data,
            acts=chosen or usual,
        )


def values_of(phase: ChallengePhase) -> dict[str, Any]:
    """What the row of a phase shows."""
    days = {} if phase.by_hand else {"first_day": phase.first_day, "last_day": phase.last_day}
    return {
        "id": str(phase.id),
        "kind": phase.kind,
        "name": phase.name,
        "text": phase.text,
        "by_hand": phase.by_hand,
        "acts": [act.value for act in phase.acts],
        **days,
    }
