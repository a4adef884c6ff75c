"""What the page of an answered challenge shows of its end; what is held about who wrote it."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.closings import queries
from app.closings.forms import KIND_WORDS
from app.closings.models import Closing
from app.kit import personal_data
from app.kit.db import db
from app.kit.slots import fills


@fills("challenge.closing")
def closing_of_challenge(subjects: Sequence[Any]) -> str:
    """The statement and what becomes of the ideas of the one challenge of a page; nothing before it is public."""
    closing = queries.published_closing(subjects[0])
    if closing is None:
        return ""
    groups = queries.told_groups(subjects[0].id)
    words = {kind.value: text for kind, text in KIND_WORDS.items()}
    return render_template(
        "closings/_of_challenge.html", challenge=subjects[0], closing=closing, groups=groups, words=words
    )


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Closing).where(Closing.author_id == person_id).order_by(Closing.challenge_id))
    return [{"challenge": row.challenge_id, "text": row.text, "saved_at": row.saved_at.isoformat()} for row in rows]


def _keep(person_id: int) -> None:
    """What was said to all stays for those it was said to; the account behind it no longer has a name."""


personal_data.register("closings", export=_export, anonymise=_keep)
