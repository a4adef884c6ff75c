"""Who says how a challenge ends."""

from app.challenges import policy as challenges
from app.challenges.models import Challenge
from app.kit.actor import Actor


def can_write(actor: Actor, challenge: Challenge) -> bool:
    """Staff, and of the challenge's people those who may write its news."""
    return challenges.can_close(actor, challenge)
