"""Pictures."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.db import Base


class Picture(Base):
    """A re-encoded picture; `stem` with a width names each of its files, `height` belongs to `width`."""

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_subject_id", "subject_id"), Index("ix_pictures_created_at", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    uploader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stem: Mapped[str] = mapped_column(unique=True)
    widths: Mapped[list[int]] = mapped_column(JSON)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def key(self, width: int) -> str:
        """The storage key of one width."""
        return f"{self.stem}-{width}.webp"
