"""Pictures and files."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base


class Picture(Base):
    """A re-encoded picture: a file for each width in each format; `height` belongs to `width`.

    `alt` says what is to be seen; one that is only decorative says nothing. The first by `position` is the cover.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        Index("ix_pictures_subject_id", "subject_id"),
        Index("ix_pictures_created_at", "created_at"),
        Index("ix_pictures_uploader_id", "uploader_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    uploader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stem: Mapped[str] = mapped_column(unique=True)
    widths: Mapped[list[int]] = mapped_column(JSON)
    formats: Mapped[list[str]] = mapped_column(JSON, server_default='["webp"]')
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    is_decorative: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def key(self, width: int, kind: str = "webp") -> str:
        """The storage key of one width in one format."""
        return f"{self.stem}-{width}.{kind}"

    @property
    def keys(self) -> list[str]:
        """The storage keys of all its files."""
        return [self.key(width, kind) for kind in self.formats for width in self.widths]

    @property
    def lacks_words(self) -> bool:
        """Whether nobody has said yet what is to be seen."""
        return not self.alt and not self.is_decorative


class File(Base):
    """A file for download; `kind` is one of `kit.documents`, `size` counts bytes, `name` is what people see.

    One that is not listed belongs to a part of its subject: the answer to a challenge's question.
    """

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_subject_id", "subject_id"),
        Index("ix_files_created_at", "created_at"),
        Index("ix_files_uploader_id", "uploader_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    uploader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    is_listed: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def keys(self) -> list[str]:
        """The storage keys of all its files: one."""
        return [self.key]
