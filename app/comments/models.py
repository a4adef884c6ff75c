"""Comments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.db import Base
from app.kit.text import excerpt
from app.subjects.models import subject_key


class CommentState(StrEnum):
    """The life of a comment."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    DELETED = "deleted"


class Comment(Base):
    """Something said about a subject, or in reply to a comment. `thread_id` is the comment the thread began with."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_subject_id_thread_id_id", "subject_id", "thread_id", "id"),
        Index("ix_comments_author_id_id", "author_id", "id"),
    )

    id: Mapped[int] = subject_key()
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str]
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    author: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    kind = "comment"

    @property
    def title(self) -> str:
        return excerpt(self.body, 70)

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
