"""All the words of a challenge, for whoever moderates it: each under its heading, none left out."""

from collections.abc import Iterator

from app.challenges.models import Challenge, ChallengePhase, ChallengeQuestion
from app.challenges.queries.further import news_about
from app.kit.i18n import gettext as _
from app.subjects.registry import Passage


def passages(challenge: Challenge) -> list[Passage]:
    """Every text people wrote of a challenge."""
    contact = (challenge.contact_name, challenge.contact_role, challenge.contact_email)
    return [
        Passage(_("In einem Satz"), challenge.summary),
        Passage(_("Worum es geht"), challenge.problem),
        Passage(_("Wen es trifft"), challenge.affected),
        Passage(_("Was schon bekannt ist"), challenge.known),
        Passage(_("Was eine gute Antwort ausmacht"), challenge.good_answer),
        Passage(_("In Leichter Sprache"), challenge.easy_text),
        Passage(_("Ansprechperson"), "\n\n".join(filter(None, contact))),
        Passage(_("Links"), "\n\n".join(f"{link.label}: {link.url}" for link in challenge.links)),
        Passage(_("Phasen"), "\n\n".join(_of_phases(challenge.phases))),
        Passage(_("Fragen an jede Idee"), "\n\n".join(_of_questions(challenge.questions))),
        Passage(_("Kriterien"), "\n\n".join(_pair(one.name, one.description) for one in challenge.criteria)),
        *[Passage(post.title, post.body) for post in news_about(challenge.id).items],
    ]


def _of_phases(phases: list[ChallengePhase]) -> Iterator[str]:
    for phase in phases:
        if phase.name or phase.text:
            yield _pair(phase.name, phase.text)


def _of_questions(questions: list[ChallengeQuestion]) -> Iterator[str]:
    for question in questions:
        further = (question.hint, ", ".join(question.options), question.unit)
        yield " · ".join(filter(None, (question.label, *further)))


def _pair(name: str, text: str) -> str:
    return ": ".join(filter(None, (name, text)))
