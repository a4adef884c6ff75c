"""Submitting and changing an idea."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired

from app.attachments.forms import HasFiles, HasPictures
from app.challenges.models import Challenge
from app.ideas.commands import IdeaText
from app.ideas.forms.contact import AsksContact
from app.ideas.forms.maturity import SaysStage
from app.ideas.forms.point import HasPoint
from app.ideas.forms.questions import HasQuestions
from app.ideas.models import Idea, QuestionAnswer
from app.kit.forms import Choice, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.organisations.forms import Speaking
from app.places.forms import NamesPlace
from app.places.models import Place
from app.places.queries import place_at
from app.topics.models import Topic

# What an idea and its form call by the same name.
TEXTS = ("title", "summary", "problem", "solution", "benefit", "easy_text", "different_because")


class IdeaForm(HasQuestions, HasPictures, HasFiles, NamesPlace, HasPoint, SaysStage, AsksContact, Speaking):
    """Three questions, a topic, a place, pictures and files.

    `based_on` is the version an edit began with; `guided` is set where the form is the second of three steps.
    `as_free` says that it answers no challenge after all; `closed` is the challenge it was written for, which takes no
    ideas any more.
    """

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
    note = line(_l("Was haben Sie geändert?"), most=200)
    based_on = HiddenField()
    guided = HiddenField()
    as_free = HiddenField()

    closed: Challenge | None = None

    def offer(
        self, topics: list[Topic], challenges: list[Challenge], kept: Sequence[QuestionAnswer] = ()
    ) -> "IdeaForm":
        """Let people choose among these topics and challenges; ask what the chosen one asks, `kept` is answered.

        Nothing written for a challenge is lost when that is closed meanwhile: it stays chosen, with its questions.
        """
        self.topic.choices = [Choice(topic.key, topic.name, {"data-hue": topic.hue}) for topic in topics]
        self.challenge.choices = [
            Choice("", _l("Eine freie Idee")),
            *[Choice(str(row.id), row.title) for row in challenges],
        ]
        if shut := self.closed:
            self.challenge.choices += [Choice(str(shut.id), _l("%(title)s (nimmt keine Ideen an)", title=shut.title))]
        self.challenges = {str(row.id): row for row in challenges}
        self._topic_ids = {topic.key: topic.id for topic in topics}
        if self.as_free.data:
            self.challenge.data = ""
        self.ask(self.challenges.get(self.challenge.data or "") or self._closed_one, kept)
        return self

    def begin_free(self) -> "IdeaForm":
        """An empty form for a challenge that is closed begins as a free idea."""
        self.challenge.data = ""
        self.ask(None)
        return self

    def validate_challenge(self, field: SelectField) -> None:
        """One of the open challenges, or none."""
        if self._closed_one:
            refuse(_l("Diese Herausforderung nimmt gerade keine Ideen an. Ihr Text und Ihre Antworten sind noch da."))
        if field.data and field.data not in self.challenges:
            refuse(_l("Diese Herausforderung nimmt keine Ideen an. Wählen Sie eine andere oder eine freie Idee."))
        super().validate_challenge(field)

    def validate_place(self, field: StringField) -> None:
        """One of the region; a point lies in the place that is named."""
        super().validate_place(field)
        found = place_at(*self.point) if self.point else None
        if found is not None and self.place_id not in (None, *_around(found)):
            there = found.label
            refuse(_l("Der Punkt auf der Karte liegt in %(place)s. Ändern Sie den Ort oder den Punkt.", place=there))

    def to_text(self) -> IdeaText:
        """What was typed; pictures and files that came with it are stored by now."""
        return IdeaText(
            title=self.title.data or "",
            summary=" ".join((self.summary.data or "").split()),
            problem=self.problem.data or "",
            solution=self.solution.data or "",
            benefit=self.benefit.data or "",
            challenge_id=int(self.challenge.data) if self.challenge.data else None,
            topic_id=self._topic_ids.get(self.topic.data),
            place_id=self.place_id or self._place_of_point,
            pictures=self.picture.arranged,
            files=self.file.arranged,
            organisation_id=self.organisation_id,
            point=self.point,
            answers=self.given_answers,
            stage=self.stage.data or "",
            needs=self.needed,
            contact_way=self.way,
            contact_phone=self.contact_phone.data or "",
            different_because=self.different_because.data or "",
            easy_text=self.easy_text.data or "",
        )

    @property
    def _closed_one(self) -> Challenge | None:
        """The closed challenge, while it is the chosen one."""
        return self.closed if self.closed and self.challenge.data == str(self.closed.id) else None

    @property
    def _place_of_point(self) -> int | None:
        """The municipality the point lies in, where no place is named."""
        found = place_at(*self.point) if self.point else None
        return found.id if found else None

    @property
    def began_with(self) -> int | None:
        """The number of the version an edit began with; None where the form says nothing of it."""
        text = self.based_on.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def start_of(idea: Idea) -> dict[str, object]:
    """What the form of an idea says at first."""
    start: dict[str, object] = {name: getattr(idea, name) for name in TEXTS}
    start |= {"topic": idea.topic.key if idea.topic else None, "place": idea.place.label if idea.place else ""}
    start |= {"stage": idea.stage, "needs": [need.key for need in idea.needed]}
    start |= {"challenge": str(idea.challenge_id or ""), "asked_for": str(idea.challenge_id or "")}
    start |= {"based_on": str(idea.version)}
    for name in ("lat", "lon"):
        value = getattr(idea, name)
        start[name] = "" if value is None else f"{value:.5f}".replace(".", ",")
    return start


def _around(place: Place) -> set[int]:
    """The place, and those it lies in."""
    found: set[int] = set()
    inner: Place | None = place
    while inner is not None:
        found.add(inner.id)
        inner = inner.parent
    return found
