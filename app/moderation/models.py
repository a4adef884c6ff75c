"""Cases, reports, decisions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.base import Base

OPEN = text("closed_at IS NULL")


class Cause(StrEnum):
    """Why something waits for a moderator: it is new, was reported, or one of them came across it."""

    NEW = "new"
    REPORT = "report"
    DESK = "desk"


class Measure(StrEnum):
    """What a moderator did."""

    APPROVE = "approve"
    HIDE = "hide"
    DISMISS = "dismiss"
    RESTORE = "restore"


class Ground(StrEnum):
    """What a decision rests on: a house rule or the law."""

    RESPECT = "respect"
    PRIVACY = "privacy"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    DUPLICATE = "duplicate"
    RIGHTS = "rights"
    LAW = "law"
    NONE = "none"


class Case(Base):
    """Something that waits; at most one open case for each subject and cause."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_open", "subject_id", "cause", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_cases_open_since", "opened_at", "id", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    cause: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]


class Report(Base):
    """Somebody says that a subject breaks the rules or the law. The receipt lets them ask about it."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_subject_id", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str] = mapped_column(default="")
    ground: Mapped[str]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="de", server_default="de")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))

    decision: Mapped["Decision | None"] = relationship()


class Decision(Base):
    """A moderator's decision and its reasons; `automated` says whether a machine took part (DSA, Art. 17 (3) c)."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_subject_id", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    measure: Mapped[str]
    ground: Mapped[str]
    facts: Mapped[str]
    automated: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    moderator: Mapped[User | None] = relationship(lazy="joined")
