"""Ideas, official answers, origins of imported ideas."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import Picture
from app.challenges.models import Challenge
from app.kit import clock
from app.kit.db import Base
from app.organisations.models import Organisation, SpokenFor
from app.places.models import Place
from app.subjects.acts import Act
from app.subjects.models import subject_key
from app.topics.models import Topic


class IdeaState(StrEnum):
    """The life of an idea."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class IdeaStatus(StrEnum):
    """The journey of an idea, in its order; not pursued is an end of its own."""

    SUBMITTED = "submitted"
    IN_DISCUSSION = "in_discussion"
    UNDER_REVIEW = "under_review"
    SHORTLISTED = "shortlisted"
    PROJECT = "project"
    REALISED = "realised"
    NOT_PURSUED = "not_pursued"


CLOSED = (IdeaStatus.REALISED, IdeaStatus.NOT_PURSUED)
SETTLED = (IdeaStatus.PROJECT, *CLOSED)


class Idea(SpokenFor, Base):
    """An answer to three questions: what is the problem, what should happen, who benefits.

    `lat` and `lon` are a point within the region (WGS 84, degrees), or both empty.
    `changed_at` is when something last happened to it that readers see: published, edited, answered, commented.
    """

    __tablename__ = "ideas"
    __table_args__ = (
        Index("ix_ideas_state_published_at_id", "state", "published_at", "id"),
        Index("ix_ideas_state_supporters_count_id", "state", "supporters_count", "id"),
        Index("ix_ideas_state_comments_count_id", "state", "comments_count", "id"),
        Index("ix_ideas_state_changed_at_id", "state", "changed_at", "id"),
        Index("ix_ideas_challenge_id_state_published_at_id", "challenge_id", "state", "published_at", "id"),
        Index("ix_ideas_author_id", "author_id"),
        Index("ix_ideas_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = subject_key()
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenges.id"))
    title: Mapped[str]
    slug: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str]
    solution: Mapped[str] = mapped_column(default="")
    benefit: Mapped[str] = mapped_column(default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    author_name: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    state: Mapped[str] = mapped_column(default=IdeaState.PENDING.value)
    state_reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=IdeaStatus.SUBMITTED.value)
    supporters_count: Mapped[int] = mapped_column(default=0)
    comments_count: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    challenge: Mapped[Challenge | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    place: Mapped[Place | None] = relationship()
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    origin: Mapped["IdeaOrigin | None"] = relationship(back_populates="idea")
    pictures: Mapped[list[Picture]] = relationship(
        primaryjoin="Idea.id == foreign(Picture.subject_id)", order_by=Picture.id, viewonly=True
    )

    kind = "idea"

    @property
    def author_label(self) -> str:
        """The name shown: the organisation's, else the author's, or the unclaimed one an import brought."""
        if self.voice:
            return self.voice.name
        return self.author.name if self.author else self.author_name

    @property
    def accepts_support(self) -> bool:
        """Whether supports can be given and taken back."""
        return self.allows(Act.SUPPORT)

    def allows(self, act: Act) -> bool:
        """Which acts are open: voting until the journey ends, talking as long as it is public."""
        if self.state != IdeaState.PUBLISHED:
            return False
        return self.status not in CLOSED if act is Act.SUPPORT else act in (Act.COMMENT, Act.FOLLOW, Act.REPORT)

    def may_change(self) -> bool:
        """Whether its author may still edit it: until somebody reviews it."""
        open_statuses = (IdeaStatus.SUBMITTED, IdeaStatus.IN_DISCUSSION)
        return self.state in (IdeaState.PENDING, IdeaState.PUBLISHED) and self.status in open_statuses

    def may_be_withdrawn(self) -> bool:
        """Whether its author may take it back: until others work on it."""
        return self.state in (IdeaState.PENDING, IdeaState.PUBLISHED) and self.status not in SETTLED


class Answer(Base):
    """An official answer to an idea; `status` is where it moved the idea, empty if nowhere.

    One that an import brought has no author here, but the name of where it comes from.
    """

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_idea_id_id", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(default="")
    role_label: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    status: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    author: Mapped[User | None] = relationship(lazy="joined")


class IdeaOrigin(Base):
    """Where an imported idea came from; one idea for each id of a source, so that importing twice changes nothing.

    `category` and `place` are the source's own words. `supports` were given there: shown, never counted.
    """

    __tablename__ = "idea_origins"
    __table_args__ = (UniqueConstraint("system", "external_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True, autoincrement=False)
    system: Mapped[str]
    external_id: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    supports: Mapped[int | None]
    imported_at: Mapped[datetime] = mapped_column(default=clock.now)

    idea: Mapped[Idea] = relationship(back_populates="origin")
