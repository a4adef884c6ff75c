"""A field of action."""

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.subjects.models import subject_key


class Topic(Base):
    """What challenges, ideas and projects are about.

    `hue` is an angle of the colour circle (0 to 359 degrees); `sdgs` are numbers of the Sustainable Development
    Goals (1 to 17, UN resolution A/RES/70/1); `position` is the place in every list of topics.
    """

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("hue BETWEEN 0 AND 359", name="hue"),)

    id: Mapped[int] = subject_key()
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    hue: Mapped[int]
    sdgs: Mapped[list[int]] = mapped_column(JSON)
    position: Mapped[int]
