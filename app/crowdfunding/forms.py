"""A campaign's page and figures, typed as people write them."""

import re
from typing import Any

from wtforms import DateField, Field, StringField
from wtforms.validators import DataRequired, InputRequired

from app.crowdfunding.commands import CampaignFigures
from app.crowdfunding.models import Campaign
from app.kit.forms import Form, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import split_address

MOST_CENTS = 100_000_000_00
MOST_BACKERS = 10_000_000
AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,([0-9]{1,2}))?")


class CampaignForm(Form):
    """Link, platform, goal, raised, backers, first and last day."""

    url = line(_l("Adresse der Crowdfunding-Seite"), required=_l("Geben Sie die Adresse der Seite an."), most=500)
    platform = line(
        _l("Name der Plattform"), required=_l("Geben Sie an, auf welcher Plattform gesammelt wird."), most=60
    )
    goal = line(_l("Ziel in Euro"), required=_l("Geben Sie das Ziel in Euro an."), most=20)
    raised = line(_l("Bisher in Euro"), required=_l("Geben Sie an, wie viel bisher zusammengekommen ist."), most=20)
    backers = line(
        _l("Unterstützende bisher"), required=_l("Geben Sie an, wie viele Menschen bisher etwas gegeben haben."), most=9
    )
    starts_on = DateField(_l("Erster Tag"), [InputRequired(_l("Geben Sie den ersten Tag an."))])
    ends_on = DateField(_l("Letzter Tag"), [DataRequired(_l("Geben Sie den letzten Tag an."))])

    @classmethod
    def of(cls, campaign: Campaign | None) -> "CampaignForm":
        """The form as sent, or filled with what is known of the campaign."""
        known: dict[str, Any] = {}
        if campaign is not None:
            names = ("url", "platform", "starts_on", "ends_on")
            known = {name: getattr(campaign, name) for name in names} | {"backers": str(campaign.backers_count)}
            known |= {"goal": _euros(campaign.goal_cents), "raised": _euros(campaign.raised_cents)}
        return cls(data=known)

    def validate_url(self, field: StringField) -> None:
        """An https address with a host."""
        parts = split_address(field.data or "")
        if parts is None or parts.scheme != "https" or "." not in parts.netloc or "@" in parts.netloc:
            refuse(_l("Die Adresse beginnt mit https:// und nennt eine Website."))

    def validate_goal(self, field: StringField) -> None:
        """More than nothing."""
        if not _cents(field.data):
            refuse(_l("Schreiben Sie einen Betrag größer als null, zum Beispiel 24.000 oder 950,50."))

    def validate_raised(self, field: StringField) -> None:
        """Nothing or more."""
        if _cents(field.data) is None:
            refuse(_l("Schreiben Sie einen Betrag, zum Beispiel 18.640 oder 950,50."))

    def validate_backers(self, field: StringField) -> None:
        """A whole number."""
        text = field.data or ""
        if not text.isascii() or not text.isdigit() or int(text) > MOST_BACKERS:
            refuse(_l("Schreiben Sie eine ganze Zahl."))

    def validate_ends_on(self, field: Field) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            refuse(_l("Der letzte Tag liegt vor dem ersten."))

    def to_figures(self) -> CampaignFigures:
        """What was typed; only for a form that is valid."""
        assert self.starts_on.data
        assert self.ends_on.data
        return CampaignFigures(
            url=self.url.data or "",
            platform=self.platform.data or "",
            goal_cents=_cents(self.goal.data) or 0,
            raised_cents=_cents(self.raised.data) or 0,
            backers_count=int(self.backers.data or 0),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


def _cents(text: str | None) -> int | None:
    """Cents of an amount as Germans write it: `24.000`, `950,50`, `24.000 €`."""
    match = AMOUNT.fullmatch((text or "").replace("€", "").replace("\u202f", "").strip())
    if match is None:
        return None
    cents = int(match[1].replace(".", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}" if cents % 100 else str(cents // 100)
