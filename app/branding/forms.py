"""Changing the look."""

import re
from collections.abc import Iterator
from typing import Any

from flask import request
from wtforms import BooleanField, Field, HiddenField, StringField
from wtforms.form import BaseForm

from app.branding.models import MOST_PARTNERS, Logo, Look, Partner
from app.kit import pictures, storage
from app.kit.colours import parse
from app.kit.errors import Invalid
from app.kit.forms import Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.pictures import Picture
from app.kit.rows import Row, Rows
from app.kit.text import split_address

KEPT = re.compile(r"([0-9a-f]{32}) ([1-9][0-9]{0,3}) ([1-9][0-9]{0,4})")


class LogoField(Field):
    """A picture of the operator's. A form sends `name` (a new file), `name_kept` (the one there is), `name_gone`."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read which logo there is, and which was chosen instead."""
        self.process_errors, self.chosen = [], None
        self.fresh: Picture | None = None
        self.data: Logo | None = data
        if formdata is not None and request.method == "POST":
            chosen = formdata.get(self.name)
            self.chosen = chosen if getattr(chosen, "filename", "") else None
            is_gone = f"{self.name}_gone" in formdata
            self.data = None if is_gone else _kept(formdata.get(f"{self.name}_kept") or "")

    def pre_validate(self, form: BaseForm) -> None:
        """Decode what was chosen; it is made safe here, before any transaction."""
        if self.chosen is None:
            return
        try:
            self.fresh = pictures.take_in(self.chosen.read())
        except Invalid as error:
            refuse(error.message)

    def took(self, logo: Logo) -> None:
        """What was chosen is kept now."""
        self.data, self.fresh, self.chosen = logo, None, None

    @property
    def kept(self) -> str:
        """The logo there is, as the form sends it along."""
        return f"{self.data.name} {self.data.width} {self.data.height}" if self.data else ""


class PartnerRow(Row):
    """A logo in the footer."""

    TELLING = ("alt", "url")

    picture = LogoField(_l("Logo"))
    alt = line(_l("Wessen Logo ist das?"), most=160, hint=_l("So wird es vorgelesen, zum Beispiel: Stadt Döbeln."))
    url = line(_l("Adresse im Web"), most=300, hint=_l("Wohin das Logo führt. Beispiel: https://verein.example"))

    @property
    def is_blank(self) -> bool:
        """Nothing was chosen and nothing said."""
        return not self.picture.data and not self.picture.chosen and not (self.alt.data or self.url.data)

    def validate_picture(self, field: LogoField) -> None:
        """A row stands for a logo."""
        if not field.data and not field.chosen:
            refuse(_l("Wählen Sie das Bild, oder leeren Sie die Felder."))

    def validate_url(self, field: StringField) -> None:
        """A web address."""
        parts = split_address(field.data or "")
        if field.data and (parts is None or parts.scheme not in ("http", "https") or not parts.hostname):
            refuse(_l("Das ist keine Adresse im Web. Beispiel: https://verein.example"))

    def to_partner(self) -> Partner | None:
        """What the row says, if it has a picture."""
        return Partner(self.picture.data, self.alt.data or "", self.url.data or "") if self.picture.data else None


class LookForm(Form):
    """Everything about the look but the footer's logos, which are rows of their own (`partners`)."""

    name = line(_l("Name der Plattform"), most=60, required=_l("Geben Sie der Plattform einen Namen."))
    claim = line(_l("Wofür sie steht"), most=90, hint=_l("Steht unter dem Namen und in Suchmaschinen."))
    claim_en = line(_l("Wofür sie steht, auf Englisch"), most=90, hint=_l("Leer: wie auf Deutsch."))
    logo = LogoField(_l("Logo"))
    logo_dark = LogoField(_l("Logo für die dunkle Darstellung"))
    shows_name = BooleanField(_l("Name und Leitsatz neben dem Logo zeigen"))
    colour = line(_l("Markenfarbe"), most=20, required=_l("Geben Sie eine Farbe an, zum Beispiel #FACF38."))
    hero_title = line(_l("Überschrift"), most=90)
    hero_lead = area(_l("Einleitung"), most=400, rows=3)
    hero_title_en = line(_l("Überschrift, auf Englisch"), most=90)
    hero_lead_en = area(_l("Einleitung, auf Englisch"), most=400, rows=3)
    shows_eu = BooleanField(_l("Emblem der Europäischen Union mit „Kofinanziert von der Europäischen Union“ zeigen"))
    based_on = HiddenField()

    partners: Rows[PartnerRow]
    newest: Look

    def of(self, newest: Look) -> "LookForm":
        """Change what is the look now."""
        known = [{"picture": one.logo, "alt": one.alt, "url": one.url} for one in newest.partners]
        self.newest, self.partners = newest, Rows(PartnerRow, "partner", known, most=MOST_PARTNERS)
        return self

    @classmethod
    def filled(cls, newest: Look) -> "LookForm":
        """The form as an editor first sees it."""
        values = {name: getattr(newest, name) for name in Look.__dataclass_fields__}
        return cls(formdata=None, data=values | {"based_on": str(newest.version)}).of(newest)

    def validate_colour(self, field: StringField) -> None:
        """A colour as designers write it."""
        colour = parse(field.data or "")
        if colour is None:
            refuse(_l("Das ist keine Farbe. Schreiben Sie sie mit sechs Zeichen von 0 bis F, zum Beispiel #FACF38."))
        else:
            field.data = colour.hex

    def validate_based_on(self, field: Field) -> None:
        """Nobody writes over what they have not seen."""
        if field.data != str(self.newest.version):
            field.data = str(self.newest.version)
            refuse(_l("Jemand anderes hat inzwischen etwas geändert. Speichern Sie noch einmal, dann gilt Ihres."))

    def check(self) -> bool:
        """Whether all of it is right: fields and rows."""
        return all([self.validate(), self.partners.validate()])

    @property
    def pictures(self) -> Iterator[LogoField]:
        """Every field of a picture."""
        yield from (self.logo, self.logo_dark, *(row.picture for row in self.partners.rows))

    def to_look(self) -> Look:
        """What was typed; where that is no colour, the one there is."""
        texts = ("name", "claim", "claim_en", "hero_title", "hero_lead", "hero_title_en", "hero_lead_en")
        colour = parse(self.colour.data or "")
        partners = (row.to_partner() for row in self.partners.kept)
        return Look(
            **{name: self[name].data or "" for name in texts},
            colour=colour.hex if colour else self.newest.colour,
            logo=self.logo.data,
            logo_dark=self.logo_dark.data,
            shows_name=self.shows_name.data or self.logo.data is None,
            shows_eu=self.shows_eu.data,
            partners=tuple(one for one in partners if one),
            version=self.newest.version,
        )


def _kept(text: str) -> Logo | None:
    """A logo the form sent along, if it is one of ours."""
    found = KEPT.fullmatch(text)
    logo = Logo(found[1], int(found[2]), int(found[3])) if found else None
    return logo if logo and storage.path_of(logo.key).is_file() else None
