"""Ideas: their life, their journey, their text."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import Picture
from app.challenges.models import Challenge
from app.ideas.models.listing import Listed, listing_indexes
from app.ideas.models.opening import Whole
from app.ideas.models.states import IdeaState, IdeaStatus
from app.kit import clock
from app.kit.base import Base
from app.organisations.models import Organisation
from app.places.models import Place
from app.subjects.models import subject_key
from app.topics.models import Topic

if TYPE_CHECKING:
    from app.ideas.models.further import IdeaOrigin
    from app.ideas.models.people import Coauthor


class Idea(Whole, Listed, Base):
    """An answer to three questions: what is the problem, what should happen, who benefits.

    `lat` and `lon` are a point within the region (WGS 84, degrees), or both empty.
    `easy_text` says all of it in Leichte Sprache; `different_because` tells moderators what sets it apart from similar
    ones. `changed_at` is when something last happened to it that readers see: published, edited, answered, commented.
    """

    __tablename__ = "ideas"
    __table_args__ = (
        *listing_indexes(),
        Index("ix_ideas_author_id", "author_id"),
        Index("ix_ideas_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = subject_key()
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenges.id"))
    title: Mapped[str]
    slug: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str]
    solution: Mapped[str] = mapped_column(default="")
    benefit: Mapped[str] = mapped_column(default="")
    easy_text: Mapped[str] = mapped_column(default="", server_default="")
    different_because: Mapped[str] = mapped_column(default="", server_default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    author_name: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    state: Mapped[str] = mapped_column(default=IdeaState.PENDING.value)
    state_reason: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=IdeaStatus.SUBMITTED.value)
    supporters_count: Mapped[int] = mapped_column(default=0)
    comments_count: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    challenge: Mapped[Challenge | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    place: Mapped[Place | None] = relationship()
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    origin: Mapped["IdeaOrigin | None"] = relationship(back_populates="idea")
    coauthors: Mapped[list["Coauthor"]] = relationship(back_populates="idea", order_by="Coauthor.id", viewonly=True)
    pictures: Mapped[list[Picture]] = relationship(
        primaryjoin="Idea.id == foreign(Picture.subject_id)", order_by=(Picture.position, Picture.id), viewonly=True
    )

    kind = "idea"
