"""Writing an idea together: inviting, answering, leaving."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import delete, or_, update

from app.accounts.models import User
from app.accounts.queries import person_by_email
from app.follows import commands as follows
from app.follows.models import Because
from app.ideas import policy, queries
from app.ideas.activities import CoauthorInvited, CoauthorJoined, CoauthorLeft, InvitationAnswered
from app.ideas.models import Coauthor, CoauthorInvitation, Idea, IdeaContact, IdeaState, Outcome
from app.kit import clock, mail
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict, Gone, Invalid, NotAllowed
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.kit.inserting import insert_once
from app.kit.web import settings
from app.subjects.commands import record

OPEN_FOR = timedelta(days=14)
MOST_A_DAY = 10
MOST_TOGETHER = 8
KEPT = timedelta(days=30)


@command
def invite_coauthor(idea: Idea, whom: str, *, by: Actor) -> CoauthorInvitation:
    """Ask somebody to write along, by mail address or by the name of their profile (`@anna-weber`).

    Who is asked both ways gets one mail; whoever asks does not learn that both are the same person.

    Raises:
        Conflict: the idea is not public, enough people write it, or enough were invited for a day.
        Invalid: there is no such person, or they write it or were asked already.
    """
    queries.locked(idea)
    require(policy.can_invite(by, idea), by)
    invitee, person = queries.invitee_named(whom)
    _check_invitation(idea, invitee, person, by)
    now = clock.now()
    values = {"idea_id": idea.id, "invitee": invitee, "person_id": person.id if person else None}
    values |= {"invited_by_id": by.id, "created_at": now, "expires_at": now + OPEN_FOR, "outcome": ""}
    invitation_id = insert_once(CoauthorInvitation, **values)
    if invitation_id is None:
        raise _refused(_("Diese Person ist schon eingeladen. Wir haben nichts geschickt."))
    invitation = db.session.get_one(CoauthorInvitation, invitation_id)
    if not _knows_already(invitation, person):
        _mail(invitation, person, by)
    record(CoauthorInvited(subject_id=idea.id, actor_id=by.id, invitation_id=invitation_id))
    return invitation


@command
def withdraw_invitation(invitation: CoauthorInvitation, *, by: Actor) -> None:
    """Take an invitation back; one that was answered stays as it is."""
    require(policy.can_invite(by, invitation.idea), by)
    if invitation.ended_at is None:
        _end(invitation, Outcome.WITHDRAWN, by)


@command
def join_idea(invitation: CoauthorInvitation, *, by: User) -> None:
    """Accept: write the idea together with its author, shown beside them. Twice is once.

    Raises:
        NotAllowed: somebody else was invited.
        Gone: the idea is no longer public.
        Conflict: used, expired or withdrawn, or enough people write it.
    """
    idea = queries.locked(invitation.idea)
    db.session.refresh(invitation)
    if invitation.brought(by):
        return
    _check_answer(invitation, by)
    require(policy.can_create(by), by)
    if idea.state not in (IdeaState.PENDING, IdeaState.PUBLISHED):
        raise Gone(_("Diese Idee ist nicht mehr öffentlich. Die Einladung gilt nicht mehr."))
    if len(queries.coauthors_of(idea.id)) >= MOST_TOGETHER:
        raise Conflict(_("An dieser Idee schreiben schon genug Menschen mit."))
    if idea.author_id == by.id:
        raise Conflict(_("Das ist Ihre eigene Idee."))
    for other in queries.open_invitations_for(by, idea.id):
        _end(other, Outcome.ACCEPTED, by)
    add_coauthor(idea, by)


@command
def add_coauthor(idea: Idea, person: User) -> None:
    """Let somebody write an idea along; who does already stays as they are. The caller guards."""
    if insert_once(Coauthor, idea_id=idea.id, person_id=person.id, created_at=clock.now()) is not None:
        db.session.expire(idea, ["coauthors"])
        follows.follow_by_itself(idea.id, person.id, Because.OWN)
        record(CoauthorJoined(subject_id=idea.id, actor_id=person.id, person_id=person.id))


@command
def decline_invitation(invitation: CoauthorInvitation, *, by: User) -> None:
    """Say no; the same person is not asked about this idea again.

    Raises:
        NotAllowed: somebody else was invited.
        Conflict: used, expired or withdrawn.
    """
    _check_answer(invitation, by)
    for one in queries.open_invitations_for(by, invitation.idea_id):
        _end(one, Outcome.DECLINED, by)


@command
def remove_coauthor(idea: Idea, person_id: int, *, by: Actor) -> None:
    """Leave an idea, or remove somebody from it; who is gone already stays gone. What they wrote stays."""
    require(policy.can_remove_coauthor(by, idea, person_id), by)
    gone = delete(Coauthor).where(Coauthor.idea_id == idea.id, Coauthor.person_id == person_id)
    if db.session.execute(gone.returning(Coauthor.id)).first() is None:
        return
    db.session.expire(idea, ["coauthors"])
    theirs = (IdeaContact.idea_id == idea.id) & (IdeaContact.person_id == person_id)
    db.session.execute(delete(IdeaContact).where(theirs))
    follows.end_own_follow(idea.id, person_id)
    record(CoauthorLeft(subject_id=idea.id, actor_id=by.id, person_id=person_id))


@command
def forget_person(person_id: int) -> None:
    """Somebody deletes their account: they write no idea along any more and cannot be contacted; ideas stay."""
    user = db.session.get_one(User, person_id)
    db.session.execute(delete(Coauthor).where(Coauthor.person_id == person_id))
    db.session.execute(delete(IdeaContact).where(IdeaContact.person_id == person_id))
    mine = or_(CoauthorInvitation.person_id == person_id, CoauthorInvitation.invitee == (user.email or "").lower())
    db.session.execute(delete(CoauthorInvitation).where(mine))
    sent = update(CoauthorInvitation).where(CoauthorInvitation.invited_by_id == person_id)
    db.session.execute(sent.values(invited_by_id=None))


@command
def forget_old_invitations() -> None:
    """Forget whom somebody asked, a month after they answered or the invitation ran out; a no is remembered."""
    over = or_(CoauthorInvitation.expires_at < clock.now() - KEPT, CoauthorInvitation.ended_at < clock.now() - KEPT)
    declined = CoauthorInvitation.outcome == Outcome.DECLINED.value
    db.session.execute(delete(CoauthorInvitation).where(over, ~declined))


def _check_invitation(idea: Idea, invitee: str, person: User | None, by: Actor) -> None:
    known = {idea.author_id, *(one.person_id for one in queries.coauthors_of(idea.id))}
    found = person or person_by_email(invitee)
    if found is not None and found.id in known:
        own = _("Das sind Sie selbst.")
        raise _refused(own if found.id == by.id else _("Diese Person schreibt die Idee schon mit."))
    if queries.was_declined(idea.id, invitee):
        raise _refused(_("Diese Person möchte bei dieser Idee nicht mitschreiben."))
    if idea.state != IdeaState.PUBLISHED:
        raise Conflict(_("Einladen können Sie, sobald die Idee öffentlich ist."))
    if len(known) > MOST_TOGETHER:
        raise Conflict(_("An dieser Idee schreiben schon genug Menschen mit."))
    if queries.count_invitations(by.id, since=clock.now() - timedelta(days=1)) >= MOST_A_DAY:
        raise Conflict(_("Das waren genug Einladungen für einen Tag. Laden Sie morgen weitere Menschen ein."))
    expired = queries.unanswered_invitation(idea.id, invitee)
    if expired is not None and not expired.is_open:
        _end(expired, Outcome.WITHDRAWN, by)


def _knows_already(invitation: CoauthorInvitation, person: User | None) -> bool:
    """Whether the same person was asked by the other of address and name, and can still answer."""
    asked = person or person_by_email(invitation.invitee)
    return asked is not None and len(queries.open_invitations_for(asked, invitation.idea_id)) > 1


def _check_answer(invitation: CoauthorInvitation, by: User) -> None:
    if not invitation.is_for(by):
        raise NotAllowed(_("Diese Einladung ging an jemand anderen."))
    if not invitation.is_open:
        raise Conflict(_("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue."))


def _end(invitation: CoauthorInvitation, outcome: Outcome, by: Actor) -> None:
    invitation.ended_at, invitation.outcome = clock.now(), outcome.value
    db.session.flush()
    fact = InvitationAnswered(
        subject_id=invitation.idea_id, actor_id=by.id, invitation_id=invitation.id, outcome=outcome.value
    )
    record(fact)


def _refused(words: str) -> Invalid:
    return Invalid(words, {"whom": words})


def _mail(invitation: CoauthorInvitation, person: User | None, by: Actor) -> None:
    known = person or person_by_email(invitation.invitee)
    url = settings().base_url + url_for("ideas.invitation", token=queries.invitation_token(invitation))
    wanted = known.language if known else language()
    words = {"idea": invitation.idea, "inviter": by.name, "url": url, "days": OPEN_FOR.days}
    subject, text = mail.compose("coauthor_invited", wanted, **words)
    to = (person.email or "") if person else invitation.invitee
    mail.post(f"coauthor_invited:{invitation.id}", to=to, subject=subject, text=text, language=wanted)
