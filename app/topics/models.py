"""A field of action."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.base import Base
from app.kit.i18n import gettext as _
from app.subjects.models import subject_key


class Named:
    """Has a name that the catalogues may know."""

    own_name: Any

    @property
    def name(self) -> str:
        """Its name in the reader's language where the catalogues know it, else as it was written."""
        return str(_(self.own_name)) if self.own_name else ""


class Topic(Named, Base):
    """What challenges, ideas and projects are about.

    `hue` is an angle of the colour circle (0 to 359 degrees); `sdgs` are numbers of the Sustainable Development
    Goals (1 to 17, UN resolution A/RES/70/1); `position` is the place in every list of topics.
    """

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("hue BETWEEN 0 AND 359", name="hue"),)

    id: Mapped[int] = subject_key()
    key: Mapped[str] = mapped_column(unique=True)
    own_name: Mapped[str] = mapped_column("name")
    hue: Mapped[int]
    sdgs: Mapped[list[int]] = mapped_column(JSON)
    position: Mapped[int]
