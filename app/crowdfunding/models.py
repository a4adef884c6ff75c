"""Campaigns."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base
from app.subjects.models import subject_key


class Campaign(Base):
    """A project's page on a crowdfunding site; first and last day are of the operator's zone, both included."""

    __tablename__ = "campaigns"
    __table_args__ = (CheckConstraint("goal_cents > 0 AND raised_cents >= 0 AND backers_count >= 0", name="amounts"),)

    id: Mapped[int] = subject_key()
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), unique=True)
    platform: Mapped[str]
    url: Mapped[str]
    goal_cents: Mapped[int]
    raised_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(default="EUR")
    backers_count: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    as_of: Mapped[datetime] = mapped_column(default=clock.now)

    kind = "campaign"
    state = "published"
    author_id = None
    slug = ""

    @property
    def title(self) -> str:
        return self.platform

    @property
    def percent(self) -> int:
        """How much of the goal is raised; may be over 100."""
        return self.raised_cents * 100 // self.goal_cents

    @property
    def days_left(self) -> int:
        """Days until it ends, today included; 0 once it is over."""
        return max(0, (self.ends_on - clock.today()).days + 1)

    @property
    def is_running(self) -> bool:
        return self.starts_on <= clock.today() <= self.ends_on
