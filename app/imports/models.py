"""Runs of imports, and the problems found in their files."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kit import clock
from app.kit.base import UNSEEN, Base
from app.kit.said import worded
from app.subjects.models import subject_key


class RunKind(StrEnum):
    """What a file holds."""

    IDEAS = "ideas"
    COMMENTS = "comments"


class RunState(StrEnum):
    """The life of a run: the file is looked at, waits for a yes, is brought in, is done."""

    LOOKING = "looking"
    READY = "ready"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


WORKING = (RunState.LOOKING, RunState.RUNNING)


class ImportRun(Base):
    """One file on its way in. `target_id` is the challenge its ideas answer or what its comments are about.

    `done` of `total` rows have been seen to: some came in (`brought`), some were here before (`known`), some were left
    out (`left_out`). `categories` counts the source's categories, `topics` says the key of the topic each becomes.
    `seen_at` is when somebody last worked on it. `storage_key` is empty once the file is gone.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        Index("ix_import_runs_state_seen_at", "state", "seen_at"),
        Index("ix_import_runs_system", "system"),
        {"info": UNSEEN},
    )

    id: Mapped[int] = subject_key()
    kind: Mapped[str]
    state: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str]
    storage_key: Mapped[str] = mapped_column(default="")
    target_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    system: Mapped[str]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    brought: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    categories: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    topics: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ignored: Mapped[list[Any]] = mapped_column(JSON, default=list)
    failure: Mapped[str] = mapped_column(default="")
    failure_said: Mapped[list[Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    author: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_working(self) -> bool:
        """Whether something still happens by itself."""
        return self.state in WORKING

    @property
    def why_failed(self) -> str:
        """Why it ended early, in the language in use."""
        return worded(self.failure_said) if self.failure_said else self.failure

    @property
    def has_ended(self) -> bool:
        return self.state in (RunState.FINISHED, RunState.FAILED)


class ImportProblem(Base):
    """What is wrong with one cell of a run's file. `row` is its number as people see it; `column` may be empty.

    `words` are in the language of whoever brought the file, `said` what they are made of (`kit.said`).
    `external_id` and the beginning of `title` say which row it is. `is_left_out` is about the whole row.
    """

    __tablename__ = "import_problems"
    __table_args__ = (Index("ix_import_problems_run_id_id", "run_id", "id"), {"info": UNSEEN})

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    row: Mapped[int]
    column: Mapped[str]
    words: Mapped[str]
    said: Mapped[list[Any] | None] = mapped_column(JSON)
    is_left_out: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")

    @property
    def in_words(self) -> str:
        """What is wrong, in the language in use."""
        return worded(self.said) if self.said else self.words
