"""Introducing an organisation, inviting people, and choosing whom one speaks for."""

from collections.abc import Sequence
from functools import cached_property

from flask_wtf.file import FileField
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length

from app.kit.access import current_actor
from app.kit.errors import Invalid
from app.kit.forms import Choice, Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.pictures import Picture, take_in
from app.kit.text import split_address
from app.kit.web import MAX_ID
from app.organisations.commands import OrganisationText
from app.organisations.models import Category, Organisation, Role
from app.organisations.queries import voices_of
from app.places.forms import NamesPlace
from app.topics.models import Topic

CATEGORY_WORDS = {
    Category.ASSOCIATION: _l("Verein"),
    Category.SOCIAL_ENTERPRISE: _l("Sozialunternehmen"),
    Category.WELFARE: _l("Wohlfahrtsverband"),
    Category.ADMINISTRATION: _l("Verwaltung"),
    Category.SCIENCE: _l("Wissenschaft"),
    Category.COMPANY: _l("Unternehmen"),
    Category.INITIATIVE: _l("Initiative"),
    Category.OTHER: _l("Anderes"),
}
ROLE_WORDS = {Role.EDITOR: _l("schreibt mit"), Role.OWNER: _l("verwaltet")}


class Speaking(Form):
    """A form of a post: as oneself, or as one of one's organisations."""

    organisation = SelectField(_l("Sie schreiben als"), validate_choice=False, id="schreiben-als")

    @cached_property
    def voices(self) -> Sequence[Organisation]:
        """The organisations to choose from, looked up when the form is shown or one was chosen."""
        actor = current_actor()
        found = voices_of(actor)
        self.organisation.choices = [Choice("", actor.name), *[Choice(str(one.id), one.name) for one in found]]
        return found

    def validate_organisation(self, field: SelectField) -> None:
        """One of their organisations, or nothing; the choice falls back to themselves. The command asks again."""
        if field.data and self.voice is None:
            field.data = ""
            refuse(_l("Für diese Organisation können Sie nicht (mehr) schreiben. Wählen Sie, für wen Sie schreiben."))

    @property
    def organisation_id(self) -> int | None:
        """Whom the person speaks for."""
        text = self.organisation.data or ""
        return int(text) if _is_id(text) else None

    @property
    def voice(self) -> Organisation | None:
        """The organisation chosen, if it is one of theirs."""
        return next((one for one in self.voices if one.id == self.organisation_id), None)


class OrganisationForm(NamesPlace, Form):
    """Who it is, what it does, where it is found."""

    name = line(_l("Name"), required=_l("Geben Sie den Namen der Organisation an."), most=120)
    category = SelectField(_l("Art"), [DataRequired(_l("Wählen Sie, was für eine Organisation das ist."))])
    summary = area(_l("In einem Satz"), required=_l("Sagen Sie in einem Satz, was Sie tun."), most=160, rows=2)
    text = area(_l("Was wir tun"))
    place = line(_l("Ort"), most=120)
    topic = SelectField(_l("Handlungsfeld"), default="")
    website = line(_l("Website"), most=200)
    logo = FileField(_l("Logo"))

    safe_picture: Picture | None = None

    def offer(self, topics: list[Topic]) -> "OrganisationForm":
        """Let people choose among kinds of organisations and these topics."""
        kinds = [Choice(category.value, words) for category, words in CATEGORY_WORDS.items()]
        self.category.choices = [Choice("", _l("Bitte wählen")), *kinds]
        self.topic.choices = [Choice("", _l("Kein bestimmtes")), *[Choice(topic.key, topic.name) for topic in topics]]
        self._topic_ids = {topic.key: topic.id for topic in topics}
        return self

    def validate_name(self, field: StringField) -> None:
        """No address in the web: the name stands in mails to people who know nothing of us."""
        if any(mark in (field.data or "").casefold() for mark in ("http", "www.", "://")):
            refuse(_l("Der Name enthält eine Adresse im Web. Dafür gibt es das Feld „Website“."))

    def validate_website(self, field: StringField) -> None:
        """A web address, with or without its https://."""
        address = _web_address(field.data or "")
        if field.data and not address:
            refuse(_l("Das ist keine Adresse im Web. Beispiel: verein.example"))
        field.data = address

    def validate_logo(self, field: FileField) -> None:
        """A picture we can decode; it is made safe here, before any transaction."""
        if not field.data or not field.data.filename:
            return
        try:
            self.safe_picture = take_in(field.data.read())
        except Invalid as error:
            refuse(error.message)

    def to_text(self, picture_id: int | None = None) -> OrganisationText:
        """What was typed; `picture_id` is the logo that came with it."""
        return OrganisationText(
            name=self.name.data or "",
            category=self.category.data,
            summary=" ".join((self.summary.data or "").split()),
            text=self.text.data or "",
            website=self.website.data or "",
            place_id=self.place_id,
            topic_id=self._topic_ids.get(self.topic.data),
            picture_id=picture_id,
        )


class AddressForm(Form):
    """Somebody's e-mail address."""

    email = EmailField(
        _l("E-Mail-Adresse"),
        [
            DataRequired(_l("Geben Sie eine E-Mail-Adresse an.")),
            Length(max=200, message=_l("Höchstens %(max)d Zeichen, bitte.")),
            Email(_l("Das ist keine gültige E-Mail-Adresse.")),
        ],
        filters=[lambda value: value.strip() if value else value],
    )


class InviteForm(AddressForm):
    """Whom to invite, and what they may do."""

    role = RadioField(
        _l("Was diese Person tun darf"),
        choices=[
            Choice(Role.EDITOR.value, _l("Mitschreiben: für die Organisation posten und ihre Texte ändern")),
            Choice(Role.OWNER.value, _l("Verwalten: außerdem Menschen einladen und entfernen")),
        ],
        default=Role.EDITOR.value,
    )


class RoleForm(Form):
    """What a member may do from now on."""

    role = SelectField(_l("Aufgabe"), choices=[Choice(role.value, words) for role, words in ROLE_WORDS.items()])


class VerifyForm(Form):
    """Why staff give or take the verified mark."""

    reason = line(_l("Begründung"), most=300)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID


def _web_address(text: str) -> str:
    address = text if "://" in text or not text else f"https://{text}"
    parts = split_address(address)
    if parts is None or parts.scheme not in ("http", "https") or parts.username is not None or " " in address:
        return ""
    return address if "." in (parts.hostname or "").strip(".") else ""
