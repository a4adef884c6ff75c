"""Describing a challenge."""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, EmailField, Field, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, Email, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.attachments.forms import HasFiles, HasPictures
from app.challenges.commands import ChallengeText
from app.challenges.models import Challenge
from app.kit import clock
from app.kit.forms import Choice, Form, area, line, refuse
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line, split_address
from app.organisations.forms import Speaking
from app.places.forms import NamesPlace
from app.places.models import Place
from app.places.queries import PlaceUnclear, find_place
from app.topics.models import Topic
from app.topics.queries import GOALS

MOST_LINKS = 12
MOST_PLACES = 12
SAME = ("title", "summary", "problem", "affected", "good_answer")
FURTHER = ("known", "easy_text", "contact_name", "contact_role", "contact_email")


def boxes(label: Any) -> SelectMultipleField:
    """Several of many, as boxes to tick."""
    return SelectMultipleField(label, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))


class FurtherForm(HasPictures, HasFiles):
    """What may be said about a challenge at any time: it asks for nothing else."""

    known = area(_l("Was schon bekannt ist"), most=4000)
    easy_text = area(_l("In Leichter Sprache"), most=4000, rows=6)
    contact_name = line(_l("Ansprechperson"), most=120)
    contact_role = line(_l("Aufgabe"), most=120)
    contact_email = EmailField(
        _l("E-Mail-Adresse"),
        [Optional(), Length(max=200), Email(_l("Das ist keine gültige E-Mail-Adresse."))],
        filters=[clean_line],
    )
    links = area(_l("Links"), most=3000, rows=3)

    pairs: list[tuple[str, str]]

    def validate_links(self, field: Field) -> None:
        """One address a line, then what it is called; https only."""
        self.pairs = []
        for text in (field.data or "").splitlines():
            address, _space, label = text.strip().partition(" ")
            if address:
                self.pairs.append((_label(address, label), address))
        if len(self.pairs) > MOST_LINKS:
            refuse(_("Höchstens %(most)s Links, bitte.", most=MOST_LINKS))

    def validate_contact_email(self, field: Field) -> None:
        """An address belongs to somebody."""
        if field.data and not self.contact_name.data:
            refuse(_l("Nennen Sie auch, wem die Adresse gehört."))

    def further(self) -> dict[str, Any]:
        """What was typed of it."""
        attached = {"pictures": self.picture.arranged, "files": self.file.arranged}
        return {name: self[name].data or "" for name in FURTHER} | {"links": getattr(self, "pairs", [])} | attached

    def to_text_of(self, challenge: Challenge) -> ChallengeText:
        """The further words, beside those of the challenge that stay."""
        return ChallengeText(**{name: getattr(challenge, name) for name in SAME}, **self.further())


