"""The versions of the look, and the look itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base
from app.kit.i18n import gettext as _
from app.subjects.models import subject_key

MOST_PARTNERS = 12


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of the operator's: the name of its file (32 digits), and its size in pixels."""

    name: str
    width: int
    height: int

    @property
    def key(self) -> str:
        """Its storage key. Pictures of ideas have a width in theirs: a key without one is a logo's, and no secret."""
        return f"{self.name[:2]}/{self.name[2:]}.webp"


@dataclass(frozen=True, slots=True)
class Partner:
    """A logo in the footer; `alt` says whose it is, `url` may be empty."""

    logo: Logo
    alt: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything an operator says of how the site looks.

    Empty hero texts stand for the platform's own; `version` 0 is what the settings say.
    """

    name: str
    claim: str
    claim_en: str = ""
    colour: str = ""
    logo: Logo | None = None
    logo_dark: Logo | None = None
    shows_name: bool = True
    hero_title: str = ""
    hero_title_en: str = ""
    hero_lead: str = ""
    hero_lead_en: str = ""
    shows_eu: bool = False
    partners: tuple[Partner, ...] = ()
    version: int = 0

    def hero(self, language: str) -> tuple[str, str]:
        """What the start page begins with in a language: title and lead, each empty for the platform's own."""
        english = language == "en"
        return (self.hero_title_en, self.hero_lead_en) if english else (self.hero_title, self.hero_lead)

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        values = asdict(self)
        del values["version"]
        return values

    @classmethod
    def of_data(cls, data: Mapping[str, Any], version: int) -> "Look":
        """As it was kept, by this release or by one before or after it."""
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        for name in ("logo", "logo_dark"):
            known[name] = Logo(**known[name]) if known.get(name) else None
        partners = (Partner(Logo(**one["logo"]), one["alt"], one["url"]) for one in known.get("partners", ()))
        return cls(**known | {"partners": tuple(partners), "version": version})


class LookVersion(Base):
    """One save of the look; `after_id` is the version its editor saw, 0 for the settings."""

    __tablename__ = "look_versions"

    id: Mapped[int] = subject_key()
    after_id: Mapped[int] = mapped_column(unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    kind = "look"
    state = "published"

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return str(_("Erscheinungsbild"))
