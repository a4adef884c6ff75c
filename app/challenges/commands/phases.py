"""Phases: laid out, opened and closed by hand, told when the clock changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app.challenges import policy, queries
from app.challenges.activities import ChallengeClosed, ChallengeEdited, ChallengeReopened, PhaseBegan, PhaseEnded
from app.challenges.commands.showing import show_change
from app.challenges.models import Challenge, ChallengePhase, ChallengeStatus, PhaseKind
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor, is_staff
from app.kit.db import command, db
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.subjects.acts import Act
from app.subjects.commands import record


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseText:
    """A phase as it was laid out: its days in the operator's zone, the last one in full. `id` of one there is."""

    id: int | None = None
    kind: str
    name: str = ""
    text: str = ""
    by_hand: bool = False
    first_day: date | None = None
    last_day: date | None = None
    acts: frozenset[Act] = frozenset()


@command
def save_phases(challenge: Challenge, texts: Sequence[PhaseText], *, by: Actor, moderate_new: bool = True) -> None:
    """Lay out the phases of a challenge, in this order; those left out are removed.

    Of a phase that has begun in public, its people change name, words and a later end; staff anything.

    Raises:
        Invalid: an end before its beginning, or what those who answered rely on would change.
    """
    require(policy.can_manage(by, challenge), by)
    queries.lock(challenge.id)
    known = {phase.id: phase for phase in challenge.phases}
    fixed = set() if is_staff(by) else {phase.id for phase in known.values() if is_fixed(challenge, phase)}
    if not fixed <= {text.id for text in texts}:
        raise Invalid(_("Eine Phase, die begonnen hat, lässt sich nicht entfernen. Sie können sie beenden."))
    challenge.phases = [
        _laid_out(challenge, known.get(text.id or 0), text, position, text.id in fixed)
        for position, text in enumerate(texts)
    ]
    db.session.flush()
    settle_end(challenge)
    record(ChallengeEdited(subject_id=challenge.id, actor_id=by.id, part="phases"))
    show_change(challenge, by, moderate_new)


@command
def open_phase(challenge: Challenge, phase_id: int, *, by: Actor) -> None:
    """Open a phase now; one that runs already stays as it is.

    Raises:
        Conflict: the challenge is not public, or put away.
    """
    phase = _phase_to_turn(challenge, phase_id, by)
    if phase.is_running:
        return
    now = clock.now()
    phase.starts_at, phase.began_at, phase.ended_at = now, now, None
    if phase.by_hand or (phase.ends_at is not None and phase.ends_at <= now):
        phase.ends_at = None
    settle_end(challenge)
    record(PhaseBegan(subject_id=challenge.id, actor_id=by.id, **_facts(phase)))


@command
def close_phase(challenge: Challenge, phase_id: int, *, by: Actor) -> None:
    """End a phase now; whoever is writing an idea is told so and keeps their text.

    Raises:
        Conflict: as for `open_phase`.
    """
    phase = _phase_to_turn(challenge, phase_id, by)
    if not phase.is_running:
        return
    phase.ends_at = phase.ended_at = clock.now()
    phase.began_at = phase.began_at or phase.ended_at
    settle_end(challenge)
    record(PhaseEnded(subject_id=challenge.id, actor_id=by.id, **_facts(phase)))


@command
def close_collection(challenge: Challenge, *, by: Actor) -> None:
    """End collecting ideas now, where no phases say when.

    Raises:
        Conflict: it has phases.
    """
    _guard_collection(challenge, by)
    if challenge.standing == ChallengeStatus.OPEN:
        challenge.status, challenge.ends_at = ChallengeStatus.CLOSED.value, clock.now()
        db.session.flush()
        record(ChallengeClosed(subject_id=challenge.id, actor_id=by.id))


@command
def reopen_collection(challenge: Challenge, *, by: Actor) -> None:
    """Take ideas again, without an end, where no phases say when.

    Raises:
        Conflict: it has phases.
    """
    _guard_collection(challenge, by)
    if challenge.standing == ChallengeStatus.CLOSED:
        challenge.status, challenge.ends_at = ChallengeStatus.OPEN.value, None
        db.session.flush()
        record(ChallengeReopened(subject_id=challenge.id, actor_id=by.id))


@command
def tell_change(change: queries.Change) -> None:
    """Write down what the clock changed: each beginning and end once, whoever notices it first."""
    now = clock.now()
    if change.what == "closed":
        due = (Challenge.id == change.challenge_id) & (Challenge.status == ChallengeStatus.OPEN.value)
        closed = update(Challenge).where(due, Challenge.ends_at <= now).values(status=ChallengeStatus.CLOSED.value)
        if db.session.execute(closed.returning(Challenge.id)).first() and not change.kind:
            record(ChallengeClosed(subject_id=change.challenge_id, actor_id=0, at=change.at))
        return
    column, fact = (
        (ChallengePhase.began_at, PhaseBegan) if change.what == "began" else (ChallengePhase.ended_at, PhaseEnded)
    )
    mine = update(ChallengePhase).where(ChallengePhase.id == change.phase_id, column.is_(None))
    if db.session.execute(mine.values({column: now}).returning(ChallengePhase.id)).first():
        facts: dict[str, Any] = {"phase_id": change.phase_id, "kind": change.kind, "phase_name": change.name}
        record(fact(subject_id=change.challenge_id, actor_id=0, at=change.at, **facts))


