"""Organisations, who belongs to them, who was invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import Picture
from app.kit import clock
from app.kit.base import Base
from app.places.models import Place
from app.subjects.acts import Act
from app.subjects.models import subject_key
from app.topics.models import Topic

OPEN = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class OrganisationState(StrEnum):
    """The life of an organisation's page."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Category(StrEnum):
    """What an organisation is."""

    ASSOCIATION = "association"
    SOCIAL_ENTERPRISE = "social_enterprise"
    WELFARE = "welfare"
    ADMINISTRATION = "administration"
    SCIENCE = "science"
    COMPANY = "company"
    INITIATIVE = "initiative"
    OTHER = "other"


class Role(StrEnum):
    """What somebody may do in an organisation."""

    OWNER = "owner"
    EDITOR = "editor"


class Shown:
    """Has a state, and was perhaps checked by staff."""

    state: Any
    verified_at: Any

    @property
    def is_public(self) -> bool:
        return bool(self.state == OrganisationState.PUBLISHED)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class Organisation(Shown, Base):
    """An actor with several people. Its slug is its address and never changes once given."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index("ix_organisations_state_sort_name_id", "state", "sort_name", "id"),
        Index("ix_organisations_founder_id", "founder_id"),
    )

    id: Mapped[int] = subject_key()
    name: Mapped[str]
    sort_name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    founder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default=OrganisationState.PENDING.value)
    state_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    place: Mapped[Place | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    founder: Mapped[User | None] = relationship(foreign_keys=founder_id)
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", order_by="Membership.id", viewonly=True
    )
    pictures: Mapped[list[Picture]] = relationship(
        primaryjoin="Organisation.id == foreign(Picture.subject_id)",
        order_by=Picture.id,
        viewonly=True,
        lazy="selectin",
    )

    kind = "organisation"

    @property
    def title(self) -> str:
        return self.name

    @property
    def author(self) -> User | None:
        """Who introduced it."""
        return self.founder

    @property
    def author_id(self) -> int | None:
        """Whom a decision about it concerns."""
        return self.founder_id

    @property
    def logo(self) -> Picture | None:
        """Its logo, if it has one."""
        return self.pictures[0] if self.pictures else None

    def allows(self, act: Act) -> bool:
        """Following and reporting it while it is public."""
        return act in (Act.FOLLOW, Act.REPORT) and self.is_public


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo, as its file is asked for."""

    id: int
    subject_id: int
    widths: list[int]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Speaker(Shown):
    """An organisation as the author of something: a plain row with the names of an organisation."""

    id: int
    name: str
    slug: str
    state: str
    verified_at: datetime | None
    logo: Logo | None

    kind = "organisation"

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Speaker | None":
        """From the values of `SPEAKER`; None where there is none, or none that is public."""
        found = cls(*[*row[:5], Logo(*row[5:]) if row[5] is not None else None])
        return found if found.is_public else None


SPEAKER = tuple(getattr(Organisation, name) for name in ("id", "name", "slug", "state", "verified_at"))
SPEAKER += tuple(getattr(Picture, name) for name in ("id", "subject_id", "widths", "width", "height"))


class SpokenFor:
    """Something a person may have posted as an organisation."""

    organisation_id: Any
    organisation: Any
    author: Any

    @property
    def voice(self) -> Organisation | None:
        """The organisation shown as its author, while that is public."""
        found: Organisation | None = self.organisation if self.organisation_id else None
        return found if found is not None and found.is_public else None

    @property
    def author_label(self) -> str:
        """The name shown: the organisation's, else the author's, or the unclaimed one an import brought."""
        named = self.voice or self.author
        return str(named.name if named else getattr(self, "author_name", ""))


class Membership(Base):
    """Somebody belongs to an organisation, as its owner or editor."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id"),
        Index("ix_memberships_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    # `User.memberships` is read by `User.organisation_ids`: once per unit of work, and only when asked.
    person: Mapped[User] = relationship(backref=backref("memberships", viewonly=True), lazy="joined", innerjoin=True)


class Invitation(Base):
    """Somebody was asked by mail to join. Only the hash of the link's token is kept; one open one for each address."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("uq_invitations_open", "organisation_id", "email", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_invitations_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    email: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[User | None] = relationship()

    def brought(self, person: User) -> bool:
        """Whether it was accepted and this person, to whom it went, belongs to the organisation since."""
        return self.accepted_at is not None and self.organisation_id in person.organisation_ids

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and clock.now() < self.expires_at
