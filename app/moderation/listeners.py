"""The moderators' counter in the header, cases of packages below, what is held about people who report."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import func, select, update

from app.kit import frame, personal_data
from app.kit.access import current_actor
from app.kit.actor import is_staff
from app.kit.db import db
from app.kit.slots import fills
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Case, Cause, Report
from app.organisations.activities import OrganisationEdited, OrganisationFounded
from app.subjects.activities import within


@within(OrganisationFounded)
@within(OrganisationEdited)
def open_case_about_organisation(fact: OrganisationFounded | OrganisationEdited) -> None:
    """What new members say about an organisation is read by a moderator first, unless others said it anew since."""
    if fact.waits:
        open_case(fact.subject_id, Cause.NEW)
    else:
        close_cases(fact.subject_id, Cause.NEW)


@fills("header.staff")
def desk_link(_subjects: Sequence[Any]) -> str:
    """The way to the queue, with how many cases wait; for staff."""
    if not is_staff(current_actor()):
        return ""
    return render_template("moderation/_desk_link.html", open_cases=frame.value("cases"))


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Report).where(Report.reporter_id == person_id).order_by(Report.id))
    return [{"receipt": row.receipt, "text": row.text, "at": row.created_at.isoformat()} for row in rows]


def _forget(person_id: int) -> None:
    db.session.execute(update(Report).where(Report.reporter_id == person_id).values(reporter_id=None, email=""))


frame.register(
    "cases",
    lambda: select(func.count()).select_from(Case).where(Case.closed_at.is_(None)).scalar_subquery(),
    members_only=True,
)
personal_data.register("reports", export=_export, anonymise=_forget)
