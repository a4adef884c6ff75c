"""A place of the region."""

from enum import StrEnum
from typing import Any, Optional

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kit.base import Base
from app.subjects.models import subject_key


class PlaceKind(StrEnum):
    """The level a place stands on."""

    STATE = "state"
    DISTRICT = "district"
    CITY = "city"  # beside the districts, not in one
    MUNICIPALITY = "municipality"


class Labelled:
    """Has a name, a kind, and perhaps a place it lies in."""

    name: Any
    kind: Any
    parent: Any

    @property
    def label(self) -> str:
        """What tells this place from every other: "Döbeln, Mittelsachsen", "Dresden", "Landkreis Leipzig"."""
        if self.kind == PlaceKind.MUNICIPALITY and self.parent:
            return f"{self.name}, {self.parent.name}"
        return str(self.name)


class Place(Labelled, Base):
    """A state, district, city or municipality. `lat` and `lon` are a point within its outline (WGS 84, degrees)."""

    __tablename__ = "places"
    __table_args__ = (CheckConstraint("kind IN ('state', 'district', 'city', 'municipality')", name="kind"),)

    id: Mapped[int] = subject_key()
    ags: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_sorbian: Mapped[str | None]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    lat: Mapped[float]
    lon: Mapped[float]

    # The label needs the parent, so that it comes along with the place; a parent's own parent does not.
    parent: Mapped[Optional["Place"]] = relationship(remote_side=[id], lazy="joined", join_depth=1)

    @property
    def district_id(self) -> int | None:
        """The district or city this place is or lies in; none for the state."""
        if self.kind == PlaceKind.MUNICIPALITY:
            return self.parent_id
        return None if self.kind == PlaceKind.STATE else self.id