class ChallengeForm(NamesPlace, Speaking, FurtherForm):
    """A problem, who has it, and what a good answer looks like."""

    title = line(_l("Titel"), required=_l("Geben Sie der Herausforderung einen Titel."), most=110)
    summary = area(_l("In einem Satz"), required=_l("Sagen Sie in einem Satz, worum es geht."), most=240, rows=2)
    problem = area(_l("Das Problem"), required=_l("Beschreiben Sie das Problem. Ein paar Sätze genügen."))
    affected = area(_l("Wen es trifft"), most=2000, rows=3)
    good_answer = area(_l("Eine gute Antwort"), most=4000)
    place = line(_l("Ort"), most=120)
    more_places = area(_l("Weitere Orte"), most=2000, rows=3)
    topic = RadioField(_l("Handlungsfeld"), [DataRequired(_l("Wählen Sie ein Handlungsfeld."))])
    more_topics = boxes(_l("Weitere Handlungsfelder"))
    sdgs = boxes(_l("Ziele der Vereinten Nationen"))
    ends_on = DateField(_l("Ende der Ideensammlung"), [Optional()])

    _more_place_ids: tuple[int, ...] = ()

    def offer(self, topics: list[Topic]) -> "ChallengeForm":
        """Let people choose among these topics."""
        self.topic.choices = [Choice(topic.key, topic.name, {"data-hue": topic.hue}) for topic in topics]
        self.more_topics.choices = [Choice(topic.key, topic.name, {"data-hue": topic.hue}) for topic in topics]
        self.sdgs.choices = [Choice(str(goal), f"{goal} {name}") for goal, name in GOALS.items()]
        self._topic_ids = {topic.key: topic.id for topic in topics}
        return self

    def validate_ends_on(self, field: Field) -> None:
        """The collection ends in the future, within five years; an end that was kept may have passed."""
        today = clock.today()
        kept = field.data is not None and field.data == field.object_data
        if field.data and not kept and not 0 < (field.data - today).days <= 5 * 366:
            refuse(_l("Das Ende liegt in der Zukunft, höchstens fünf Jahre von heute."))

    def validate_more_places(self, field: Field) -> None:
        """Each line names a place of the region."""
        found: list[Place | None] = []
        for text in filter(None, map(clean_line, (field.data or "").splitlines())):
            try:
                found.append(find_place(text))
            except PlaceUnclear as error:
                refuse(f"{text}: {error.message}")
        if len(found) > MOST_PLACES:
            refuse(_("Höchstens %(most)s weitere Orte, bitte.", most=MOST_PLACES))
        self._more_place_ids = tuple(place.id for place in found if place)

    def to_text(self) -> ChallengeText:
        """What was typed; the last day counts in full, in the operator's zone."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in SAME} | self.further()
        texts["summary"] = " ".join(texts["summary"].split())
        return ChallengeText(
            **texts,
            topic_id=self._topic_ids.get(self.topic.data),
            more_topic_ids=[self._topic_ids[key] for key in self.more_topics.data or [] if key in self._topic_ids],
            place_id=self.place_id,
            more_place_ids=self._more_place_ids,
            sdgs=[int(goal) for goal in self.sdgs.data or []],
            ends_at=clock.end_of(self.ends_on.data) if self.ends_on.data else None,
            organisation_id=self.organisation_id,
        )


class CopyForm(Form):
    """When the phases of a copy begin; with no day they have no dates."""

    first_day = DateField(_l("Erster Tag"), [Optional()])

    def validate_first_day(self, field: Field) -> None:
        """Nobody plans for the past, nor for later than in five years."""
        if not 0 <= (field.data - clock.today()).days <= 5 * 366:
            refuse(_l("Wählen Sie einen Tag von heute an, höchstens fünf Jahre von heute."))


def a_first_day(challenge: Challenge) -> date | None:
    """A day to begin on: in two to three weeks, on the weekday of the template; None where it has no dates."""
    before, soonest = challenge.first_day, clock.today() + timedelta(days=14)
    return soonest + timedelta(days=(before.weekday() - soonest.weekday()) % 7) if before else None


def values_of(challenge: Challenge) -> dict[str, Any]:
    """What the form shows of a challenge there is."""
    return {name: getattr(challenge, name) for name in (*SAME, *FURTHER)} | {
        "place": challenge.place.label if challenge.place else "",
        "more_places": "\n".join(place.label for place in challenge.more_places),
        "topic": challenge.topic.key if challenge.topic else None,
        "more_topics": [topic.key for topic in challenge.more_topics],
        "sdgs": [str(goal) for goal in challenge.sdgs],
        "ends_on": challenge.last_day,
        "organisation": str(challenge.organisation_id or ""),
        "links": "\n".join(f"{link.url} {link.label}" for link in challenge.links),
    }


def _label(address: str, label: str) -> str:
    parts = split_address(address)
    host = (parts.hostname or "") if parts else ""
    if parts is None or parts.scheme != "https" or "." not in host or parts.username is not None or len(address) > 500:
        refuse(_("„%(address)s“ ist keine Adresse, die mit https:// beginnt.", address=address[:80]))
    return (clean_line(label) or host)[:120]
