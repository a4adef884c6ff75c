"""Comments."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.base import Base
from app.kit.text import excerpt
from app.organisations.models import Organisation, SpokenFor
from app.subjects.models import subject_key


class CommentState(StrEnum):
    """The life of a comment."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    DELETED = "deleted"


class Authored:
    """What rules ask of a comment, be it an object or a plain row."""

    author_id: Any
    state: Any


def title_of(body: str) -> str:
    """What a comment is called: its beginning."""
    return excerpt(body, 70)


class Comment(Authored, SpokenFor, Base):
    """Something said about a subject, or in reply to a comment. `thread_id` is the comment the thread began with."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_subject_id_thread_id_id", "subject_id", "thread_id", "id"),
        Index("ix_comments_subject_id_created_at_id", "subject_id", "created_at", "id"),
        Index("ix_comments_author_id_id", "author_id", "id"),
        Index("ix_comments_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = subject_key()
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    body: Mapped[str]
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    author: Mapped[User | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    origin: Mapped["CommentOrigin | None"] = relationship(back_populates="comment", lazy="joined")

    kind = "comment"

    @property
    def title(self) -> str:
        return title_of(self.body)

    @property
    def slug(self) -> str:
        return ""

    @property
    def is_shown(self) -> bool:
        """Whether its text is shown; pending ones are shown to their author and staff only, which the query sees to."""
        return self.state in (CommentState.PUBLISHED, CommentState.PENDING)

    def delete(self) -> None:
        """Take the words away; the place stays for those who answered."""
        self.state, self.body = CommentState.DELETED.value, ""


class CommentOrigin(Base):
    """Where an imported comment came from, and the votes it brought along.

    Sources number comments anew under each page: one comment for each id of a source and what it is about.
    `is_missing`: others answered to it, and nothing more is known of it.
    """

    __tablename__ = "comment_origins"
    __table_args__ = (UniqueConstraint("subject_id", "system", "external_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    system: Mapped[str]
    external_id: Mapped[str]
    up: Mapped[int] = mapped_column(default=0)
    down: Mapped[int] = mapped_column(default=0)
    is_missing: Mapped[bool] = mapped_column(default=False)
    imported_at: Mapped[datetime] = mapped_column(default=clock.now)

    comment: Mapped[Comment] = relationship(back_populates="origin")
