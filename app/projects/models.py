"""Projects."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import Picture
from app.kit import clock
from app.kit.base import Base
from app.places.models import Place
from app.subjects.acts import Act
from app.subjects.models import subject_key
from app.topics.models import Topic


class ProjectState(StrEnum):
    """The life of a project."""

    PUBLISHED = "published"
    HIDDEN = "hidden"


class ProjectStatus(StrEnum):
    """Where a project stands."""

    RUNNING = "running"
    FUNDING = "funding"
    REALISED = "realised"


class Project(Base):
    """An idea on its way to reality. `supporters_count` is how many people supported its ideas when it began."""

    __tablename__ = "projects"
    __table_args__ = (
        Index("ix_projects_state_published_at_id", "state", "published_at", "id"),
        Index("ix_projects_responsible_id", "responsible_id"),
    )

    id: Mapped[int] = subject_key()
    title: Mapped[str]
    slug: Mapped[str]
    summary: Mapped[str]
    description: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default=ProjectState.PUBLISHED.value)
    state_reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=ProjectStatus.RUNNING.value)
    supporters_count: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)

    topic: Mapped[Topic | None] = relationship()
    place: Mapped[Place | None] = relationship()
    responsible: Mapped[User] = relationship()
    pictures: Mapped[list[Picture]] = relationship(
        primaryjoin="Project.id == foreign(Picture.subject_id)", order_by=Picture.id, viewonly=True
    )

    kind = "project"

    @property
    def author_id(self) -> int:
        """Whom a decision about it concerns."""
        return self.responsible_id

    def allows(self, act: Act) -> bool:
        """Talking about it as long as it is public; votes are given to ideas."""
        return self.state == ProjectState.PUBLISHED and act in (Act.COMMENT, Act.FOLLOW, Act.REPORT)


class ProjectUpdate(Base):
    """News of a project, written by those who accompany it."""

    __tablename__ = "project_updates"
    __table_args__ = (Index("ix_project_updates_project_id_id", "project_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()
    author: Mapped[User] = relationship(lazy="joined", innerjoin=True)
