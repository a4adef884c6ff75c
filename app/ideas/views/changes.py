"""What sets two texts of an idea apart, field by field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.challenges import policy as challenge_policy
from app.challenges.models import QuestionKind
from app.ideas import commands, queries
from app.ideas.activities import NEED_WORDS, STAGE_WORDS
from app.ideas.forms import IdeaForm
from app.ideas.models import Idea, IdeaVersion, Need
from app.ideas.queries import Text
from app.kit.access import current_actor
from app.kit.differences import Line, differences
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.present import quantity

AMOUNT = re.compile(r"-?\d+(,\d+)?")
FIELDS = (
    ("title", _l("Titel")),
    ("summary", _l("In einem Satz")),
    ("problem", _l("Was ist das Problem?")),
    ("solution", _l("Was soll geschehen?")),
    ("benefit", _l("Wer hat etwas davon?")),
)
FACTS = (
    ("topic", _l("Handlungsfeld")),
    ("place", _l("Ort")),
    ("point", _l("Punkt auf der Karte")),
    ("stage", _l("Wie weit ist die Idee?")),
    ("needs", _l("Was wird gebraucht?")),
    ("easy_text", _l("In Leichter Sprache")),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed under one heading."""

    label: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Difference:
    """A version saved meanwhile, and what sets it apart from what was typed; one's own comes of a second window."""

    version: IdeaVersion | None
    changes: Sequence[Change]
    is_own: bool


def changes_between(before: Text, after: Text) -> list[Change]:
    """What changed, under the headings of the idea's page; nothing for what stayed."""
    pairs = [(str(label), getattr(before, name), getattr(after, name)) for name, label in FIELDS]
    pairs += [(str(label), _fact(before, key), _fact(after, key)) for key, label in FACTS]
    asked = dict.fromkeys([*before.answers, *after.answers])
    pairs += [(label, before.answers.get(label, ""), after.answers.get(label, "")) for label in asked]
    return [Change(label, differences(one, other)) for label, one, other in pairs if one != other]


def readable(idea: Idea, *texts: Text) -> list[Text]:
    """Texts as the reader may see them: amounts in their language, questions of a hidden challenge as numbers only."""
    texts = tuple(replace(text, answers=_with_amounts(idea, text.answers)) for text in texts)
    if idea.challenge is None or challenge_policy.can_see(current_actor(), idea.challenge):
        return list(texts)
    labels = dict.fromkeys(label for text in texts for label in text.answers)
    names = {
        label: _("Frage %(number)s der Herausforderung", number=number) for number, label in enumerate(labels, start=1)
    }
    return [replace(text, answers={names[label]: answer for label, answer in text.answers.items()}) for text in texts]


def _with_amounts(idea: Idea, answers: Mapping[str, str]) -> dict[str, str]:
    """Versions keep numbers as they were typed ("1000,5 Euro"), whatever language they are read in."""
    asked = idea.challenge.questions if idea.challenge else []
    units = {question.label: question.unit for question in asked if question.kind == QuestionKind.NUMBER}
    return {label: _amount(text, units[label]) if label in units else text for label, text in answers.items()}


def _amount(text: str, unit: str) -> str:
    figures = text.removesuffix(unit).strip()
    return quantity(float(figures.replace(",", ".")), unit) if AMOUNT.fullmatch(figures) else text


def _fact(text: Text, key: str) -> str:
    """A fact in words; stage and needs are kept as what their columns hold."""
    value = text.facts.get(key, "")
    if key == "stage":
        return str(STAGE_WORDS.get(value, value))
    if key == "needs":
        return ", ".join(str(NEED_WORDS[need.key][1]) for need in Need if int(value or 0) & need)
    return value


def conflict_with(idea: Idea, form: IdeaForm) -> Difference | None:
    """What the newest version says other than what was typed, if it is not the one an edit began with.

    The form is based on the newest one from now on: sent once more, it counts.
    """
    if form.began_with in (None, idea.version):
        return None
    text, kept = form.to_text(), queries.answers_of(idea.id)
    sketch, said = (
        commands.sketch_idea(text, pictures=[], by=current_actor()),
        commands.sketch_answers(text.answers, kept),
    )
    changes = changes_between(*readable(idea, queries.text_of(idea, kept), queries.text_of(sketch, said)))
    form.based_on.data = str(idea.version)
    version = queries.newest_version(idea.id)
    is_own = version is not None and version.author is not None and version.author.id == current_actor().id
    return Difference(version, changes, is_own) if changes else None
