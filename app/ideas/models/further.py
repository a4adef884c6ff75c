"""What belongs to an idea: official answers, where an imported one came from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.ideas.models.idea import Idea
from app.kit import clock
from app.kit.base import Base


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
