"""Pages and the versions of their texts."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base
from app.kit.i18n import lazy_gettext as _l
from app.subjects.models import subject_key

KEYS = {
    "imprint": _l("Impressum"),
    "privacy": _l("Datenschutz"),
    "terms": _l("Nutzungsbedingungen"),
    "netiquette": _l("Netiquette"),
    "accessibility": _l("Barrierefreiheit"),
    "help": _l("Hilfe"),
}


class Page(Base):
    """The anchor of a page that has been edited; its key is its address."""

    __tablename__ = "pages"

    id: Mapped[int] = subject_key()
    key: Mapped[str] = mapped_column(unique=True)

    kind = "page"
    state = "published"
    author_id = None

    @property
    def title(self) -> str:
        """What the page is called in menus."""
        return str(KEYS.get(self.key, self.key))


class PageVersion(Base):
    """One edit of a page's text in one language; `number` counts from 1."""

    __tablename__ = "page_versions"
    __table_args__ = (UniqueConstraint("page_id", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    language: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
