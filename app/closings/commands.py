"""Writing a closing statement: drafted, completed idea by idea, made public."""

from collections.abc import Collection
from dataclasses import dataclass

from app.challenges.commands import mark_answered
from app.challenges.models import Challenge, ChallengeStatus
from app.challenges.queries import lock
from app.closings import policy, queries
from app.closings.activities import ChallengeAnswered, ClosingAmended, ClosingSaved
from app.closings.models import Closing, Outcome, OutcomeKind
from app.ideas.commands import conclude_idea
from app.ideas.models import SETTLED, Idea, IdeaStatus
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.subjects.commands import record

MADE = (IdeaStatus.PROJECT, IdeaStatus.REALISED)
EARLY = (IdeaStatus.SUBMITTED, IdeaStatus.IN_DISCUSSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of an idea, and why; `passed_to` to whom it was passed on."""

    kind: str
    reason: str
    passed_to: str = ""


@command
def save_closing(
    challenge: Challenge, text: str, verdicts: dict[int, Verdict], *, by: Actor, taken_back: Collection[int] = ()
) -> None:
    """Keep the draft of the statement, and what was said of some ideas; nothing of it is public yet.

    `taken_back` are ideas of which nothing is said any more; what is public already stays.

    Raises:
        Invalid: a verdict that does not fit its idea, or lacks its reason.
    """
    require(policy.can_write(by, challenge), by)
    lock(challenge.id)
    closing = queries.closing_of(challenge.id)
    if closing is None:
        closing = Closing(challenge_id=challenge.id)
        db.session.add(closing)
    closing.text, closing.author_id, closing.saved_at = text, by.id or None, clock.now()
    _say(challenge, verdicts)
    for outcome in queries.outcomes_among(queries.ideas_among(challenge.id, taken_back)).values():
        if outcome.told_at is None:
            db.session.delete(outcome)
    db.session.flush()
    record(ClosingSaved(subject_id=challenge.id, actor_id=by.id))


@command
def say_of_open(challenge: Challenge, verdict: Verdict, *, by: Actor) -> int:
    """Say the same of every idea nobody has said anything about, where it fits; returns of how many."""
    require(policy.can_write(by, challenge), by)
    lock(challenge.id)
    ideas = [idea for idea in queries.open_ideas(challenge.id) if fits(idea, verdict.kind)]
    _say(challenge, dict.fromkeys([idea.id for idea in ideas], verdict))
    db.session.flush()
    return len(ideas)


@command
def follow_status(challenge: Challenge, *, by: Actor) -> int:
    """Say of every open idea what its status says already; returns of how many."""
    require(policy.can_write(by, challenge), by)
    lock(challenge.id)
    verdicts = {}
    for idea in queries.open_ideas(challenge.id):
        kind = queries.SUGGESTED.get(IdeaStatus(idea.status))
        if kind is not None:
            verdicts[idea.id] = Verdict(kind=kind.value, reason=usual_reason(kind))
    _say(challenge, verdicts)
    db.session.flush()
    return len(verdicts)


@command
def publish_closing(challenge: Challenge, *, by: Actor, role_label: str = "") -> int:
    """Make the statement public, answer every idea officially, and tell everybody who follows any of it, once.

    Again later it tells what has been said since. Returns of how many ideas.

    Raises:
        Conflict: there is no statement, or something was not said of every public idea.
    """
    require(policy.can_write(by, challenge), by)
    lock(challenge.id)
    closing = queries.closing_of(challenge.id)
    if closing is None or (lack := still_lacks(challenge)):
        raise Conflict(lack if closing else _("Der Abschluss ist noch nicht geschrieben."))
    told = queries.untold(challenge.id)
    for outcome in told:
        _answer(outcome, by, _role(challenge, by) or role_label)
    is_first, idea_ids = closing.published_at is None, [outcome.idea_id for outcome in told]
    closing.published_at = closing.published_at or clock.now()
    if challenge.status != ChallengeStatus.ARCHIVED:
        mark_answered(challenge)
    if is_first or idea_ids:
        fact = ChallengeAnswered if is_first else ClosingAmended
        record(fact(subject_id=challenge.id, actor_id=by.id, organisation_id=_voice(challenge, by), idea_ids=idea_ids))
    return len(told)


def still_lacks(challenge: Challenge) -> str:
    """What is missing before the closing can be public, in words; "" if nothing is."""
    closing = queries.closing_of(challenge.id)
    if closing is None or not closing.text.strip():
        return str(_("Es fehlt noch der Text: Was sagen Sie allen, die mitgemacht haben?"))
    missing = queries.counts(challenge.id).get(queries.OPEN, 0)
    words: str = ngettext(
        "Von einer Idee fehlt noch, was aus ihr wird.", "Von %(num)s Ideen fehlt noch, was aus ihnen wird.", missing
    )
    return words if missing else ""


def fits(idea: Idea, kind: str) -> bool:
    """Whether an outcome can be true of an idea: of what became a project nothing else can be said."""
    return idea.status not in MADE or kind == OutcomeKind.PROJECT


def _say(challenge: Challenge, verdicts: dict[int, Verdict]) -> None:
    ideas = queries.ideas_among(challenge.id, verdicts)
    known = queries.outcomes_among(ideas)
    for idea_id, idea in ideas.items():
        _say_one(challenge, idea, known.get(idea_id), verdicts[idea_id])


def _say_one(challenge: Challenge, idea: Idea, outcome: Outcome | None, verdict: Verdict) -> None:
    _check(idea, verdict)
    said = (OutcomeKind(verdict.kind).value, verdict.reason, verdict.passed_to)
    if outcome is None:
        outcome = Outcome(idea_id=idea.id, challenge_id=challenge.id, kind=said[0])
        db.session.add(outcome)
    elif (outcome.kind, outcome.reason, outcome.passed_to) != said:
        outcome.told_at = None
    outcome.kind, outcome.reason, outcome.passed_to = said


def _check(idea: Idea, verdict: Verdict) -> None:
    if not fits(idea, verdict.kind):
        raise Invalid(_("Aus „%(title)s“ ist schon ein Projekt geworden. Etwas anderes passt nicht.", title=idea.title))
    if not verdict.reason:
        raise Invalid(_("Zu „%(title)s“ fehlt die Begründung.", title=idea.title))
    if verdict.kind == OutcomeKind.PASSED_ON and not verdict.passed_to:
        raise Invalid(_("Zu „%(title)s“ fehlt, an wen die Idee geht.", title=idea.title))


def _answer(outcome: Outcome, by: Actor, role_label: str) -> None:
    body = outcome.reason
    if outcome.kind == OutcomeKind.PASSED_ON:
        body = _("Weitergegeben an %(whom)s. %(reason)s", whom=outcome.passed_to, reason=outcome.reason)
    conclude_idea(outcome.idea, body=body, status=_status_after(outcome), by=by, role_label=role_label)
    outcome.told_at = clock.now()


def _status_after(outcome: Outcome) -> str:
    """Where an outcome moves its idea; a project is made of it elsewhere, and what is settled stays."""
    idea = outcome.idea
    if idea.status in SETTLED:
        return ""
    if outcome.kind == OutcomeKind.NOT_PURSUED:
        return IdeaStatus.NOT_PURSUED.value
    if outcome.kind == OutcomeKind.PASSED_ON:
        return IdeaStatus.UNDER_REVIEW.value if idea.status in EARLY else ""
    return IdeaStatus.SHORTLISTED.value


def usual_reason(kind: OutcomeKind) -> str:
    """What is said of an idea whose status has said it before."""
    words = {
        OutcomeKind.PROJECT: _("Aus dieser Idee ist ein Projekt geworden."),
        OutcomeKind.SHORTLISTED: _("Diese Idee bleibt in der engeren Auswahl."),
        OutcomeKind.NOT_PURSUED: _("Die Begründung steht in der Antwort auf der Seite der Idee."),
    }
    return str(words.get(kind, ""))


def _role(challenge: Challenge, by: Actor) -> str:
    """As whom somebody answers who hosts the challenge: their organisation, else what they are there; "" for others."""
    hosts = [challenge.organisation, *challenge.co_hosts]
    mine = next((host.name for host in hosts if host is not None and host.id in by.organisation_ids), "")
    if mine or not by.id or by.id != challenge.author_id:
        return mine
    is_contact = challenge.author is not None and challenge.author.name == challenge.contact_name
    return (challenge.contact_role if is_contact else "") or str(_("Verantwortlich für die Herausforderung"))


def _voice(challenge: Challenge, by: Actor) -> int:
    mine = challenge.organisation_id if challenge.organisation_id in by.organisation_ids else None
    return mine or 0
