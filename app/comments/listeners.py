"""The thread under every page that leaves a slot for it, and what is held about people who comment."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy import select

from app.comments import commands, queries
from app.comments.forms import CommentForm
from app.comments.models import Comment, title_of
from app.kit import personal_data
from app.kit.access import current_actor
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.kit.slots import fills
from app.subjects import registry


def _foresee_thread(subjects: Sequence[Any]) -> None:
    queries.foresee_threads(subjects[0], request.args.get("comments"))


@fills("subject.comments", foresee=_foresee_thread)
def thread_below(subjects: Sequence[Any]) -> str:
    """The comments about the one subject of a page, with the form."""
    threads = queries.threads_of(current_actor(), subjects[0], request.args.get("comments"))
    return render_template("comments/_thread.html", thing=subjects[0], threads=threads, form=CommentForm(formdata=None))


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Comment).where(Comment.author_id == person_id).order_by(Comment.id)).unique()
    return [
        {"about": row.subject_id, "body": row.body, "state": row.state, "at": row.created_at.isoformat()}
        for row in rows
    ]


def _keep(person_id: int) -> None:
    """Comments stay where others answered; the account behind them no longer has a name."""


personal_data.register("comments", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="comment",
        load=queries.comment_for,
        many=queries.comments_for,
        headings=queries.comment_headings,
        titled=title_of,
        address=lambda comment: page_at("comments.show", comment_id=comment.id),
        word=lambda: _("Kommentar"),
        set_state=commands.set_state,
        words=lambda comment: [registry.Passage(_("Kommentar"), comment.body)],
    )
)
