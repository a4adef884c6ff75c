"""The closing statement of a challenge and the outcomes of its ideas."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.challenges.models import Challenge
from app.ideas.models import Idea
from app.kit import clock
from app.kit.base import Base


class OutcomeKind(StrEnum):
    """What becomes of an idea, in the order the page names them."""

    PROJECT = "project"
    SHORTLISTED = "shortlisted"
    PASSED_ON = "passed_on"
    NOT_PURSUED = "not_pursued"


class Closing(Base):
    """What the people behind a challenge say at its end; a draft until `published_at`."""

    __tablename__ = "closings"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship()
    author: Mapped[User | None] = relationship()


class Outcome(Base):
    """What becomes of one idea of a challenge, and why; `passed_to` says to whom an idea was passed on.

    `told_at` is when the idea's page was told: once, when the closing was published.
    """

    __tablename__ = "outcomes"
    __table_args__ = (Index("ix_outcomes_challenge_id_idea_id", "challenge_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True, autoincrement=False)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    passed_to: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None]

    idea: Mapped[Idea] = relationship()
