"""Agreeing that staff gets in touch."""

import re

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length

from app.ideas.models import ContactWay, IdeaContact
from app.kit.forms import Choice, Form, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line

WAYS = {
    ContactWay.MAIL: _l("per E-Mail an die Adresse Ihres Kontos"),
    ContactWay.PHONE: _l("am Telefon"),
}
PHONE = re.compile(r"[+(]?[0-9][0-9 ()/\-]{4,30}")


class AsksContact(Form):
    """A form that asks whether staff may get in touch, and how."""

    contact = BooleanField(_l("Die Anlaufstelle darf mich zu dieser Idee ansprechen."))
    contact_way = RadioField(
        _l("Auf welchem Weg?"),
        choices=[Choice(way.value, words) for way, words in WAYS.items()],
        default=ContactWay.MAIL.value,
        validate_choice=False,
    )
    # Not `line`: left empty it is looked at too.
    contact_phone = StringField(
        _l("Telefonnummer"), [Length(max=32, message=_l("Höchstens %(max)d Zeichen, bitte."))], filters=[clean_line]
    )

    def validate_contact_phone(self, field: StringField) -> None:
        """A number, where that is the way."""
        if self.way is not ContactWay.PHONE:
            return
        if not field.data:
            refuse(_l("Geben Sie die Nummer an, unter der man Sie erreicht."))
        if not PHONE.fullmatch(field.data or ""):
            refuse(_l("Das sieht nicht nach einer Telefonnummer aus. Ziffern, Leerzeichen und + genügen."))

    @property
    def way(self) -> ContactWay | None:
        """How staff may get in touch; None: not at all."""
        if not self.contact.data:
            return None
        return ContactWay.PHONE if self.contact_way.data == ContactWay.PHONE else ContactWay.MAIL


class ContactForm(AsksContact):
    """The consent alone, to change it or take it back."""

    @classmethod
    def filled(cls, given: IdeaContact | None) -> "ContactForm":
        """The form as it is first shown."""
        if given is None:
            return cls(formdata=None)
        start = {"contact": True, "contact_way": given.way, "contact_phone": given.phone}
        return cls(formdata=None, data=start)
