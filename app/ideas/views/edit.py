"""Changing ideas; two people at the same text are told of each other, and nothing is lost."""

from flask import request
from flask.typing import ResponseReturnValue

from app.attachments.commands import keep_uploads
from app.ideas import commands, policy, queries
from app.ideas.forms import IdeaForm, start_of
from app.ideas.models import Idea, IdeaState
from app.ideas.views.blueprint import bp
from app.ideas.views.changes import Difference, conflict_with
from app.ideas.views.write import form_page, offered
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.db import abandon
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, settings
from app.subjects.registry import url_of


@bp.get("/ideas/<id:idea_id>/edit")
@access(policy.can_edit, of=queries.idea_for)
def edit(idea: Idea) -> ResponseReturnValue:
    draft = drafts.draft_if_any(current_actor(), request.args.get("draft"))
    form = IdeaForm(formdata=draft.values if draft else None, data=start_of(idea))
    return form_page(offered(form, idea), idea=idea, draft=draft)


@bp.post("/ideas/<id:idea_id>/edit")
@limiter.limit("20/minute")
@access(policy.can_edit, of=queries.idea_for, keeps=True)
def update(idea: Idea) -> ResponseReturnValue:
    form = offered(IdeaForm(), idea)
    if not form.validate():
        return form_page(form, idea=idea), 422
    if conflict := _conflict(idea, form):
        return form_page(form, idea=idea, conflict=conflict), 409
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(
        _("Gespeichert. Die Moderation liest die Änderung, dann ist Ihre Idee wieder öffentlich.")
        if idea.state == IdeaState.PENDING
        else _("Ihre Änderungen sind gespeichert.")
    )
    return redirect_to(url_of(idea))


def _conflict(idea: Idea, form: IdeaForm) -> Difference | None:
    """Save what was typed; None: done."""
    if conflict := conflict_with(idea, form):
        return conflict
    try:
        _save(idea, form)
    except commands.ChangedMeanwhile:  # at the very same moment
        abandon()
        return conflict_with(idea, form)
    return None


def _save(idea: Idea, form: IdeaForm) -> None:
    keep_uploads(*form.uploads, by=current_actor())
    commands.edit_idea(
        idea,
        form.to_text(),
        by=current_actor(),
        moderate_new=settings().moderate_new,
        based_on=form.began_with,
        note=form.note.data or "",
    )
