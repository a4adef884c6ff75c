"""Submitting and changing an idea."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired

from app.challenges.models import Challenge
from app.ideas.commands import IdeaText
from app.kit.errors import Invalid
from app.kit.forms import Choice, area, line, refuse
from app.kit.pictures import Picture, take_in
from app.organisations.forms import Speaking
from app.places.forms import NamesPlace
from app.topics.models import Topic

class IdeaForm(NamesPlace, Speaking):
    """Three questions, a topic, a place, a picture."""

    challenge = SelectField(_l("Herausforderung"), validate_choice=False)
    title = line(_l("Titel"), required=_l("Geben Sie Ihrer Idee einen Titel."), most=110)
    summary = area(_l("In einem Satz"), required=_l("Sagen Sie in einem Satz, worum es geht."), most=240, rows=2)
    problem = area(_l("Was ist das Problem?"), required=_l("Beschreiben Sie das Problem. Ein Satz genügt."))
    solution = area(_l("Was soll geschehen?"), required=_l("Beschreiben Sie, was geschehen soll. Ein Satz genügt."))
    benefit = area(_l("Wer hat etwas davon?"), required=_l("Beschreiben Sie, wer etwas davon hat. Ein Satz genügt."))
    place = line(_l("Ort"), most=120)
    topic = RadioField(_l("Handlungsfeld"), [DataRequired(_l("Wählen Sie ein Handlungsfeld."))])
    easy_text = area(_l("In Leichter Sprache"), most=4000, rows=6)
    different_because = area(_l("Was ist an Ihrer Idee anders?"), most=600, rows=2)
    picture = FileField(_l("Bild"))
    picture_alt = line(_l("Was ist auf dem Bild zu sehen?"), most=240)
    picture_id = HiddenField()

    safe_picture: Picture | None = None

    def offer(self, topics: list[Topic], challenges: list[Challenge]) -> "IdeaForm":
        """Let people choose among these topics and open challenges."""
        self.topic.choices = [Choice(topic.key, topic.name, {"data-hue": topic.hue}) for topic in topics]
        self.challenge.choices = [
            Choice("", _l("Eine freie Idee")),
            *[Choice(str(row.id), row.title) for row in challenges],
        ]
        self._challenge_keys = {str(row.id) for row in challenges}
        self._topic_ids = {topic.key: topic.id for topic in topics}
        return self

    def validate_challenge(self, field: SelectField) -> None:
        """One of the open challenges, or none."""
        if field.data and field.data not in self._challenge_keys:
            refuse(_l("Diese Herausforderung nimmt keine Ideen an. Wählen Sie eine andere oder eine freie Idee."))

    def validate_picture(self, field: FileField) -> None:
        """A picture we can decode; it is made safe here, before any transaction."""
        if not field.data or not field.data.filename:
            return
        try:
            self.safe_picture = take_in(field.data.read())
        except Invalid as error:
            refuse(error.message)

    def to_text(self, picture_id: int | None = None) -> IdeaText:
        """What was typed; `picture_id` is the picture that came with it, else one uploaded before."""
        known = self.picture_id.data or ""
        return IdeaText(
            title=self.title.data or "",
            summary=" ".join((self.summary.data or "").split()),
            problem=self.problem.data or "",
            solution=self.solution.data or "",
            benefit=self.benefit.data or "",
            challenge_id=int(self.challenge.data) if self.challenge.data else None,
            topic_id=self._topic_ids.get(self.topic.data),
            place_id=self.place_id,
            picture_id=picture_id or (int(known) if known.isascii() and known.isdigit() and len(known) < 19 else None),
            picture_alt=self.picture_alt.data or "",
            organisation_id=self.organisation_id,
            different_because=self.different_because.data or "",
            easy_text=self.easy_text.data or "",
        )
