"""Which acts are open on an idea: one rule, for ideas, for their cards and for what their page shows."""

from datetime import date, datetime, timedelta
from typing import Any

from app.ideas.models.states import CLOSED, SETTLED, UNREAD, IdeaState, Need
from app.kit import clock
from app.organisations.models import SpokenFor
from app.subjects.acts import Act

REOPENABLE = timedelta(days=30)


class Open:
    """Has a state, a status and perhaps a challenge."""

    state: Any
    status: Any
    challenge: Any

    @property
    def public_challenge(self) -> Any:
        """The challenge it answers, as long as everybody may read that."""
        return self.challenge if self.challenge is not None and self.challenge.is_public else None

    @property
    def is_alive(self) -> bool:
        """Whether it is public or on its way there."""
        return self.state in (IdeaState.PENDING, IdeaState.PUBLISHED)

    @property
    def accepts_support(self) -> bool:
        """Whether supports can be given and taken back."""
        return self.allows(Act.SUPPORT)

    def allows(self, act: Act) -> bool:
        """Which acts are open: voting until the journey ends, talking as long as it is public."""
        if self.state != IdeaState.PUBLISHED:
            return False
        if act is Act.EDIT:
            return self.may_change()
        if act is Act.SUPPORT:
            return self.status not in CLOSED and self._challenge_allows(act)
        return act in (Act.FOLLOW, Act.REPORT) or (act in (Act.COMMENT, Act.ASSESS) and self._challenge_allows(act))

    def may_change(self) -> bool:
        """Whether its author may still edit it: until somebody reviews it, and while its challenge lets people."""
        return self.is_alive and self.status in UNREAD and self._challenge_allows(Act.EDIT)

    def _challenge_allows(self, act: Act) -> bool:
        """A free idea knows no phases; an answer keeps to those of its challenge."""
        return self.challenge is None or self.challenge.allows(act)


class Whole(Open, SpokenFor):
    """Has its authors and its dates too: what the rules of its page ask for."""

    author_id: Any
    coauthors: Any
    withdrawn_at: Any
    needs: Any

    @property
    def coauthor_ids(self) -> frozenset[int]:
        """Who writes it together with its author."""
        return frozenset(one.person_id for one in self.coauthors)

    @property
    def last_day_to_change(self) -> date | None:
        """The last day of the phases that let its authors edit it; None: no phase ends that."""
        phases = self.challenge.phases if self.challenge else []
        ends = [phase.last_day for phase in phases if Act.EDIT in phase.acts and phase.is_running]
        return None if None in ends else max((end for end in ends if end), default=None)

    def may_be_withdrawn(self) -> bool:
        """Whether its author may take it back: until others work on it."""
        return self.state in (IdeaState.PENDING, IdeaState.PUBLISHED) and self.status not in SETTLED

    @property
    def reopenable_until(self) -> datetime | None:
        """Until when its author may bring back what they withdrew."""
        return self.withdrawn_at + REOPENABLE if self.withdrawn_at else None

    def may_be_reopened(self) -> bool:
        """Whether its author may bring back what they withdrew."""
        until = self.reopenable_until
        return self.state == IdeaState.WITHDRAWN and until is not None and not clock.has_come(until)

    @property
    def is_kept_back(self) -> bool:
        """Whether its challenge is not public now: then it cannot be brought back either."""
        return self.challenge is not None and not self.challenge.is_public

    @property
    def needed(self) -> list[Need]:
        """What it needs, in the order of the form."""
        return [need for need in Need if self.needs & need]
