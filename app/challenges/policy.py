"""Who may do what with challenges."""

from app.challenges.models import Challenge, ChallengeState
from app.kit.actor import Actor, is_member, is_staff
from app.organisations.policy import speaks_for
from app.subjects.acts import Act


def can_create(actor: Actor) -> bool:
    """Every member."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when it is sent."""
    return not actor.suspended


def can_see(actor: Actor, challenge: Challenge) -> bool:
    """Everyone what is public; its author, their organisation and staff also before and after."""
    if challenge.state == ChallengeState.PUBLISHED or is_staff(actor):
        return True
    return is_author(actor, challenge) or speaks_for(actor, challenge)


def can_answer(actor: Actor, challenge: Challenge) -> bool:
    """Members, while it takes ideas."""
    return is_member(actor) and challenge.allows(Act.SUBMIT)


def is_author(actor: Actor, challenge: Challenge) -> bool:
    return actor.is_signed_in and challenge.author_id is not None and actor.id == challenge.author_id
