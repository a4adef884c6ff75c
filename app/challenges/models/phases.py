"""Phases of a challenge: dated or opened by hand, each with the acts it opens."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock
from app.kit.base import Base
from app.subjects.acts import Act

# Acts a phase may open, each with its bit in `acts_mask`; the numbers stand in the database and never change.
PHASE_ACTS = {Act.SUBMIT: 1, Act.EDIT: 2, Act.SUPPORT: 4, Act.COMMENT: 8, Act.ASSESS: 16}
UNTOLD_BEGIN, UNTOLD_END = text("began_at IS NULL"), text("ended_at IS NULL")


class PhaseKind(StrEnum):
    """What a phase is for, in the order they usually come."""

    COLLECT = "collect"
    DISCUSS = "discuss"
    ASSESS = "assess"
    VOTE = "vote"
    DECIDE = "decide"
    REALISE = "realise"


DEFAULT_ACTS: dict[PhaseKind, frozenset[Act]] = {
    PhaseKind.COLLECT: frozenset({Act.SUBMIT, Act.EDIT, Act.SUPPORT, Act.COMMENT}),
    PhaseKind.DISCUSS: frozenset({Act.SUPPORT, Act.COMMENT}),
    PhaseKind.ASSESS: frozenset({Act.ASSESS, Act.COMMENT}),
    PhaseKind.VOTE: frozenset({Act.SUPPORT, Act.COMMENT}),
    PhaseKind.DECIDE: frozenset({Act.COMMENT}),
    PhaseKind.REALISE: frozenset({Act.COMMENT}),
}


class Span:
    """The time in which a phase runs, and the acts it opens meanwhile."""

    by_hand: Any
    starts_at: Any
    ends_at: Any
    acts_mask: Any

    @property
    def acts(self) -> frozenset[Act]:
        """The acts it opens while it runs."""
        return frozenset(act for act, bit in PHASE_ACTS.items() if self.acts_mask & bit)

    @acts.setter
    def acts(self, acts: frozenset[Act]) -> None:
        self.acts_mask = sum(PHASE_ACTS[act] for act in acts)

    @property
    def standing(self) -> str:
        """Where it stands now: "ahead", "now" or "done"."""
        if self.ends_at is not None and clock.has_come(self.ends_at):
            return "done"
        has_begun = clock.has_come(self.starts_at) if self.starts_at else not self.by_hand
        return "now" if has_begun else "ahead"

    @property
    def is_running(self) -> bool:
        """Whether its acts are open now."""
        return self.standing == "now"

    @property
    def is_dated(self) -> bool:
        """Whether dates say when it begins or ends."""
        return not self.by_hand and (self.starts_at is not None or self.ends_at is not None)

    @property
    def first_day(self) -> date | None:
        """The day it begins, in the operator's zone."""
        return clock.day_of(self.starts_at) if self.starts_at else None

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to it, in the operator's zone."""
        return clock.day_of(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None

    @property
    def next_change(self) -> datetime | None:
        """The moment of its next beginning or end that a date says."""
        moment = {"ahead": self.starts_at, "now": self.ends_at}.get(self.standing)
        return moment if moment and not clock.has_come(moment) else None


class ChallengePhase(Span, Base):
    """A span of time in which some acts are open.

    It runs from `starts_at` until `ends_at` (a moment that no longer belongs to it). A dated one without
    a beginning runs from the first day, one without an end stays open; one opened `by_hand` has no
    beginning before somebody opens it. `began_at` and `ended_at` are when people were told: once.
    """

    __tablename__ = "challenge_phases"
    __table_args__ = (
        Index("ix_challenge_phases_challenge_id", "challenge_id"),
        Index("ix_challenge_phases_to_begin", "starts_at", postgresql_where=UNTOLD_BEGIN, sqlite_where=UNTOLD_BEGIN),
        Index("ix_challenge_phases_to_end", "ends_at", postgresql_where=UNTOLD_END, sqlite_where=UNTOLD_END),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    position: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    by_hand: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    acts_mask: Mapped[int] = mapped_column("acts")
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
