"""Who may do what with challenges."""

from app.challenges.models import Challenge, ChallengeState
from app.kit.actor import Actor, is_member, is_staff
from app.organisations.policy import acts_for
from app.subjects.acts import Act


def can_create(actor: Actor) -> bool:
    """Every member."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when it is sent."""
    return not actor.suspended


def can_see(actor: Actor, challenge: Challenge) -> bool:
    """Everyone what is public; its author (or the organisation it was posted as) and staff also before and after."""
    is_open_to_all = challenge.state == ChallengeState.PUBLISHED or is_staff(actor)
    return is_open_to_all or acts_for(actor, challenge, challenge.author_id)


def can_answer(actor: Actor, challenge: Challenge) -> bool:
    """Members, while it takes ideas."""
    return is_member(actor) and challenge.allows(Act.SUBMIT)
