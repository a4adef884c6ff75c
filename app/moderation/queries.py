"""The queue, reports and decisions."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select, tuple_

from app.kit.actor import SYSTEM, Actor, is_staff
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.paging import Page, page_of
from app.moderation import policy
from app.moderation.models import Case, Cause, Decision, Report
from app.subjects import registry

QUEUE = 40


def open_cases(after: str | None, cause: str = "") -> Page[Case]:
    """What waits, longest first; for one cause, or for all."""
    return page_of(_waiting(cause), (Case.opened_at, Case.id), after=after, size=QUEUE, down=False)


def closed_cases(after: str | None) -> Page[Case]:
    """What was decided or taken back, the newest case first."""
    return page_of(select(Case).where(Case.closed_at.is_not(None)), (Case.id,), after=after, size=QUEUE)


def open_counts() -> dict[str, int]:
    """How many cases wait for each cause."""
    counted = select(Case.cause, func.count()).where(Case.closed_at.is_(None)).group_by(Case.cause)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def first_open(cause: str = "") -> Case | None:
    """The case that waits longest."""
    return db.session.scalars(_waiting(cause).order_by(Case.opened_at, Case.id).limit(1)).first()


def open_since(case: Case, cause: str = "") -> Case | None:
    """The case that has waited longest after this one; else the one that waits longest of all."""
    later = tuple_(Case.opened_at, Case.id) > tuple_(case.opened_at, case.id)
    found = db.session.scalars(_waiting(cause).where(later).order_by(Case.opened_at, Case.id).limit(1)).first()
    return found or first_open(cause)


def report_counts(subject_ids: Collection[int]) -> dict[int, int]:
    """How many reports about each of these subjects are not decided yet."""
    about = select(Report.subject_id, func.count()).where(Report.subject_id.in_(subject_ids))
    counted = about.where(Report.decision_id.is_(None)).group_by(Report.subject_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _waiting(cause: str) -> Select[Case]:
    waiting = select(Case).where(Case.closed_at.is_(None))
    return waiting.where(Case.cause == cause) if cause in set(Cause) else waiting


def case_for(reader: Actor, case_id: int) -> Case:
    """A case, for staff only.

    Raises:
        NotFound: no such case, or not for this reader.
    """
    case = db.session.get(Case, case_id) if is_staff(reader) else None
    if case is None:
        raise NotFound
    return case


def decision_for(reader: Actor, decision_id: int) -> Decision:
    """A decision, for staff and for those it concerns.

    Raises:
        NotFound: no such decision, or not for this reader.
    """
    decision = db.session.get(Decision, decision_id)
    if decision is None or not reader.is_signed_in:
        raise NotFound
    # Not through the reader: whether the thing is hidden is nobody else's business here.
    if not policy.can_read_decision(reader, registry.load(SYSTEM, decision.subject_id)):
        raise NotFound
    return decision


def report_by_receipt(receipt: str) -> Report:
    """The report of a receipt; whoever holds it may ask.

    Raises:
        NotFound: no such receipt.
    """
    report = db.session.scalars(select(Report).where(Report.receipt == receipt.upper())).first()
    if report is None:
        raise NotFound
    return report


def reports_about(subject_id: int) -> Sequence[Report]:
    """Reports not decided yet, oldest first."""
    about = select(Report).where(Report.subject_id == subject_id, Report.decision_id.is_(None))
    return db.session.scalars(about.order_by(Report.id)).all()


def decisions_about(subject_ids: Collection[int]) -> Sequence[Decision]:
    """Every decision about these subjects, newest first."""
    about = select(Decision).where(Decision.subject_id.in_(subject_ids))
    return db.session.scalars(about.order_by(Decision.id.desc())).unique().all()


def open_cases_about(subject_id: int) -> Sequence[Case]:
    """The open cases of a subject, locked until the transaction ends (PostgreSQL)."""
    about = select(Case).where(Case.subject_id == subject_id, Case.closed_at.is_(None))
    return db.session.scalars(about.order_by(Case.id).with_for_update()).all()
