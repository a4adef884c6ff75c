"""Pictures."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.db import Base


class Picture(Base):
    """A re-encoded picture: a file for each width in each format; `height` belongs to `width`."""

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_subject_id", "subject_id"), Index("ix_pictures_created_at", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    uploader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stem: Mapped[str] = mapped_column(unique=True)
    widths: Mapped[list[int]] = mapped_column(JSON)
    formats: Mapped[list[str]] = mapped_column(JSON, server_default='["webp"]')
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def key(self, width: int, kind: str = "webp") -> str:
        """The storage key of one width in one format."""
        return f"{self.stem}-{width}.{kind}"

    @property
    def keys(self) -> list[str]:
        """The storage keys of all its files."""
        return [self.key(width, kind) for kind in self.formats for width in self.widths]
