"""Telling of a barrier."""

from wtforms import EmailField
from wtforms.validators import Email, Length, Optional

from app.kit.forms import Form, area, line
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line
from app.kit.web import safe_next


class BarrierForm(Form):
    """What did not work, where, and where an answer goes."""

    text = area(
        _l("Was hindert Sie?"),
        required=_l("Beschreiben Sie in einem Satz, was nicht geht."),
        most=4000,
        hint=_l("Zum Beispiel: Der Knopf ist mit der Tastatur nicht zu erreichen. Wenn Sie mögen, womit Sie lesen."),
    )
    page = line(_l("Auf welcher Seite?"), most=500, hint=_l("Die Seite, von der Sie kommen, steht schon da."))
    email = EmailField(
        _l("Ihre E-Mail-Adresse"),
        [
            Optional(),
            Length(max=200, message=_l("Höchstens %(max)d Zeichen, bitte.")),
            Email(_l("Das ist keine gültige E-Mail-Adresse.")),
        ],
        filters=[clean_line],
        description=_l("Nur damit wir Ihnen antworten können."),
    )

    @classmethod
    def about(cls, page: str) -> "BarrierForm":
        """The form for a page of ours; for any other address the field is empty."""
        return cls(formdata=None, data={"page": safe_next(page[:500], "")})
