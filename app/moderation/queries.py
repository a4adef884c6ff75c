"""The queue, reports and decisions."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from app.kit.actor import SYSTEM, Actor, is_staff
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.paging import Page, page_of
from app.moderation.models import Case, Decision, Report
from app.subjects import registry

QUEUE = 40


def open_cases(after: str | None) -> Page[Case]:
    """What waits, longest first."""
    waiting = select(Case).where(Case.closed_at.is_(None))
    return page_of(waiting, (Case.opened_at, Case.id), after=after, size=QUEUE, down=False)


def open_count() -> int:
    """How many cases wait."""
    return db.session.scalar(select(func.count()).select_from(Case).where(Case.closed_at.is_(None))) or 0


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
    """A decision, for staff and for the author it concerns.

    Raises:
        NotFound: no such decision, or not for this reader.
    """
    decision = db.session.get(Decision, decision_id)
    if decision is None or not reader.is_signed_in:
        raise NotFound
    # Not through the reader: whether the thing is hidden is nobody else's business here.
    if not is_staff(reader) and reader.id != registry.load(SYSTEM, decision.subject_id).author_id:
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
