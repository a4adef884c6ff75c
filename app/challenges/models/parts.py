"""What belongs to a challenge: questions, criteria, links, news, hosts."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.base import Base
from app.organisations.models import Organisation

if TYPE_CHECKING:
    from app.challenges.models.challenge import Challenge


class QuestionKind(StrEnum):
    """How a question of the idea form is answered."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    FILE = "file"


class ChallengeQuestion(Base):
    """A question the challenge asks of every idea, beyond the three that all ideas answer.

    `options` are the answers to choose from (choice), `unit` what a number counts ("Euro", "Plätze").
    One that was retired is asked no longer; its answers stay.
    """

    __tablename__ = "challenge_questions"
    __table_args__ = (Index("ix_challenge_questions_challenge_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    position: Mapped[int]
    kind: Mapped[str]
    label: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    unit: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]

    @property
    def is_asked(self) -> bool:
        """Whether new ideas are asked it."""
        return self.retired_at is None


class ChallengeCriterion(Base):
    """What ideas are assessed by; `weight` (1 to 5) says how much it counts beside the others."""

    __tablename__ = "challenge_criteria"
    __table_args__ = (Index("ix_challenge_criteria_challenge_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    position: Mapped[int]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    weight: Mapped[int] = mapped_column(default=1)


class ChallengeLink(Base):
    """A page elsewhere that says more (https)."""

    __tablename__ = "challenge_links"
    __table_args__ = (Index("ix_challenge_links_challenge_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    position: Mapped[int]
    label: Mapped[str]
    url: Mapped[str]


class ChallengeNews(Base):
    """A post of the people behind a challenge: what happened, what comes next."""

    __tablename__ = "challenge_news"
    __table_args__ = (Index("ix_challenge_news_challenge_id_id", "challenge_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]

    author: Mapped[User | None] = relationship()
    challenge: Mapped["Challenge"] = relationship()

    @property
    def voice(self) -> Organisation | None:
        """The organisation that posted the challenge, where one of its people tells the news."""
        host = self.challenge.voice
        return host if host is not None and self.author and host.id in self.author.organisation_ids else None

    @property
    def author_label(self) -> str:
        """The name shown: the organisation's, else the author's."""
        return self.voice.name if self.voice else (self.author.name if self.author else "")


class HostState(StrEnum):
    """Whether an organisation that was asked hosts the challenge."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ChallengeHost(Base):
    """An organisation that was asked to host a challenge together with whoever posted it."""

    __tablename__ = "challenge_hosts"
    __table_args__ = (
        UniqueConstraint("challenge_id", "organisation_id"),
        Index("ix_challenge_hosts_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(default=HostState.INVITED.value)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    invited_by: Mapped[User | None] = relationship()
    challenge: Mapped["Challenge"] = relationship()
