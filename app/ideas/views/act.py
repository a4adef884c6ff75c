"""What people do with an idea: support, take back, answer officially."""

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.challenges.models import Challenge
from app.challenges.queries import challenge_for
from app.ideas import commands, policy, queries
from app.ideas.forms import AnswerForm
from app.ideas.models import Idea
from app.ideas.views.blueprint import bp
from app.ideas.views.browse import page_of_idea
from app.kit import drafts
from app.kit.access import access, current_actor, signed_in
from app.kit.db import end_writing
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import htmx, notify, redirect_to, respond
from app.subjects.registry import url_of
from app.voting import commands as voting
from app.voting.queries import foresee_given


def _foresee_support(idea_id: int) -> None:
    queries.foresee_idea_in_short(idea_id)
    foresee_given(idea_id)


@bp.post("/ideas/<id:idea_id>/support")
@limiter.limit("120/minute")
@access(policy.can_vote, of=queries.idea_in_short, keeps=True, at_once=_foresee_support)
def support(idea: Any) -> ResponseReturnValue:
    voting.support(idea, by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    return _vote(idea, supported=True)


@bp.delete("/ideas/<id:idea_id>/support", endpoint="take_back_support")
@bp.post("/ideas/<id:idea_id>/support/withdrawal")
@limiter.limit("120/minute")
@access(policy.can_vote, of=queries.idea_in_short, keeps=True, at_once=queries.foresee_idea_in_short)
def withdraw_support(idea: Any) -> ResponseReturnValue:
    voting.withdraw_support(idea, by=current_actor())
    return _vote(idea, supported=False)


@bp.get("/challenges/<id:challenge_id>/votes")
@access(signed_in, of=challenge_for)
def votes(challenge: Challenge) -> ResponseReturnValue:
    """Where one's votes of a challenge lie, to be taken back and given to others."""
    actor = current_actor()
    given, left = queries.voted_for(actor, challenge), queries.votes_left(actor, challenge)
    return render_template("ideas/votes.html", challenge=challenge, ideas=given, left=left)


@bp.post("/ideas/<id:idea_id>/answers")
@access(policy.can_answer, of=queries.idea_for, keeps=True)
def answer(idea: Idea) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate():
        return render_template("ideas/show.html", **page_of_idea(queries.page_of(current_actor(), idea.id), form)), 422
    role = _("Moderation")
    commands.answer_idea(
        idea, body=form.body.data or "", status=form.status.data or "", by=current_actor(), role_label=role
    )
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Ihre Antwort steht auf der Seite. Wer ihr folgt, bekommt eine E-Mail."))
    return redirect_to(url_of(idea))


def _vote(idea: Any, *, supported: bool) -> Response:
    """The button as it is now, or the page; others may write meanwhile."""
    end_writing()
    shown = queries.idea_in_short(current_actor(), idea.id) if htmx else idea
    return respond("ideas/_support.html", back=url_of(idea), idea=shown, supported=supported)
