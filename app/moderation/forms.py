"""Reporting and deciding."""

from wtforms import BooleanField, EmailField, Field, RadioField, SelectField
from wtforms.validators import DataRequired, Email, Length, Optional

from app.kit.forms import Choice, Form, area, refuse
from app.kit.i18n import lazy_gettext as _l
from app.moderation.models import Cause, Ground, Measure

GROUND_WORDS = {
    Ground.RESPECT: _l("Beleidigt oder bedroht Menschen"),
    Ground.PRIVACY: _l("Gibt Persönliches anderer preis"),
    Ground.OFF_TOPIC: _l("Gehört nicht hierher"),
    Ground.ADVERTISING: _l("Ist Werbung"),
    Ground.DUPLICATE: _l("Steht schon an anderer Stelle"),
    Ground.RIGHTS: _l("Verletzt Urheber- oder Bildrechte"),
    Ground.LAW: _l("Verstößt gegen ein Gesetz"),
}
GROUND_CHOICES = [Choice(ground.value, words) for ground, words in GROUND_WORDS.items()]
MEASURE_WORDS = {
    Measure.APPROVE: _l("Freigeben"),
    Measure.HIDE: _l("Ausblenden"),
    Measure.DISMISS: _l("So lassen, Meldung war unbegründet"),
    Measure.RESTORE: _l("Wieder zeigen"),
}


class ReportForm(Form):
    """A notice about a subject, also without an account (DSA, Art. 16)."""

    ground = RadioField(
        _l("Was ist nicht in Ordnung?"),
        [DataRequired(_l("Wählen Sie, was nicht in Ordnung ist."))],
        choices=GROUND_CHOICES,
    )
    text = area(
        _l("Was sollen wir uns ansehen?"),
        required=_l("Beschreiben Sie in einem Satz, worum es geht."),
        most=2000,
        hint=_l("Ein Satz genügt. Bei Gesetzesverstößen hilft uns, welches Gesetz Sie meinen."),
    )
    email = EmailField(
        _l("Ihre E-Mail-Adresse"),
        [
            Optional(),
            Length(max=200, message=_l("Höchstens %(max)d Zeichen, bitte.")),
            Email(_l("Das ist keine gültige E-Mail-Adresse.")),
        ],
        description=_l("Nur damit wir Ihnen antworten können."),
        render_kw={"autocomplete": "email"},
    )


class DecisionForm(Form):
    """A decision with its reasons (DSA, Art. 17)."""

    measure = RadioField(
        _l("Was soll geschehen?"),
        [DataRequired(_l("Wählen Sie, was geschehen soll."))],
        choices=[Choice(measure.value, words) for measure, words in MEASURE_WORDS.items()],
    )
    ground = SelectField(
        _l("Regel oder Gesetz"),
        choices=[Choice(Ground.NONE.value, _l("keine nötig")), *GROUND_CHOICES],
        default=Ground.NONE.value,
    )
    facts = area(
        _l("Begründung"),
        most=2000,
        optional=False,
        hint=_l("Wer es geschrieben hat, liest diesen Text. Beim Ausblenden steht er auch auf der Seite."),
    )
    trust = BooleanField(_l("Künftig ohne Prüfung veröffentlichen"))

    def offer(self, state: str, cause: str) -> "DecisionForm":
        """What can be decided about something in this state, which waits for this cause."""
        keep = Measure.APPROVE if cause == Cause.NEW else Measure.DISMISS
        measures = {"pending": (Measure.APPROVE, Measure.HIDE), "published": (keep, Measure.HIDE)}
        measures["hidden"] = (Measure.RESTORE, Measure.DISMISS)
        offered = measures.get(state, (Measure.DISMISS,))
        words = MEASURE_WORDS | ({Measure.DISMISS: _l("So lassen")} if cause == Cause.DESK else {})
        self.measure.choices = [Choice(measure.value, words[measure]) for measure in offered]
        return self

    def validate_facts(self, field: Field) -> None:
        """Hiding and showing again need their reason; whoever wrote it reads it."""
        if self.measure.data == Measure.HIDE and not field.data:
            refuse(_l("Beschreiben Sie, was der Grund ist. Wer es geschrieben hat, liest das."))
        if self.measure.data == Measure.RESTORE and not field.data:
            refuse(_l("Schreiben Sie, warum. Wer es geschrieben hat, liest das."))

    def validate_ground(self, field: Field) -> None:
        """A decision against somebody rests on a rule."""
        if self.measure.data == Measure.HIDE and field.data == Ground.NONE:
            refuse(_l("Wählen Sie die Regel, auf der die Entscheidung beruht."))
