"""The versions of an idea's text, and its answers to the questions of its challenge."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import File
from app.challenges.models import ChallengeQuestion
from app.kit import clock
from app.kit.base import Base


class IdeaVersion(Base):
    """One version of an idea's text; `number` counts from 1.

    `is_public`: everybody could read it once, and staff has not hidden it since. `facts` are what people chose beside
    the texts, as words by the name of the field; `answers` what was said to questions of the challenge.
    """

    __tablename__ = "idea_versions"
    __table_args__ = (UniqueConstraint("idea_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    is_public: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str]
    summary: Mapped[str]
    problem: Mapped[str]
    solution: Mapped[str]
    benefit: Mapped[str]
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(default="")

    author: Mapped[User | None] = relationship()


class InWords:
    """An answer to a question: a number, a file or words."""

    text: Any
    number: Any
    file: Any
    question: Any

    @property
    def words(self) -> str:
        """The answer in words: a number with what it counts, the name of a file."""
        if self.number is not None:
            return f"{self.plain_number} {self.question.unit}".strip()
        return str(self.file.name if self.file else self.text or "")

    @property
    def plain_number(self) -> str:
        """The number as it is typed: 12,5."""
        return "" if self.number is None else f"{self.number:.4f}".rstrip("0").rstrip(".").replace(".", ",")


class QuestionAnswer(InWords, Base):
    """An idea's answer to a question of its challenge: words, or a number, or a file of the idea's own."""

    __tablename__ = "question_answers"
    __table_args__ = (UniqueConstraint("idea_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("challenge_questions.id"))
    text: Mapped[str] = mapped_column(default="")
    number: Mapped[float | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    question: Mapped[ChallengeQuestion] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[File | None] = relationship(lazy="joined")
