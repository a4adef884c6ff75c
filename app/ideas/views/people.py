"""Writing an idea together: inviting, accepting, leaving."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.ideas import commands, policy, queries
from app.ideas.forms import CoauthorForm
from app.ideas.models import CoauthorInvitation, Idea
from app.ideas.views.blueprint import bp
from app.kit.access import access, anyone, current_actor, signed_in
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import come_back_to, notify, redirect_to
from app.subjects.registry import url_of


@bp.get("/ideas/<id:idea_id>/authors")
@access(policy.can_see_coauthors, of=queries.idea_for)
def authors(idea: Idea) -> ResponseReturnValue:
    return _authors_page(idea, CoauthorForm(formdata=None))


@bp.post("/ideas/<id:idea_id>/invitations")
@limiter.limit("10/minute;30/hour")
@access(policy.can_invite, of=queries.idea_for)
def invite(idea: Idea) -> ResponseReturnValue:
    form = CoauthorForm()
    if not form.validate():
        return _authors_page(idea, form), 422
    try:
        invitation = commands.invite_coauthor(idea, form.whom.data or "", by=current_actor())
    except Invalid as error:
        form.add_errors(error.errors)
        return _authors_page(idea, form), 422
    except Conflict as error:
        return _authors_page(idea, form, trouble=str(error.message)), 409
    notify(_("Die Einladung ist unterwegs an %(name)s. Sie gilt 14 Tage.", name=invitation.label))
    return redirect_to(url_for(".authors", idea_id=idea.id))


@bp.post("/ideas/<id:idea_id>/invitations/<id:invitation_id>/withdrawal")
@access(policy.can_invite, of=queries.idea_for)
def withdraw_invitation(idea: Idea, invitation_id: int) -> ResponseReturnValue:
    commands.withdraw_invitation(queries.invitation_of(idea.id, invitation_id), by=current_actor())
    notify(_("Die Einladung ist zurückgezogen."))
    return redirect_to(url_for(".authors", idea_id=idea.id))


@bp.post("/ideas/<id:idea_id>/authors/<id:person_id>/removal")
@access(policy.can_see_coauthors, of=queries.idea_for)
def remove_author(idea: Idea, person_id: int) -> ResponseReturnValue:
    commands.remove_coauthor(idea, person_id, by=current_actor())
    if person_id == current_actor().id:
        notify(_("Sie schreiben an dieser Idee nicht mehr mit."))
        return redirect_to(url_for("accounts.show"))
    notify(_("Die Person schreibt nicht mehr mit."))
    return redirect_to(url_for(".authors", idea_id=idea.id))


@bp.get("/ideas/invitations/<token>")
@access(anyone)
def invitation(token: str) -> ResponseReturnValue:
    """What the invitation says; a guest comes back here after signing in or registering."""
    found = queries.invitation_named(token)
    if not current_actor().is_signed_in and found.is_open:
        come_back_to(request.path)
    return _invitation_page(found, token)


@bp.post("/ideas/invitations/<token>/acceptance")
@limiter.limit("20/minute")
@access(policy.can_create)
def accept_invitation(token: str) -> ResponseReturnValue:
    found = queries.invitation_named(token)
    if (refusal := _refusal(found)) and not found.brought(current_user._get_current_object()):
        return _invitation_page(found, token), refusal
    commands.join_idea(found, by=current_user._get_current_object())
    notify(_("Sie schreiben jetzt an „%(title)s“ mit.", title=found.idea.title))
    return redirect_to(url_of(found.idea))


@bp.post("/ideas/invitations/<token>/refusal")
@limiter.limit("20/minute")
@access(signed_in)
def refuse_invitation(token: str) -> ResponseReturnValue:
    found = queries.invitation_named(token)
    if refusal := _refusal(found):
        return _invitation_page(found, token), refusal
    commands.decline_invitation(found, by=current_user._get_current_object())
    notify(_("Sie haben abgelehnt. Zu dieser Idee kommt keine Einladung mehr."))
    return redirect_to(url_for("accounts.show"))


def _authors_page(idea: Idea, form: CoauthorForm, trouble: str = "") -> str:
    manages = policy.can_invite(current_actor(), idea)
    return render_template(
        "ideas/authors.html",
        idea=idea,
        form=form if manages else None,
        invitations=queries.open_invitations(idea.id) if manages else [],
        trouble=trouble,
    )


def _invitation_page(found: CoauthorInvitation, token: str) -> str:
    is_mine = current_actor().is_signed_in and found.is_for(current_user._get_current_object())
    name, _at, domain = found.invitee.partition("@")
    masked = f"{name[:1]}…@{domain}" if name else found.invitee
    return render_template("ideas/invitation.html", invitation=found, token=token, is_mine=is_mine, masked=masked)


def _refusal(found: CoauthorInvitation) -> int | None:
    """The status with which the page says why not."""
    if not found.is_for(current_user._get_current_object()):
        return 403
    return None if found.is_open else 409
