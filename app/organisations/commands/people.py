"""Inviting people into an organisation, their roles, and how they leave."""

import secrets
from datetime import timedelta

from flask import url_for
from sqlalchemy import delete, or_, update

from app.accounts.models import User
from app.accounts.queries import person_by_email
from app.kit import clock, mail
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.kit.inserting import insert_once
from app.kit.moments import moment
from app.kit.web import settings
from app.organisations import policy, queries
from app.organisations.activities import (
    InvitationWithdrawn,
    MemberJoined,
    MemberLeft,
    MemberRoleChanged,
    PersonInvited,
)
from app.organisations.models import Invitation, Membership, Organisation, Role
from app.subjects.commands import record

OPEN_FOR = timedelta(days=14)
AGAIN_AFTER = timedelta(hours=1)
MOST_A_DAY = 20
KEPT = timedelta(days=30)


@command
def invite(organisation: Organisation, email: str, role: str, *, by: Actor) -> str:
    """Invite an address by mail, whether there is an account behind it or not; returns the link's token.

    Raises:
        Conflict: the organisation is not public, or has invited enough people for a day.
        Invalid: the address is a member's, or was invited within the hour, whatever became of that.
    """
    require(policy.can_manage(by, organisation), by)
    address, now, token = email.strip().lower(), clock.now(), secrets.token_urlsafe(24)
    _check_invitation(organisation, address, by)
    known = queries.unanswered_invitation(organisation.id, address)
    if known is not None:
        known.withdrawn_at = now  # its link ends; the new one counts
        db.session.flush()
    values = {"organisation_id": organisation.id, "email": address, "role": Role(role).value, "invited_by_id": by.id}
    values |= {"token_hash": queries.hash_of(token), "created_at": now, "expires_at": now + OPEN_FOR}
    invitation_id = insert_once(Invitation, **values)
    if invitation_id is None:
        return ""  # somebody else invited the same address this very moment
    _mail(address, organisation, invitation_id, token, by)
    fact = PersonInvited(subject_id=organisation.id, actor_id=by.id, invitation_id=invitation_id, role=str(role))
    record(fact)
    return token


