"""Who writes an idea along, who is asked to, and whom staff may contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.queries import person_by_handle
from app.ideas.models import Coauthor, CoauthorInvitation, Idea, IdeaContact, IdeaState, IdeaVersion, Outcome
from app.ideas.queries.texts import TEXTS
from app.kit import clock, sealed
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import DomainError, Gone, Invalid, NotFound
from app.kit.i18n import gettext as _

PURPOSE = "coauthor_invitation"


def coauthors_of(idea_id: int) -> Sequence[Coauthor]:
    """Who writes an idea along, in the order they joined."""
    return db.session.scalars(select(Coauthor).where(Coauthor.idea_id == idea_id).order_by(Coauthor.id)).unique().all()


def invitee_named(whom: str) -> tuple[str, User | None]:
    """Whom somebody means: an address in small letters, or a profile's name with an @ before it and the person.

    Raises:
        Invalid: there is no such profile.
    """
    text = whom.strip()
    if "@" in text[1:]:
        return text.lower(), None
    handle = text.removeprefix("@").lower()
    try:
        return f"@{handle}", person_by_handle(handle)
    except DomainError:
        words = _("Ein Profil mit diesem Namen gibt es nicht.")
        raise Invalid(words, {"whom": words}) from None


def invitation_token(invitation: CoauthorInvitation) -> str:
    """What the link of an invitation holds; nobody can make one."""
    return sealed.seal(PURPOSE, invitation.id, invitation.idea_id)


def invitation_named(token: str) -> CoauthorInvitation:
    """The invitation of a link, whatever became of it.

    Raises:
        NotFound: no such link.
        Gone: it was forgotten, or its idea is no longer public.
    """
    ids = sealed.unseal(PURPOSE, token)
    if ids is None:
        raise NotFound
    own = select(CoauthorInvitation).where(CoauthorInvitation.id == ids[0]).options(*_with_people())
    invitation = db.session.scalars(own).unique().first()
    if invitation is None:
        raise Gone(_("Diese Einladung gilt nicht mehr."))
    if invitation.idea.state not in (IdeaState.PENDING, IdeaState.PUBLISHED):
        raise Gone(_("Diese Idee ist nicht mehr öffentlich. Die Einladung gilt nicht mehr."))
    return invitation


def invitation_of(idea_id: int, invitation_id: int) -> CoauthorInvitation:
    """An invitation to an idea.

    Raises:
        NotFound: none, or to another one.
    """
    invitation = db.session.get(CoauthorInvitation, invitation_id)
    if invitation is None or invitation.idea_id != idea_id:
        raise NotFound
    return invitation


def open_invitations(idea_id: int) -> Sequence[CoauthorInvitation]:
    """The invitations to an idea that can still be answered, newest first."""
    own = select(CoauthorInvitation).where(CoauthorInvitation.idea_id == idea_id, *_still_open())
    return db.session.scalars(own.options(*_with_people()).order_by(CoauthorInvitation.id.desc())).unique().all()


def invitations_for(person: User) -> Sequence[CoauthorInvitation]:
    """What somebody is asked to write along, each idea once, newest first, as long as the ideas are public."""
    mine = select(CoauthorInvitation).join(CoauthorInvitation.idea).where(_went_to(person), *_still_open())
    public = mine.where(Idea.state == IdeaState.PUBLISHED.value).options(*_with_people())
    rows = db.session.scalars(public.order_by(CoauthorInvitation.id.desc()).limit(20)).unique()
    return list({invitation.idea_id: invitation for invitation in rows}.values())


def open_invitations_for(person: User, idea_id: int) -> Sequence[CoauthorInvitation]:
    """Every open invitation of one person to one idea: by address and by name."""
    mine = select(CoauthorInvitation).where(CoauthorInvitation.idea_id == idea_id, _went_to(person), *_still_open())
    return db.session.scalars(mine).all()


def unanswered_invitation(idea_id: int, invitee: str) -> CoauthorInvitation | None:
    """The invitation that was neither answered nor withdrawn, an expired one included."""
    own = select(CoauthorInvitation).where(CoauthorInvitation.idea_id == idea_id, CoauthorInvitation.invitee == invitee)
    return db.session.scalars(own.where(CoauthorInvitation.ended_at.is_(None))).first()


def was_declined(idea_id: int, invitee: str) -> bool:
    """Whether somebody said no to this idea."""
    own = (CoauthorInvitation.idea_id == idea_id) & (CoauthorInvitation.invitee == invitee)
    no = CoauthorInvitation.outcome == Outcome.DECLINED.value
    return db.session.scalar(select(CoauthorInvitation.id).where(own, no).limit(1)) is not None


def count_invitations(person_id: int, *, since: datetime) -> int:
    """How many people somebody invited since then, to any idea."""
    own = (CoauthorInvitation.invited_by_id == person_id) & (CoauthorInvitation.created_at > since)
    return db.session.scalar(select(func.count(CoauthorInvitation.id)).where(own)) or 0


def contact_of(actor: Actor, idea_id: int) -> IdeaContact | None:
    """What somebody agreed to about their idea."""
    own = select(IdeaContact).where(IdeaContact.idea_id == idea_id, IdeaContact.person_id == (actor.id or -1))
    return db.session.scalars(own).unique().first()


def contacts_of(idea_id: int) -> Sequence[IdeaContact]:
    """Whom staff may contact about an idea."""
    own = select(IdeaContact).where(IdeaContact.idea_id == idea_id).order_by(IdeaContact.id)
    return db.session.scalars(own).unique().all()


def ideas_held(person_id: int) -> list[dict[str, Any]]:
    """What somebody submitted, for the export of their data."""
    ideas = db.session.scalars(select(Idea).where(Idea.author_id == person_id).order_by(Idea.id))
    names = (*TEXTS, "easy_text", "different_because", "state", "state_reason", "status")
    return [_with(idea, names, "submitted_at") for idea in ideas]


def writing_held(person_id: int) -> dict[str, Any]:
    """What else is kept about somebody who writes ideas: versions, ideas of others, invitations, consents."""
    person = db.session.get_one(User, person_id)
    versions = select(IdeaVersion).where(IdeaVersion.author_id == person_id).order_by(IdeaVersion.id)
    along = select(Coauthor).where(Coauthor.person_id == person_id).order_by(Coauthor.id)
    asked = select(CoauthorInvitation).where(or_(_went_to(person), CoauthorInvitation.invited_by_id == person_id))
    consents = select(IdeaContact).where(IdeaContact.person_id == person_id).order_by(IdeaContact.id)
    of_version = ("idea_id", "number", *TEXTS, "facts", "answers", "note")
    read = db.session.scalars
    return {
        "versions": [_with(row, of_version, "created_at") for row in read(versions)],
        "writes_along": [_with(row, ("idea_id",), "created_at") for row in read(along).unique()],
        "invitations": [
            _with(row, ("idea_id", "invitee", "outcome"), "created_at")
            for row in read(asked.order_by(CoauthorInvitation.id))
        ],
        "contact": [_with(row, ("idea_id", "way", "phone"), "given_at") for row in read(consents).unique()],
    }


def _with(row: Any, names: Sequence[str], moment: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {moment: getattr(row, moment).isoformat()}


def _went_to(person: User) -> ColumnElement[bool]:
    by_address = CoauthorInvitation.invitee == (person.email or "").lower()
    return or_(CoauthorInvitation.invitee == f"@{person.handle}", by_address)


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return CoauthorInvitation.ended_at.is_(None), CoauthorInvitation.expires_at > clock.now()


def _with_people() -> tuple[Any, ...]:
    one = CoauthorInvitation
    return joinedload(one.idea).joinedload(Idea.author), joinedload(one.person), joinedload(one.invited_by)
