"""Which acts a challenge opens on its ideas: one rule, for challenges and for what cards hold of them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kit import clock
from app.subjects.acts import Act


class ChallengeState(StrEnum):
    """The life of a challenge."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    DELETED = "deleted"


class ChallengeStatus(StrEnum):
    """Where a public challenge stands: does it take ideas, was it answered, is it put away."""

    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    ARCHIVED = "archived"


class OpensActs:
    """Has a state, a status, an end and phases."""

    state: Any
    status: Any
    ends_at: Any
    phases: Any

    @property
    def is_public(self) -> bool:
        return bool(self.state == ChallengeState.PUBLISHED)

    @property
    def standing(self) -> str:
        """Its status, with the clock asked: whose time has passed is closed also before a job notes it."""
        if self.status == ChallengeStatus.OPEN and self.ends_at is not None and clock.has_come(self.ends_at):
            return ChallengeStatus.CLOSED.value
        return str(self.status)

    def allows(self, act: Act) -> bool:
        """Whether an act is open on the challenge's ideas (and, but for supporting, on itself).

        An act that a phase names is open only while such a phase runs. One that none names is open as long
        as the challenge is public; ideas, though, are taken without phases only.
        """
        if not self.is_public or self.status == ChallengeStatus.ARCHIVED:
            return act is Act.REPORT or (self.is_public and act is Act.FOLLOW)
        if act is Act.SUBMIT and (self.standing != ChallengeStatus.OPEN):
            return False
        naming = [phase for phase in self.phases if act in phase.acts]
        if naming:
            return any(phase.is_running for phase in naming)
        return act is not Act.SUBMIT or not self.phases


class Timed(OpensActs):
    """Says what is open, and until when: a challenge with all its phases."""

    @property
    def is_open(self) -> bool:
        """Whether ideas can be submitted now."""
        return self.allows(Act.SUBMIT)

    @property
    def last_day(self) -> date | None:
        """The last day on which ideas are taken, in the operator's zone."""
        return clock.day_of(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None

    @property
    def running_phases(self) -> list[Any]:
        """The phases that run now, in their order."""
        return [phase for phase in self.phases if phase.is_running]

    @property
    def next_change(self) -> datetime | None:
        """The next moment at which a date changes what can be done; None: none is known."""
        if self.status == ChallengeStatus.ARCHIVED:
            return None
        if not self.phases:
            return self.ends_at if self.standing == ChallengeStatus.OPEN else None
        return min((phase.next_change for phase in self.phases if phase.next_change), default=None)

    @property
    def days_left(self) -> int | None:
        """How many days ideas are still taken after today (0: today is the last); None: no end, or over."""
        if self.last_day is None or self.standing != ChallengeStatus.OPEN:
            return None
        return (self.last_day - clock.today()).days