@command
def withdraw_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Take an invitation back; one that was answered stays as it is."""
    require(policy.can_manage(by, invitation.organisation), by)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        organisation_id = invitation.organisation_id
        record(InvitationWithdrawn(subject_id=organisation_id, actor_id=by.id, invitation_id=invitation.id))


@command
def accept(invitation: Invitation, *, by: User) -> None:
    """Join as invited; whoever writes in it already and was invited to own it does so from now on.

    Accepting twice is accepting once.

    Raises:
        NotAllowed: another address was invited.
        Gone: the organisation is not public.
        Conflict: used, expired or withdrawn.
    """
    require(policy.can_create(by), by)
    if (by.email or "").lower() != invitation.email:
        raise NotAllowed(_("Diese Einladung ging an eine andere E-Mail-Adresse."))
    queries.must_be_public(invitation.organisation)
    if invitation.brought(by):
        return
    if not invitation.is_open:
        raise Conflict(_("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue."))
    invitation.accepted_at = clock.now()
    db.session.flush()
    add_member(invitation.organisation, by.id, Role(invitation.role), by=by)
    if invitation.role == Role.OWNER:
        _set_role(invitation.organisation, by.id, Role.OWNER, by)


@command
def add_member(organisation: Organisation, person_id: int, role: Role, *, by: Actor) -> None:
    """Let somebody belong to an organisation; who does already stays as they are. The caller guards."""
    values = {"organisation_id": organisation.id, "person_id": person_id, "role": role.value}
    if insert_once(Membership, created_at=clock.now(), **values) is not None:
        _changed(organisation, person_id)
        fact = MemberJoined(subject_id=organisation.id, actor_id=by.id, person_id=person_id, role=role.value)
        record(fact)


@command
def appoint_owner(organisation: Organisation, person: User, *, by: Actor) -> None:
    """Give an organisation that nobody owns any more an owner.

    Raises:
        Conflict: somebody owns it.
    """
    queries.members_of(organisation.id, lock=True)
    if policy.owner_ids(organisation):
        raise Conflict(_("Diese Organisation hat jemanden, der sie verwaltet."))
    require(policy.can_appoint(by, organisation), by)
    add_member(organisation, person.id, Role.OWNER, by=by)
    _set_role(organisation, person.id, Role.OWNER, by)


@command
def change_role(organisation: Organisation, person_id: int, role: str, *, by: Actor) -> None:
    """Make a member owner or editor.

    Raises:
        NotFound: somebody who never belonged to it.
        Conflict: the last owner would be one no longer, or the person left.
    """
    require(policy.can_manage(by, organisation), by)
    if not _is_or_was_member(organisation, person_id):
        raise Conflict(_("Diese Person gehört nicht mehr dazu."))
    if Role(role) is not Role.OWNER:
        _keep_an_owner(organisation, person_id)
    _set_role(organisation, person_id, Role(role), by)


@command
def remove_member(organisation: Organisation, person_id: int, *, by: Actor) -> None:
    """Leave an organisation, or remove somebody from it; who is gone already stays gone.

    Raises:
        NotFound: somebody who never belonged to it.
        Conflict: it would have no owner any more.
    """
    require(policy.can_remove(by, organisation, person_id), by)
    if not _is_or_was_member(organisation, person_id):
        return
    _keep_an_owner(organisation, person_id)
    gone = delete(Membership).where(Membership.organisation_id == organisation.id, Membership.person_id == person_id)
    if db.session.execute(gone.returning(Membership.id)).first() is not None:
        _changed(organisation, person_id)
        record(MemberLeft(subject_id=organisation.id, actor_id=by.id, person_id=person_id))


@command
def forget_person(person_id: int) -> None:
    """Somebody deletes their account: they belong nowhere any more, organisations stay."""
    user = db.session.get_one(User, person_id)
    db.session.execute(delete(Membership).where(Membership.person_id == person_id))
    to_them = Invitation.email == (user.email or "").lower()
    db.session.execute(delete(Invitation).where(to_them))
    by_them = update(Invitation).where(Invitation.invited_by_id == person_id)
    db.session.execute(by_them.values(invited_by_id=None))


@command
def forget_old_invitations() -> None:
    """Forget addresses a month after their invitation was answered or ran out."""
    old = or_(Invitation.expires_at < clock.now() - KEPT, Invitation.withdrawn_at < clock.now() - KEPT)
    db.session.execute(delete(Invitation).where(old))


def _check_invitation(organisation: Organisation, address: str, by: Actor) -> None:
    """Lock the organisation first: two who invite at the same moment are counted one after the other."""
    queries.lock(organisation.id)
    if not organisation.is_public:
        raise Conflict(_("Einladen können Sie erst, wenn die Seite der Organisation öffentlich ist."))
    for member in queries.members_of(organisation.id):
        if (member.person.email or "").lower() == address:
            mine = member.person_id == by.id
            words = _("Das ist Ihre eigene Adresse.") if mine else _("Diese Person gehört schon dazu.")
            raise Invalid(words, {"email": words})
    last = queries.last_invitation_at(organisation.id, address)
    if last is not None and last > clock.now() - AGAIN_AFTER:
        until = moment(last + AGAIN_AFTER)
        words = _("Dorthin ging gerade erst eine Einladung. Wir haben nichts geschickt. Wieder ab %(at)s.", at=until)
        raise Invalid(words, {"email": words})
    if queries.count_invitations(organisation.id, since=clock.now() - timedelta(days=1)) >= MOST_A_DAY:
        raise Conflict(_("Das waren genug Einladungen für einen Tag. Laden Sie morgen weitere Menschen ein."))


def _is_or_was_member(organisation: Organisation, person_id: int) -> bool:
    """Whether somebody belongs to it; False: they did.

    Raises:
        NotFound: they never did.
    """
    if any(one.person_id == person_id for one in queries.members_of(organisation.id)):
        return True
    if not queries.once_belonged(organisation.id, person_id):
        raise NotFound
    return False


def _mail(address: str, organisation: Organisation, invitation_id: int, token: str, by: Actor) -> None:
    known = person_by_email(address)
    url = settings().base_url + url_for("organisations.invitation", token=token)
    wanted = known.language if known else language()
    subject, text = mail.compose(
        "organisation_invited",
        wanted,
        organisation=organisation,
        inviter=by.name,
        url=url,
        days=OPEN_FOR.days,
    )
    mail.post(f"organisation_invited:{invitation_id}", to=address, subject=subject, text=text, language=wanted)


def _set_role(organisation: Organisation, person_id: int, role: Role, by: Actor) -> None:
    mine = (Membership.organisation_id == organisation.id) & (Membership.person_id == person_id)
    changed = update(Membership).where(mine, Membership.role != role.value).values(role=role.value)
    if db.session.execute(changed.returning(Membership.id)).first() is not None:
        _changed(organisation, person_id)
        fact = MemberRoleChanged(subject_id=organisation.id, actor_id=by.id, person_id=person_id, role=role.value)
        record(fact)


def _keep_an_owner(organisation: Organisation, person_id: int) -> None:
    """Lock the members first: two owners who leave at the same moment must not both be "not the last"."""
    members = queries.members_of(organisation.id, lock=True)
    owners = {one.person_id for one in members if one.role == Role.OWNER}
    if owners == {person_id}:
        raise Conflict(
            _("Jemand muss die Organisation verwalten. Geben Sie diese Aufgabe zuerst einer anderen Person.")
        )


def _changed(organisation: Organisation, person_id: int) -> None:
    """What was read of who belongs to it is read anew when next asked."""
    db.session.expire(organisation, ["memberships"])
    person = db.session.identity_map.get(db.session.identity_key(User, person_id))
    if person is not None:
        db.session.expire(person, ["memberships"])
