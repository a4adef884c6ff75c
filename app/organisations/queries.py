"""Organisations as a reader may see them, their people and invitations."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Role, User, roles_users, shown_name
from app.kit import clock
from app.kit.actor import GUEST, Acting, Actor, is_member, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.i18n import gettext as _
from app.kit.paging import Page, page_of
from app.kit.prepared import Prepared
from app.kit.searching import search
from app.organisations import policy
from app.organisations.activities import MemberJoined
from app.organisations.models import Invitation, Membership, Organisation, OrganisationState
from app.places.models import Place
from app.places.queries import fold, places_within
from app.subjects.models import ActivityRow

PAGE = 24
TWINS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFilter:
    """What a list of organisations shows; an unset part does not narrow it. `place_id` includes the places within."""

    category: str = ""
    topic_id: int | None = None
    place_id: int | None = None
    verified: bool = False
    words: str = ""

    @property
    def is_set(self) -> bool:
        return any((self.category, self.topic_id, self.place_id, self.verified, self.words))


def organisation_for(reader: Actor, organisation_id: int) -> Organisation:
    """An organisation as this reader may see it.

    Raises:
        NotFound: none, or never public for this reader.
        Gone: hidden since.
    """
    return _visible_to(reader, Organisation.id == organisation_id)


def organisation_named(reader: Actor, slug: str) -> Organisation:
    """An organisation by its address; raises as `organisation_for` does."""
    return _visible_to(reader, Organisation.slug == slug)


def organisation_called(text: str) -> Organisation | None:
    """A public organisation by its name, or by the address of its page; the oldest of several."""
    slug = text.strip().rstrip("/").rpartition("/")[2].lower()
    named = or_(Organisation.slug == slug, Organisation.sort_name == fold(text)[:120])
    public = Organisation.state == OrganisationState.PUBLISHED.value
    return db.session.scalars(select(Organisation).where(public, named).order_by(Organisation.id).limit(1)).first()


def organisations_for(reader: Actor, organisation_ids: Collection[int]) -> Sequence[Organisation]:
    """Several organisations, those the reader may see."""
    found = select(Organisation).where(Organisation.id.in_(organisation_ids), _visible(reader)).options(*_card())
    return db.session.scalars(found).all()


def organisation_headings(reader: Actor, ids: Any) -> Any:
    """What lines say of several, those the reader may see."""
    return select(Organisation.id, Organisation.name, Organisation.slug).where(
        Organisation.id.in_(ids), _visible(reader)
    )


def organisations_named(ids: Any, reader_id: Any, for_staff: bool) -> Any:
    """Ids and names of several organisations, those the reader may see."""
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    own = select(Membership.organisation_id).where(Membership.person_id == reader_id)
    public = or_(Organisation.state == OrganisationState.PUBLISHED.value, Organisation.id.in_(own))
    return found if for_staff else found.where(public)


def list_organisations(chosen: OrganisationFilter, after: str | None = None, size: int = PAGE) -> Page[Organisation]:
    """Public organisations by name."""
    statement = _chosen(chosen)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    key = (Organisation.sort_name, Organisation.id)
    page = page_of(statement.options(*_card()), key, after=after, size=size, down=False)
    return Page(page.items, page.after, page.is_first, total)


def organisations_of(person_id: int) -> Sequence[Organisation]:
    """The organisations somebody belongs to, by name, whatever their state."""
    own = select(Organisation).join(Membership).where(Membership.person_id == person_id).options(*_card())
    return db.session.scalars(own.order_by(Organisation.sort_name, Organisation.id)).all()


def voices_of(actor: Actor) -> Sequence[Organisation]:
    """The public organisations somebody may post as; none for guests, and for the reader, without a query."""
    if not is_member(actor) or not actor.id:
        return []
    if not actor.organisation_ids:
        return []
    own = select(Organisation).join(Membership).where(Membership.person_id == actor.id)
    public = own.where(Organisation.state == OrganisationState.PUBLISHED.value)
    return db.session.scalars(public.order_by(Organisation.sort_name, Organisation.id)).all()


def acting(key: str) -> Actor:
    """Whose session has this key, as they stand now, locked until the transaction ends (PostgreSQL); the guest for a
    member no longer.

    For commands that need no more of a person than rules ask.
    """
    rows = _acting.rows({"key": key})
    if not rows:
        return GUEST
    one, roles = rows[0], frozenset(row.role for row in rows if row.role is not None)
    own = frozenset(row.organisation_id for row in rows if row.organisation_id is not None)
    name = shown_name(one.name, one.deleted_at)
    return Acting(one.id, name, roles, one.trusted, one.suspended_at is not None, own)


def foresee_acting(key: str) -> None:
    """Tell that `acting` will be asked."""
    _acting.foresee({"key": key})


def ids_of(actor: Actor) -> Select[int]:
    """The ids of the organisations somebody belongs to, as part of another select."""
    return select(Membership.organisation_id).where(Membership.person_id == (actor.id or -1))


def members_of(organisation_id: int, *, lock: bool = False) -> Sequence[Membership]:
    """Who belongs to an organisation, in the order they joined; `lock` until the transaction ends (PostgreSQL)."""
    own = select(Membership).where(Membership.organisation_id == organisation_id).order_by(Membership.id)
    return db.session.scalars(own.with_for_update(of=Membership) if lock else own).unique().all()


def open_invitations(organisation_id: int) -> Sequence[Invitation]:
    """Invitations that can still be accepted, newest first."""
    own = select(Invitation).where(Invitation.organisation_id == organisation_id, *_still_open())
    return db.session.scalars(own.order_by(Invitation.id.desc())).all()


def invitation_named(token: str) -> Invitation:
    """The invitation of a link, whatever became of it.

    Raises:
        NotFound: no such link.
    """
    found = (
        select(Invitation)
        .where(Invitation.token_hash == hash_of(token))
        .options(joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
    )
    invitation = db.session.scalars(found).first()
    if invitation is None:
        raise NotFound
    return invitation


def invitation_of(organisation_id: int, invitation_id: int) -> Invitation:
    """An invitation into an organisation.

    Raises:
        NotFound: none, or into another one.
    """
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.organisation_id != organisation_id:
        raise NotFound
    return invitation


def last_invitation_at(organisation_id: int, email: str) -> datetime | None:
    """When an address was last invited, whatever became of it."""
    mine = (Invitation.organisation_id == organisation_id) & (Invitation.email == email)
    return db.session.scalar(select(func.max(Invitation.created_at)).where(mine))


def count_invitations(organisation_id: int, *, since: datetime) -> int:
    """How many addresses an organisation invited since then."""
    own = (Invitation.organisation_id == organisation_id) & (Invitation.created_at > since)
    return db.session.scalar(select(func.count(Invitation.id)).where(own)) or 0


def once_belonged(organisation_id: int, person_id: int) -> bool:
    """Whether somebody ever joined an organisation."""
    joined = select(ActivityRow.facts).where(ActivityRow.subject_id == organisation_id)
    rows = db.session.scalars(joined.where(ActivityRow.name == MemberJoined.name))
    return any(facts["person_id"] == person_id for facts in rows)


def lock(organisation_id: int) -> None:
    """Let others wait who do the same, until the transaction ends (PostgreSQL)."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def must_be_public(organisation: Organisation) -> None:
    """Stop here where the page of an organisation cannot be read by everyone.

    Raises:
        Gone: it cannot.
    """
    if not organisation.is_public:
        raise Gone(_("Diese Organisation ist zurzeit nicht öffentlich. Die Einladung gilt solange nicht."))


