"""A form with a field of every kind, for the style guide."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired

from app.branding.forms import LogoField
from app.branding.models import Logo
from app.kit.covers import HUES
from app.kit.forms import Choice, Form, area, line
from app.kit.i18n import lazy_gettext as _l
from app.kit.rows import Row, Rows


class SampleForm(Form):
    """Every kind of field; `wrong` shows each with its error."""

    title = line(_l("Titel"), required=_l("Geben Sie Ihrer Idee einen Titel."))
    place = line(_l("Ort"), hint=_l("Gemeinde, Stadt oder Kreis. Wenn es überall passt, lassen Sie das Feld frei."))
    body = area(_l("Text"), required=_l("Beschreiben Sie das Problem. Ein Satz genügt."), most=200)
    status = SelectField(
        _l("Reihenfolge"), choices=[Choice("a", _l("Neueste")), Choice("b", _l("Zuletzt bewegt"))], default="a"
    )
    topic = RadioField(_l("Handlungsfeld"), [DataRequired(_l("Wählen Sie ein Handlungsfeld."))])
    ground = RadioField(_l("Was ist nicht in Ordnung?"), [DataRequired(_l("Wählen Sie, was nicht in Ordnung ist."))])
    picture = FileField(_l("Bild"))
    sure = BooleanField(
        _l("Ja, mein Konto soll gelöscht werden."), [InputRequired(_l("Bitte bestätigen Sie das Löschen."))]
    )
    organisation = SelectField(
        _l("Sie schreiben als"), choices=[Choice("", _l("Person")), Choice("1", _l("Organisation"))], default=""
    )

    voices = (1,)

    @classmethod
    def sample(cls, prefix: str, *, wrong: bool = False) -> "SampleForm":
        """The form empty, or as it comes back with errors."""
        form = cls(formdata=None, prefix=prefix)
        form.topic.choices = [Choice(str(hue), f"{hue}°", {"data-hue": hue}) for hue in HUES]
        form.ground.choices = [
            Choice("a", _l("Ist Werbung")),
            Choice("b", _l("Gehört nicht hierher"), {"data-hint": _l("Ein Satz genügt.")}),
        ]
        if wrong:
            form.validate()
        return form


class SampleRow(Row):
    """A row of the rows that people add and put in order."""

    TELLING = ("title",)

    title = line(_l("Titel"), required=_l("Geben Sie Ihrer Idee einen Titel."))

    @classmethod
    def sample(cls, name: str, *titles: str, wrong: bool = False) -> "Rows[SampleRow]":
        """Rows that are known and a new one; or, with errors, as many as there may be."""
        known = [{"id": str(number), "title": title} for number, title in enumerate(titles, start=1)]
        rows = Rows(cls, name, known if wrong else [*known, {}], most=len(titles) if wrong else 9, blank=False)
        if wrong:
            rows.validate()
            rows.refuse(_l("Bitte bestätigen Sie das Löschen."))
        return rows


class LogoSample(Form):
    """Fields for a logo: empty, with one where there is one, and with what went wrong."""

    empty = LogoField("Logo")
    kept = LogoField("Logo mit Bild")
    wrong = LogoField("Logo mit Fehler")

    @classmethod
    def sample(cls, logo: Logo | None) -> "LogoSample":
        """Nothing was sent."""
        form = cls(formdata=None, prefix="logo-", data={"kept": logo})
        form.wrong.errors = ["Das Bild lässt sich nicht lesen."]
        return form
