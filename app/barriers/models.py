"""Messages about barriers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base
from app.kit.i18n import gettext as _
from app.subjects.models import subject_key


class Barrier(Base):
    """What somebody could not use; `page` is a path of ours or empty, `email` where an answer goes, or empty."""

    __tablename__ = "barriers"
    __table_args__ = (Index("ix_barriers_done_at_id", "done_at", "id"),)

    id: Mapped[int] = subject_key()
    receipt: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    page: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    kind = "barrier"
    state = "published"
    author_id = None

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return str(_("Barriere %(receipt)s", receipt=self.receipt))

    @property
    def names_a_page(self) -> bool:
        """Whether what stands for the page is a path of ours, so that a link to it stays here."""
        return self.page.startswith("/") and not self.page.startswith(("//", "/\\")) and "\\" not in self.page
