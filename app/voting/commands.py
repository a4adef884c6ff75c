"""Giving and taking back support; both may be repeated without changing anything more."""

from typing import Any

from sqlalchemy import delete

from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import about, command, db, guests_may_wait
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.kit.inserting import insert_soon
from app.subjects import registry
from app.subjects.acts import Act
from app.subjects.commands import record
from app.subjects.queries import root_of
from app.voting import policy, queries
from app.voting.activities import SupportGiven, SupportWithdrawn
from app.voting.models import Support


@command
@guests_may_wait
def support(thing: Any, *, by: Actor) -> None:
    """Support a subject once.

    Raises:
        Conflict: it takes no support now, or the person has no vote left.
    """
    _guard(thing, by)
    root_id, ballot = _root_of(thing), registry.ballot_of(thing)
    about(thing.id, root_id)
    if queries.has_given(by, root_id):
        return
    insert_soon(Support, subject_id=root_id, person_id=by.id, created_at=clock.now())
    if ballot is not None and queries.votes_given(by, ballot) > ballot.most:
        raise Conflict(_none_left(ballot.most), (_("Meine Stimmen ansehen"), ballot.page()) if ballot.page else None)
    record(SupportGiven(subject_id=root_id, actor_id=by.id))


@command
@guests_may_wait
def withdraw_support(thing: Any, *, by: Actor) -> None:
    """Take one's support back.

    Raises:
        Conflict: votes can no longer be changed.
    """
    _guard(thing, by)
    root_id = _root_of(thing)
    about(thing.id, root_id)
    mine = delete(Support).where(Support.subject_id == root_id, Support.person_id == by.id).returning(Support.id)
    if db.session.execute(mine).first() is not None:
        record(SupportWithdrawn(subject_id=root_id, actor_id=by.id))


def _root_of(thing: Any) -> int:
    """The subject that stands for its group; a thing that was read in short and is held knows it."""
    known: int | None = getattr(thing, "root_id", None)
    return known or root_of(thing.id, lock=True)


def _none_left(most: int) -> str:
    given = ngettext("Sie haben Ihre Stimme vergeben.", "Sie haben alle %(num)s Stimmen vergeben.", most)
    return str(_("%(given)s Nehmen Sie eine zurück, dann können Sie sie hier geben.", given=given))


def _guard(thing: Any, by: Actor) -> None:
    queries.lock_person(by)
    registry.hold(thing)
    if by.is_signed_in and not by.suspended and not registry.allows(thing, Act.SUPPORT):
        raise Conflict(_("Unterstützen ist hier zurzeit nicht möglich."))
    require(policy.can_support(by, thing), by)
