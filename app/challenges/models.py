"""Challenges."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.db import Base
from app.organisations.models import Organisation, SpokenFor
from app.places.models import Place
from app.subjects.acts import Act
from app.subjects.models import subject_key
from app.topics.models import Topic


class ChallengeState(StrEnum):
    """The life of a challenge."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Challenge(SpokenFor, Base):
    """A problem somebody posted. `ends_at` is the moment from which no ideas are taken; None: open end."""

    __tablename__ = "challenges"
    __table_args__ = (
        Index("ix_challenges_state_published_at_id", "state", "published_at", "id"),
        Index("ix_challenges_author_id", "author_id"),
        Index("ix_challenges_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = subject_key()
    title: Mapped[str]
    slug: Mapped[str]
    summary: Mapped[str]
    problem: Mapped[str]
    good_answer: Mapped[str] = mapped_column(default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(default="")
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    ideas_count: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic | None] = relationship()
    place: Mapped[Place | None] = relationship()
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    kind = "challenge"

    @property
    def author_label(self) -> str:
        """The name shown: the organisation's, else the author's."""
        if self.voice:
            return self.voice.name
        return self.author.name if self.author else ""

    @property
    def is_open(self) -> bool:
        """Whether ideas can be submitted now."""
        return self.state == ChallengeState.PUBLISHED and (self.ends_at is None or clock.now() < self.ends_at)

    @property
    def last_day(self) -> date | None:
        """The last day on which ideas are taken, in the operator's zone."""
        return clock.day_of(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None

    def allows(self, act: Act) -> bool:
        """Which acts are open: ideas until the end, talking about it as long as it is public."""
        if self.state != ChallengeState.PUBLISHED:
            return act is Act.REPORT
        return self.is_open if act is Act.SUBMIT else act is not Act.SUPPORT
