"""The mail to the operator, the ways to the form and to the inbox, barriers as subjects."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.barriers import policy, queries
from app.barriers.activities import BarrierReported
from app.barriers.models import Barrier
from app.kit import mail, personal_data
from app.kit.access import current_actor
from app.kit.actor import SYSTEM
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.kit.slots import fills
from app.kit.web import settings
from app.subjects import registry
from app.subjects.activities import after


@after(BarrierReported)
def tell_operator(fact: BarrierReported) -> None:
    """One mail for each message, to the address of the accessibility statement."""
    barrier, own = queries.barrier_for(SYSTEM, fact.subject_id), settings()
    language = own.content_language if own.content_language in ("de", "en") else "de"
    subject, text = mail.compose("barrier_reported", language, barrier=barrier, base_url=own.base_url)
    to = own.accessibility_contact or own.mail_from
    mail.post(f"barrier:{barrier.id}", to=to, subject=subject, text=text, language=language)


@fills("page.end")
def way_to_the_form(texts: Sequence[Any]) -> str:
    """Below the accessibility statement."""
    return render_template("barriers/_way.html") if texts[0].key == "accessibility" else ""


@fills("moderation.inbox")
def way_to_the_inbox(_things: Sequence[Any]) -> str:
    """Above the queue, if something waits."""
    count = queries.open_count() if policy.can_work(current_actor()) else 0
    return render_template("barriers/_waiting.html", count=count) if count else ""


def _export(person_id: int) -> list[dict[str, Any]]:
    own = select(Barrier).where(Barrier.done_by_id == person_id).order_by(Barrier.id)
    return [{"receipt": row.receipt, "done_at": str(row.done_at)} for row in db.session.scalars(own)]


def _keep(person_id: int) -> None:
    """Who was done with it stays on record, under the anonymised account."""


personal_data.register("barriers", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="barrier",
        load=queries.barrier_for,
        many=queries.barriers_for,
        address=lambda _barrier: page_at("barriers.index"),
        word=lambda: _("Barriere"),
    )
)
