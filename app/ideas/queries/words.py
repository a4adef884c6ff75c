"""All the words of an idea, for whoever moderates it: each under its heading, none left out."""

from app.ideas.models import Idea, QuestionAnswer
from app.ideas.queries.texts import answers_of, newest_version
from app.kit.i18n import gettext as _
from app.kit.present import quantity
from app.subjects.registry import Passage


def passages(idea: Idea) -> list[Passage]:
    """Every text people wrote of an idea, its answers to the challenge's questions too."""
    newest = newest_version(idea.id)
    return [
        Passage(_("In einem Satz"), idea.summary),
        Passage(_("Was ist das Problem?"), idea.problem),
        Passage(_("Was soll geschehen?"), idea.solution),
        Passage(_("Wer hat etwas davon?"), idea.benefit),
        Passage(_("In Leichter Sprache"), idea.easy_text),
        *[Passage(answer.question.label, _said(answer), answer.file_id) for answer in answers_of(idea.id)],
        Passage(_("Was wurde geändert?"), newest.note if newest else ""),
    ]


def _said(answer: QuestionAnswer) -> str:
    return answer.words if answer.number is None else quantity(answer.number, answer.question.unit)
