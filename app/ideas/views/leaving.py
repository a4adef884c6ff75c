"""Taking an idea back, bringing it again, and whether staff may get in touch."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.ideas import commands, policy, queries
from app.ideas.forms import ContactForm, WithdrawForm
from app.ideas.models import Idea, IdeaState
from app.ideas.views.blueprint import bp
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.web import notify, redirect_to
from app.subjects.registry import url_of


@bp.get("/ideas/<id:idea_id>/withdrawal")
@access(policy.can_withdraw, of=queries.idea_for)
def ask_withdrawal(idea: Idea) -> ResponseReturnValue:
    return render_template("ideas/withdraw.html", idea=idea, form=WithdrawForm(formdata=None))


@bp.post("/ideas/<id:idea_id>/withdrawal")
@access(policy.can_withdraw, of=queries.idea_for)
def withdraw(idea: Idea) -> ResponseReturnValue:
    form = WithdrawForm()
    if not form.validate():
        return render_template("ideas/withdraw.html", idea=idea, form=form), 422
    was_public = idea.state == IdeaState.PUBLISHED
    commands.withdraw_idea(idea, by=current_actor(), reason=form.reason.data or "")
    notify(
        _("Ihre Idee ist zurückgezogen und nicht mehr öffentlich.") if was_public else _("Ihre Idee ist zurückgezogen.")
    )
    return redirect_to(url_of(idea))


@bp.post("/ideas/<id:idea_id>/reopening")
@access(policy.can_reopen, of=queries.idea_for)
def reopen(idea: Idea) -> ResponseReturnValue:
    commands.reopen_idea(idea, by=current_actor())
    notify(_("Ihre Idee ist wieder eingereicht. Die Moderation schaut kurz darauf, dann ist sie öffentlich."))
    return redirect_to(url_of(idea))


@bp.get("/ideas/<id:idea_id>/contact")
@access(policy.can_be_contacted, of=queries.idea_for)
def contact(idea: Idea) -> ResponseReturnValue:
    given = queries.contact_of(current_actor(), idea.id)
    return render_template("ideas/contact.html", idea=idea, given=given, form=ContactForm.filled(given))


@bp.post("/ideas/<id:idea_id>/contact")
@access(policy.can_be_contacted, of=queries.idea_for)
def save_contact(idea: Idea) -> ResponseReturnValue:
    form, actor = ContactForm(), current_actor()
    if not form.validate():
        return render_template(
            "ideas/contact.html", idea=idea, given=queries.contact_of(actor, idea.id), form=form
        ), 422
    if form.way:
        commands.keep_contact(idea, form.way, form.contact_phone.data or "", by=actor)
        notify(_("Gespeichert. Die Anlaufstelle darf Sie zu dieser Idee ansprechen."))
    else:
        commands.forget_contact(idea, by=actor)
        notify(_("Gespeichert. Niemand spricht Sie zu dieser Idee an."))
    return redirect_to(url_for(".contact", idea_id=idea.id))
