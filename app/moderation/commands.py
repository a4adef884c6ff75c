"""Opening cases, taking reports, deciding with reasons."""

import secrets
from collections.abc import Sequence
from typing import Any

from app.accounts.commands import trust
from app.accounts.queries import person_for
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.kit.inserting import insert_once
from app.moderation import policy, queries
from app.moderation.activities import DecisionTaken, SubjectReported
from app.moderation.models import Case, Cause, Decision, Ground, Measure, Report
from app.subjects import registry
from app.subjects.commands import record

STATE_AFTER = {Measure.APPROVE: "published", Measure.HIDE: "hidden", Measure.RESTORE: "published"}


@command
def open_case(subject_id: int, cause: Cause) -> None:
    """Put a subject into the queue; one that waits for the same cause already is left there."""
    insert_once(Case, subject_id=subject_id, cause=cause.value, opened_at=clock.now())


@command
def take_up(thing: Any, *, by: Actor) -> Case:
    """Open a case about what a moderator came across; the one that is open already is theirs to decide."""
    require(policy.can_work(by) and registry.kind_of(thing).set_state is not None, by)
    if not queries.open_cases_about(thing.id):
        open_case(thing.id, Cause.DESK)
    return queries.open_cases_about(thing.id)[0]


@command
def close_cases(subject_id: int, cause: Cause | None = None) -> None:
    """Take a subject out of the queue without a decision (its author withdrew it); `cause`: only these cases."""
    for case in queries.open_cases_about(subject_id):
        if cause is None or case.cause == cause:
            case.closed_at = clock.now()


@command
def report(thing: Any, *, ground: Ground, text: str, email: str, by: Actor) -> Report:
    """Take a report, from anyone; its receipt is for the person who reports."""
    row = Report(
        receipt=_new_receipt(),
        subject_id=thing.id,
        reporter_id=by.id or None,
        email=email,
        ground=ground.value,
        text=text,
        language=language(),
    )
    db.session.add(row)
    db.session.flush()
    open_case(thing.id, Cause.REPORT)
    record(SubjectReported(subject_id=thing.id, actor_id=by.id, report_id=row.id))
    return row


@command
def decide(
    thing: Any, *, measure: Measure, ground: Ground, facts: str, by: Actor, trust_author: bool = False
) -> Decision:
    """Decide about a subject and everything that waits about it; approving may trust its author from now on.

    Raises:
        Conflict: nothing waits any more; somebody else has decided.
        Invalid: hiding without a ground and facts (DSA, Art. 17).
    """
    require(policy.can_work(by), by)
    cases = queries.open_cases_about(thing.id)
    if not cases and measure is not Measure.RESTORE:
        raise Conflict(_("Hierüber hat inzwischen schon jemand entschieden."))
    _check_reasons(measure, ground, facts)
    decision = _decided(cases, thing, measure, ground, facts, by)
    _set_state(thing, measure, facts)
    if trust_author and measure is Measure.APPROVE and thing.author_id:
        trust(person_for(by, thing.author_id), actor_id=by.id)
    record(DecisionTaken(subject_id=thing.id, actor_id=by.id, decision_id=decision.id, measure=measure.value))
    return decision


def _decided(cases: Sequence[Case], thing: Any, measure: Measure, ground: Ground, facts: str, by: Actor) -> Decision:
    decision = Decision(
        subject_id=thing.id, moderator_id=by.id or None, measure=measure.value, ground=ground.value, facts=facts
    )
    db.session.add(decision)
    db.session.flush()
    for case in cases:
        case.closed_at = clock.now()
    for row in queries.reports_about(thing.id):
        row.decision_id = decision.id
    return decision


def _check_reasons(measure: Measure, ground: Ground, facts: str) -> None:
    if measure is not Measure.HIDE:
        return
    errors = {}
    if ground is Ground.NONE:
        errors["ground"] = _("Wählen Sie die Regel, auf der die Entscheidung beruht.")
    if not facts:
        errors["facts"] = _("Beschreiben Sie, was der Grund ist. Wer es geschrieben hat, liest das.")
    if errors:
        raise Invalid(_("Wer etwas ausblendet, braucht eine Begründung."), errors)


def _set_state(thing: Any, measure: Measure, facts: str) -> None:
    set_state = registry.kind_of(thing).set_state
    state = STATE_AFTER.get(measure)
    if set_state is not None and state is not None and thing.state != state:
        set_state(thing, state, facts)


def _new_receipt() -> str:
    # 32 letters without 0/O, 1/I: 40 bits and more that can be read over the phone.
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    code = "".join(secrets.choice(alphabet) for _index in range(10))
    return f"{code[:5]}-{code[5:]}"
