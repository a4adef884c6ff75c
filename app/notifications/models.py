"""Mailings: one activity on its way to everybody who follows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kit import clock
from app.kit.base import UNSEEN, Base
from app.subjects.models import ActivityRow

UNDONE = text("done_at IS NULL")


class Mailing(Base):
    """An activity that followers are told of, in steps; everybody up to `reached_id` has been."""

    __tablename__ = "mailings"
    __table_args__ = (
        Index("ix_mailings_due", "due_at", postgresql_where=UNDONE, sqlite_where=UNDONE),
        {"info": UNSEEN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    reached_id: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]

    activity: Mapped[ActivityRow] = relationship(lazy="joined", innerjoin=True)
