"""Follows, and what each person wants to be mailed about."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import UNSEEN, Base

LED = text("via_subject_id IS NOT NULL")


class Because(StrEnum):
    """Why somebody follows something."""

    OWN = "own"
    SUPPORT = "support"
    CHOICE = "choice"


class Follow(Base):
    """A person hears about a subject; `via_subject_id` is what they followed it through, if they did not choose it."""

    __tablename__ = "follows"
    __table_args__ = (
        UniqueConstraint("person_id", "subject_id"),
        Index("ix_follows_subject_id_person_id", "subject_id", "person_id"),
        Index("ix_follows_via_subject_id", "via_subject_id", sqlite_where=LED, postgresql_where=LED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    via_subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    because: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class FollowSettings(Base):
    """What a person wants to be mailed about what they follow; without a row, everything."""

    __tablename__ = "follow_settings"
    __table_args__ = {"info": UNSEEN}

    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    answers: Mapped[bool] = mapped_column(default=True)
    steps: Mapped[bool] = mapped_column(default=True)
    updates: Mapped[bool] = mapped_column(default=True)
    posts: Mapped[bool] = mapped_column(default=True)
    follow_supported: Mapped[bool] = mapped_column(default=True)
