"""The anchor row, links between subjects, the activity log and its outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kit import clock
from app.kit.base import UNSEEN, Base


class LinkKind(StrEnum):
    """How one subject led to a later one; read from → to. What an idea answers stands in the idea itself."""

    BECAME = "became"  # idea → project
    FUNDED_BY = "funded_by"  # project → campaign


class Subject(Base):
    """A thin row whose id is the content's id too. Ids are never used again."""

    __tablename__ = "subjects"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))

    @property
    def root_id(self) -> int:
        """The subject that stands for the group it was merged into; its own id if it stands alone."""
        return self.merged_into_id or self.id


class SubjectLink(Base):
    """An arrow between two subjects; the journey is read from these."""

    __tablename__ = "subject_links"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"), Index("ix_subject_links_to_id", "to_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    kind: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ActivityRow(Base):
    """One recorded fact, never changed: audit trail, timeline and trigger of what follows."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_subject_id_id", "subject_id", "id"),
        Index("ix_activities_told", "at", "id", postgresql_where=text("is_public"), sqlite_where=text("is_public = 1")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    is_public: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class FormerAddress(Base):
    """Where a subject could be found on the platform it was brought along from: path and query, without a host."""

    __tablename__ = "former_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), index=True)


class Delivery(Base):
    """An activity on its way to one listener; `done_at` is set in the listener's own transaction."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("activity_id", "listener"),
        Index(
            "ix_deliveries_due",
            "due_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        {"info": UNSEEN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    listener: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]

    activity: Mapped[ActivityRow] = relationship(lazy="joined", innerjoin=True)


def subject_key() -> Mapped[int]:
    """The primary key of a content's table: the id of its subject row."""
    return mapped_column(ForeignKey("subjects.id"), primary_key=True, autoincrement=False)
