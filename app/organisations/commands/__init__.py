"""Every write about organisations: their pages, their people."""

from app.organisations.commands.pages import (
    OrganisationText,
    announce,
    edit_organisation,
    found_organisation,
    index,
    set_state,
    speak_as,
    unverify,
    verify,
)
from app.organisations.commands.people import (
    accept,
    add_member,
    appoint_owner,
    change_role,
    forget_old_invitations,
    forget_person,
    invite,
    remove_member,
    withdraw_invitation,
)

__all__ = [
    "OrganisationText",
    "accept",
    "add_member",
    "announce",
    "appoint_owner",
    "change_role",
    "edit_organisation",
    "forget_old_invitations",
    "forget_person",
    "found_organisation",
    "index",
    "invite",
    "remove_member",
    "set_state",
    "speak_as",
    "unverify",
    "verify",
    "withdraw_invitation",
]