def unanswered_invitation(organisation_id: int, email: str) -> Invitation | None:
    """The invitation of an address that was neither accepted nor withdrawn, expired ones included."""
    waiting = select(Invitation).where(Invitation.organisation_id == organisation_id, Invitation.email == email)
    waiting = waiting.where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session.scalars(waiting.with_for_update()).first()


def twin_of(actor: Actor, name: str) -> Organisation | None:
    """What the person founded within ten minutes under the same name; locks their row (PostgreSQL)."""
    if not actor.id:
        return None
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(Organisation).where(Organisation.founder_id == actor.id, Organisation.name == name)
    return db.session.scalars(same.where(Organisation.created_at > clock.now() - TWINS).limit(1)).first()


def slugs_like(stem: str) -> set[str]:
    """Slugs that begin with a stem, to find a free one."""
    return set(db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(stem, autoescape=True))))


def hash_of(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _visible_to(reader: Actor, which: ColumnElement[bool]) -> Organisation:
    organisation = db.session.scalars(select(Organisation).where(which).options(*_card())).first()
    if organisation is None:
        raise NotFound
    if policy.can_see(reader, organisation):
        return organisation
    if organisation.published_at is None:
        raise NotFound
    raise Gone.since(organisation.state, organisation.state_reason)


def _chosen(chosen: OrganisationFilter) -> Select[Organisation]:
    statement = select(Organisation).where(Organisation.state == OrganisationState.PUBLISHED.value)
    for column, value in ((Organisation.category, chosen.category), (Organisation.topic_id, chosen.topic_id)):
        if value:
            statement = statement.where(column == value)
    if chosen.place_id:
        statement = statement.where(Organisation.place_id.in_(places_within(chosen.place_id)))
    if chosen.verified:
        statement = statement.where(Organisation.verified_at.is_not(None))
    if chosen.words:
        found = [hit.subject_id for hit in search(chosen.words, kinds=["organisation"])]
        statement = statement.where(Organisation.id.in_(found))
    return statement


@cache
def _card() -> tuple[ORMOption, ...]:
    """What a card and a page show of an organisation, joined; its logo comes in a second query."""
    return joinedload(Organisation.topic), joinedload(Organisation.place).joinedload(Place.parent)


def _visible(reader: Actor) -> ColumnElement[bool]:
    if is_staff(reader):
        return Organisation.id.is_not(None)
    return or_(Organisation.state == OrganisationState.PUBLISHED.value, Organisation.id.in_(ids_of(reader)))


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > clock.now()


def _in_short() -> Any:
    """A row for each role and organisation; who has none has one row."""
    columns = (User.id, User.own_name, User.deleted_at, User.trusted, User.suspended_at, Role.name.label("role"))
    found = (
        select(*columns, Membership.organisation_id)
        .outerjoin(roles_users, roles_users.c.user_id == User.id)
        .outerjoin(Role, Role.id == roles_users.c.role_id)
        .outerjoin(Membership, Membership.person_id == User.id)
        .where(User.fs_uniquifier == bindparam("key"), User.active)
    )
    return found.with_for_update(of=User)


_acting = Prepared(_in_short)
