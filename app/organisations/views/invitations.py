"""The link of an invitation: reading it, signing in, accepting."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.kit.access import access, anyone, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import come_back_to, notify, redirect_to
from app.organisations import commands, policy, queries
from app.organisations.forms import ROLE_WORDS
from app.organisations.models import Invitation, Role
from app.organisations.views.blueprint import bp
from app.subjects.registry import url_of


@bp.get("/invitations/<token>")
@access(anyone)
def invitation(token: str) -> ResponseReturnValue:
    """What the invitation says; a guest comes back here after signing in or registering."""
    found = queries.invitation_named(token)
    queries.must_be_public(found.organisation)
    if not current_actor().is_signed_in and found.is_open:
        come_back_to(request.path)
    return _page(found, token)


@bp.post("/invitations/<token>/acceptance")
@limiter.limit("20/minute")
@access(policy.can_create)
def accept(token: str) -> ResponseReturnValue:
    found = queries.invitation_named(token)
    queries.must_be_public(found.organisation)
    if not _is_mine(found) or not (found.is_open or found.brought(current_user._get_current_object())):
        return _page(found, token), 403 if not _is_mine(found) else 409
    commands.accept(found, by=current_user._get_current_object())
    name = found.organisation.name
    owns = found.role == Role.OWNER
    words = _("Sie verwalten jetzt %(name)s und können für die Organisation schreiben.", name=name) if owns else ""
    notify(words or _("Sie gehören jetzt zu %(name)s und können für die Organisation schreiben.", name=name))
    return redirect_to(url_of(found.organisation))


def _page(found: Invitation, token: str) -> str:
    name, _at, domain = found.email.partition("@")
    return render_template(
        "organisations/invitation.html",
        invitation=found,
        token=token,
        role=ROLE_WORDS[Role(found.role)],
        is_mine=_is_mine(found),
        masked=f"{name[:1]}…@{domain}",
    )


def _is_mine(found: Invitation) -> bool:
    actor = current_actor()
    return actor.is_signed_in and (current_user.email or "").lower() == found.email