def phases_begin_with_publishing(challenge: Challenge) -> None:
    """What runs or is over when a challenge becomes public is no news of its own."""
    now = clock.now()
    for phase in challenge.phases:
        if phase.standing != "ahead":
            phase.began_at = phase.began_at or now
        if phase.standing == "done":
            phase.ended_at = phase.ended_at or now


def settle_end(challenge: Challenge) -> None:
    """Work out from the phases until when ideas are taken, and whether the challenge is open."""
    collecting = [phase for phase in challenge.phases if Act.SUBMIT in phase.acts]
    if collecting:
        ends = [phase.ends_at for phase in collecting]
        challenge.ends_at = None if None in ends else max(end for end in ends if end is not None)
    elif challenge.phases:
        challenge.ends_at = min(challenge.ends_at or clock.now(), clock.now())
    if challenge.status in (ChallengeStatus.OPEN, ChallengeStatus.CLOSED):
        takes = challenge.ends_at is None or challenge.ends_at > clock.now()
        challenge.status = (ChallengeStatus.OPEN if takes else ChallengeStatus.CLOSED).value
    db.session.flush()


def is_fixed(challenge: Challenge, phase: ChallengePhase) -> bool:
    """Whether people rely on a phase: it has begun in public."""
    return challenge.published_at is not None and phase.standing != "ahead"


def _laid_out(
    challenge: Challenge, phase: ChallengePhase | None, text: PhaseText, position: int, fixed: bool
) -> ChallengePhase:
    if phase is None:
        phase = ChallengePhase(challenge_id=challenge.id)
    phase.position, phase.name, phase.text = position, text.name, text.text
    starts_at = clock.start_of(text.first_day) if text.first_day else None
    ends_at = clock.end_of(text.last_day) if text.last_day else None
    if fixed:
        _prolong(phase, ends_at)
        return phase
    if starts_at and ends_at and ends_at <= starts_at:
        raise Invalid(_("Eine Phase endet nicht, bevor sie beginnt."))
    phase.kind, phase.acts = PhaseKind(text.kind).value, text.acts
    if text.by_hand and not phase.by_hand:
        # From now on by hand: what runs goes on until somebody ends it.
        starts_at, ends_at = (phase.starts_at or clock.now(), None) if phase.id and phase.is_running else (None, None)
    elif text.by_hand:
        starts_at, ends_at = phase.starts_at, phase.ends_at
    phase.by_hand, phase.starts_at, phase.ends_at = text.by_hand, starts_at, ends_at
    _untell(challenge, phase)
    return phase


def _prolong(phase: ChallengePhase, ends_at: datetime | None) -> None:
    if phase.by_hand or ends_at == phase.ends_at:
        return
    is_earlier = phase.ends_at is None or (ends_at is not None and ends_at < phase.ends_at)
    if phase.standing != "now" or is_earlier:
        raise Invalid(_("Diese Phase läuft schon. Ihr Ende können Sie verschieben, aber nicht vorziehen."))
    phase.ends_at = ends_at


def _untell(challenge: Challenge, phase: ChallengePhase) -> None:
    """What lies ahead again will be told when it comes; what was over before it was laid out never is."""
    standing = phase.standing
    if standing == "ahead":
        phase.began_at = None
    if standing != "done":
        phase.ended_at = None
    elif phase.began_at is None:
        phase.began_at = phase.ended_at = clock.now()
    if standing == "now" and phase.starts_at is None:
        phase.began_at = phase.began_at or clock.now()


def _phase_to_turn(challenge: Challenge, phase_id: int, by: Actor) -> ChallengePhase:
    require(policy.can_manage(by, challenge), by)
    queries.lock(challenge.id)
    if not challenge.is_public or challenge.status == ChallengeStatus.ARCHIVED:
        raise Conflict(_("Phasen lassen sich öffnen und beenden, solange die Herausforderung öffentlich ist."))
    phase = next((phase for phase in challenge.phases if phase.id == phase_id), None)
    if phase is None:
        raise Conflict(_("Diese Phase gibt es nicht mehr."))
    return phase


def _guard_collection(challenge: Challenge, by: Actor) -> None:
    require(policy.can_manage(by, challenge) and challenge.is_public, by)
    queries.lock(challenge.id)
    if challenge.phases:
        raise Conflict(_("Hier sagen die Phasen, wann Ideen gesammelt werden. Ändern Sie diese."))


def _facts(phase: ChallengePhase) -> dict[str, Any]:
    return {"phase_id": phase.id, "kind": phase.kind, "phase_name": phase.name}
