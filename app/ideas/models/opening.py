"""Which acts are open on an idea: one rule, for ideas and for their cards."""

from typing import Any

from app.ideas.models.states import CLOSED, UNREAD, IdeaState
from app.subjects.acts import Act


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
