"""Asking somebody to write along; withdrawing with a reason."""

from wtforms import StringField
from wtforms.validators import Email, ValidationError

from app.kit.forms import Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l


class CoauthorForm(Form):
    """Whom to ask."""

    whom = line(
        _l("E-Mail-Adresse oder Name des Profils"),
        required=_l("Schreiben Sie, wen Sie einladen möchten."),
        most=254,
    )

    def validate_whom(self, field: StringField) -> None:
        """What has an @ in the middle is an address."""
        if "@" not in (field.data or "")[1:]:
            return
        try:
            Email()(self, field)
        except ValidationError:
            refuse(_l("Prüfen Sie die Adresse. So sieht eine aus: name@beispiel.de"))


class WithdrawForm(Form):
    """Why an idea is taken back."""

    reason = area(_l("Warum ziehen Sie die Idee zurück?"), most=400, rows=3)
