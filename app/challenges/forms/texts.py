"""Describing a challenge."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, RadioField
from wtforms.validators import DataRequired, Optional

from app.challenges.commands import ChallengeText
from app.kit import clock
from app.kit.forms import Choice, area, line, refuse
from app.kit.web import settings
from app.organisations.forms import Speaking
from app.places.forms import NamesPlace
from app.topics.models import Topic


class ChallengeForm(NamesPlace, Speaking):
    """A problem, who has it, and what a good answer looks like."""

    title = line(_l("Titel"), required=_l("Geben Sie der Herausforderung einen Titel."), most=110)
    summary = area(_l("In einem Satz"), required=_l("Sagen Sie in einem Satz, worum es geht."), most=240, rows=2)
    problem = area(_l("Das Problem"), required=_l("Beschreiben Sie das Problem. Ein paar Sätze genügen."))
    good_answer = area(_l("Eine gute Antwort"), most=4000)
    place = line(_l("Ort"), most=120)
    topic = RadioField(_l("Handlungsfeld"), [DataRequired(_l("Wählen Sie ein Handlungsfeld."))])
    ends_on = DateField(_l("Ende der Ideensammlung"), [Optional()])

    def offer(self, topics: list[Topic]) -> "ChallengeForm":
        """Let people choose among these topics."""
        self.topic.choices = [Choice(topic.key, topic.name, {"data-hue": topic.hue}) for topic in topics]
        self._topic_ids = {topic.key: topic.id for topic in topics}
        return self

    def validate_ends_on(self, field: Field) -> None:
        """The collection ends in the future, within five years."""
        today = clock.now().date()
        if field.data and not today < field.data <= today + timedelta(days=5 * 366):
            refuse(_l("Das Ende liegt in der Zukunft, höchstens fünf Jahre von heute."))

    def to_text(self) -> ChallengeText:
        """What was typed; the last day counts in full, in the operator's zone."""
        ends_at = None
        if self.ends_on.data:
            zone = ZoneInfo(settings().timezone)
            ends_at = datetime.combine(self.ends_on.data + timedelta(days=1), time(0), zone)
        return ChallengeText(
            title=self.title.data or "",
            summary=" ".join((self.summary.data or "").split()),
            problem=self.problem.data or "",
            good_answer=self.good_answer.data or "",
            topic_id=self._topic_ids.get(self.topic.data),
            place_id=self.place_id,
            ends_at=ends_at,
            organisation_id=self.organisation_id,
        )
