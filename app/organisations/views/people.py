"""Who belongs to an organisation: inviting, roles, leaving."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.queries import person_by_email
from app.kit.access import access, current_actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to
from app.organisations import commands, policy, queries
from app.organisations.forms import ROLE_WORDS, AddressForm, InviteForm, RoleForm
from app.organisations.models import Organisation
from app.organisations.views.blueprint import bp


@bp.get("/organisations/<slug:organisation_slug>/members")
@access(policy.can_see_members, of=queries.organisation_named)
def members(organisation: Organisation) -> ResponseReturnValue:
    return _page(organisation)


@bp.post("/organisations/<slug:organisation_slug>/invitations")
@limiter.limit("10/minute;30/hour")
@access(policy.can_manage, of=queries.organisation_named)
def invite(organisation: Organisation) -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return _page(organisation, invite_form=form), 422
    try:
        commands.invite(organisation, form.email.data or "", form.role.data, by=current_actor())
    except Invalid as error:
        form.add_errors(error.errors)
        return _page(organisation, invite_form=form), 422
    except Conflict as error:
        return _page(organisation, invite_form=form, trouble=error.message), 409
    notify(_("Die Einladung ist unterwegs an %(email)s. Sie gilt 14 Tage.", email=form.email.data))
    return redirect_to(_address(organisation))


@bp.post("/organisations/<slug:organisation_slug>/invitations/<id:invitation_id>/withdrawal")
@access(policy.can_manage, of=queries.organisation_named)
def withdraw(organisation: Organisation, invitation_id: int) -> ResponseReturnValue:
    commands.withdraw_invitation(queries.invitation_of(organisation.id, invitation_id), by=current_actor())
    notify(_("Die Einladung ist zurückgezogen."))
    return redirect_to(_address(organisation))


@bp.post("/organisations/<slug:organisation_slug>/members/<id:person_id>/role")
@access(policy.can_manage, of=queries.organisation_named)
def change_role(organisation: Organisation, person_id: int) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate():
        return _page(organisation), 422
    try:
        commands.change_role(organisation, person_id, form.role.data, by=current_actor())
    except Conflict as error:
        return _page(organisation, trouble=error.message), 409
    notify(_("Die Aufgabe ist geändert."))
    return redirect_to(_address(organisation))


@bp.post("/organisations/<slug:organisation_slug>/members/<id:person_id>/removal")
@access(policy.can_leave, of=queries.organisation_named)
def remove(organisation: Organisation, person_id: int) -> ResponseReturnValue:
    try:
        commands.remove_member(organisation, person_id, by=current_actor())
    except Conflict as error:
        return _page(organisation, trouble=error.message), 409
    if person_id == current_actor().id:
        notify(_("Sie gehören nicht mehr zu %(name)s.", name=organisation.name))
        return redirect_to(url_for("accounts.show"))
    notify(_("Die Person gehört nicht mehr dazu."))
    return redirect_to(_address(organisation))


@bp.post("/organisations/<slug:organisation_slug>/owners")
@access(policy.can_appoint, of=queries.organisation_named)
def appoint(organisation: Organisation) -> ResponseReturnValue:
    form = AddressForm()
    person = person_by_email(form.email.data or "") if form.validate() else None
    if person is None:
        form.add_errors({} if form.errors else {"email": _("Zu dieser Adresse gibt es kein Konto.")})
        return _page(organisation, appoint_form=form), 422
    commands.appoint_owner(organisation, person, by=current_actor())
    notify(_("%(name)s verwaltet jetzt diese Organisation.", name=person.name))
    return redirect_to(_address(organisation))


def _page(organisation: Organisation, *, trouble: str = "", **sent: AddressForm) -> str:
    """The page; `sent` are forms (invite_form, appoint_form) as they came back, `trouble` says what did not work."""
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        members=queries.members_of(organisation.id),
        owners=len(policy.owner_ids(organisation)),
        roles=ROLE_WORDS,
        trouble=trouble,
        **_offered(organisation, sent),
    )


def _offered(organisation: Organisation, sent: dict[str, AddressForm]) -> dict[str, Any]:
    """What this person may do: the forms, and the open invitations."""
    actor = current_actor()
    manages, appoints = policy.can_manage(actor, organisation), policy.can_appoint(actor, organisation)
    return {
        "invitations": queries.open_invitations(organisation.id) if manages else [],
        "invite_form": sent.get("invite_form", InviteForm(formdata=None)) if manages else None,
        "appoint_form": sent.get("appoint_form", AddressForm(formdata=None)) if appoints else None,
    }


def _address(organisation: Organisation) -> str:
    if not policy.can_see_members(current_actor(), organisation):
        raise NotFound
    return url_for(".members", organisation_slug=organisation.slug)
