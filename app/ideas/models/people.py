"""Who stands behind an idea beside its author: co-authors, their invitations, and whom staff may contact."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.ideas.models.idea import Idea
from app.kit import clock
from app.kit.base import UNSEEN, Base

OPEN = text("ended_at IS NULL")


class Outcome(StrEnum):
    """What became of an invitation; empty while it is unanswered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ContactWay(StrEnum):
    """How staff may get in touch about an idea."""

    MAIL = "mail"
    PHONE = "phone"


class Coauthor(Base):
    """Somebody writes an idea together with its author."""

    __tablename__ = "coauthors"
    __table_args__ = (UniqueConstraint("idea_id", "person_id"), Index("ix_coauthors_person_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    idea: Mapped[Idea] = relationship(back_populates="coauthors")
    person: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class CoauthorInvitation(Base):
    """Somebody was asked to write along: by the address that was typed, or by the name of their profile (`person`).

    Whoever was asked by name has no `email` here, so that nobody learns whose address it is. `invitee` is what tells
    invitations apart: the address, or the handle with an @ before it. The link's token is sealed, not kept.
    """

    __tablename__ = "coauthor_invitations"
    __table_args__ = (
        Index(
            "uq_coauthor_invitations_open",
            "idea_id",
            "invitee",
            unique=True,
            postgresql_where=OPEN,
            sqlite_where=OPEN,
        ),
        Index("ix_coauthor_invitations_invitee", "invitee"),
        Index("ix_coauthor_invitations_invited_by_id_created_at", "invited_by_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    invitee: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")

    idea: Mapped[Idea] = relationship()
    person: Mapped[User | None] = relationship(foreign_keys=person_id)
    invited_by: Mapped[User | None] = relationship(foreign_keys=invited_by_id)

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.ended_at is None and clock.now() < self.expires_at

    def brought(self, person: User) -> bool:
        """Whether this person accepted it and writes the idea along since."""
        accepted = self.outcome == Outcome.ACCEPTED and self.is_for(person)
        return accepted and any(one.person_id == person.id for one in self.idea.coauthors)

    @property
    def label(self) -> str:
        """Whom it went to, in the words of whoever sent it."""
        return self.person.name if self.person else self.invitee

    def is_for(self, person: User) -> bool:
        """Whether it went to this person."""
        return person.id == self.person_id or (self.person_id is None and (person.email or "").lower() == self.invitee)


class IdeaContact(Base):
    """Somebody agreed that staff gets in touch about their idea, and how. Apart from the idea; staff alone reads it."""

    __tablename__ = "idea_contacts"
    __table_args__ = (
        UniqueConstraint("idea_id", "person_id"),
        Index("ix_idea_contacts_person_id", "person_id"),
        {"info": UNSEEN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    way: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[User] = relationship(lazy="joined", innerjoin=True)
