"""The challenge, its states and the acts it allows."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import Picture
from app.challenges.models.acting import ChallengeStatus, Timed
from app.challenges.models.parts import (
    ChallengeCriterion,
    ChallengeHost,
    ChallengeLink,
    ChallengeQuestion,
    HostState,
)
from app.challenges.models.phases import ChallengePhase
from app.kit import clock
from app.kit.base import Base
from app.organisations.models import Organisation, SpokenFor
from app.places.models import Place
from app.subjects.acts import Act
from app.subjects.models import subject_key
from app.topics.models import Topic

OPEN = text("status = 'open'")


class VotingMethod(StrEnum):
    """How people vote on ideas: support any number, or a number of votes each."""

    SUPPORT = "support"
    VOTES = "votes"


class ChallengeTopic(Base):
    """A further topic of a challenge, beside the main one."""

    __tablename__ = "challenge_topics"
    __table_args__ = (Index("ix_challenge_topics_topic_id", "topic_id"),)

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), primary_key=True, autoincrement=False)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, autoincrement=False)


class ChallengePlace(Base):
    """A further place of a challenge, beside the first one."""

    __tablename__ = "challenge_places"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), primary_key=True, autoincrement=False)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, autoincrement=False)


class Challenge(Timed, SpokenFor, Base):
    """A problem somebody posted.

    `ends_at` is the moment from which no ideas are taken; None: open end. Phases that take ideas set it.
    `easy_text` says all of it in Leichte Sprache. `sdgs` are numbers of the UN's goals (1 to 17) beyond those
    of its topics. Who has `preview_token` reads it before it is public, and is led to its page afterwards.
    `votes_each` counts with the voting method "votes".
    """

    __tablename__ = "challenges"
    __table_args__ = (
        Index("ix_challenges_state_published_at_id", "state", "published_at", "id"),
        Index("ix_challenges_author_id", "author_id"),
        Index("ix_challenges_organisation_id", "organisation_id"),
        Index("ix_challenges_to_close", "ends_at", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[int] = subject_key()
    title: Mapped[str]
    slug: Mapped[str]
    summary: Mapped[str]
    problem: Mapped[str]
    affected: Mapped[str] = mapped_column(default="")
    known: Mapped[str] = mapped_column(default="")
    good_answer: Mapped[str] = mapped_column(default="")
    easy_text: Mapped[str] = mapped_column(default="", server_default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    sdgs: Mapped[list[int]] = mapped_column(JSON, default=list)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    contact_name: Mapped[str] = mapped_column(default="")
    contact_role: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    voting_method: Mapped[str] = mapped_column(default=VotingMethod.SUPPORT.value)
    votes_each: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=ChallengeStatus.OPEN.value)
    preview_token: Mapped[str | None] = mapped_column(unique=True)
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ideas_count: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic | None] = relationship()
    place: Mapped[Place | None] = relationship()
    more_topics: Mapped[list[Topic]] = relationship(secondary="challenge_topics", order_by=Topic.position)
    more_places: Mapped[list[Place]] = relationship(secondary="challenge_places", order_by=Place.name)
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    # Whatever shows a challenge or an answer to it asks which acts are open: its phases come along.
    phases: Mapped[list[ChallengePhase]] = relationship(
        order_by=(ChallengePhase.position, ChallengePhase.id), cascade="all, delete-orphan", lazy="selectin"
    )
    questions: Mapped[list[ChallengeQuestion]] = relationship(
        order_by=(ChallengeQuestion.position, ChallengeQuestion.id), cascade="all, delete-orphan"
    )
    criteria: Mapped[list[ChallengeCriterion]] = relationship(
        order_by=(ChallengeCriterion.position, ChallengeCriterion.id), cascade="all, delete-orphan"
    )
    links: Mapped[list[ChallengeLink]] = relationship(
        order_by=(ChallengeLink.position, ChallengeLink.id), cascade="all, delete-orphan"
    )
    pictures: Mapped[list[Picture]] = relationship(
        primaryjoin="Challenge.id == foreign(Picture.subject_id)",
        order_by=(Picture.position, Picture.id),
        viewonly=True,
    )
    hosts: Mapped[list[ChallengeHost]] = relationship(order_by=ChallengeHost.id, viewonly=True)

    kind = "challenge"

    @property
    def collects_later(self) -> bool:
        """Whether a phase that takes ideas is still to come."""
        return any(Act.SUBMIT in phase.acts and phase.standing == "ahead" for phase in self.phases)

    @property
    def first_day(self) -> date | None:
        """The day the first of its dated phases begins, or collecting where it has none; None without any date."""
        shown = clock.day_of(self.published_at or self.created_at)
        if not self.phases:
            return shown if self.ends_at else None
        return min((phase.first_day or shown for phase in self.phases if phase.is_dated), default=None)

    @property
    def all_topics(self) -> list[Topic]:
        """The main topic, then the further ones."""
        return [*([self.topic] if self.topic else []), *[topic for topic in self.more_topics if topic != self.topic]]

    @property
    def all_places(self) -> list[Place]:
        """The first place, then the further ones."""
        return [*([self.place] if self.place else []), *[place for place in self.more_places if place != self.place]]

    @property
    def goals(self) -> list[int]:
        """The numbers of the UN's goals it serves: those of its topics and its own."""
        return sorted({goal for topic in self.all_topics for goal in topic.sdgs} | set(self.sdgs))

    @property
    def co_hosts(self) -> list[Organisation]:
        """The organisations that host it too, those that are public."""
        return [
            host.organisation for host in self.hosts if host.state == HostState.ACCEPTED and host.organisation.is_public
        ]
