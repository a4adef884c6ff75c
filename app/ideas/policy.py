"""Who may do what with ideas."""

from app.ideas.models import SETTLED, Idea, IdeaState
from app.kit.actor import Actor, is_member, is_staff
from app.organisations.policy import acts_for
from app.voting import policy as voting


def can_create(actor: Actor) -> bool:
    """Every member; whether a challenge takes ideas is asked when one is named."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when the idea is sent."""
    return not actor.suspended


def can_see(actor: Actor, idea: Idea) -> bool:
    """Everyone what is public; its author (or the organisation it was posted as) and staff also the rest."""
    return idea.state == IdeaState.PUBLISHED or is_staff(actor) or may_act_for(actor, idea)


def can_edit(actor: Actor, idea: Idea) -> bool:
    """Its author, or the organisation it was posted as, until somebody reviews it."""
    return is_member(actor) and may_act_for(actor, idea) and idea.may_change()


def can_withdraw(actor: Actor, idea: Idea) -> bool:
    """Its author, or the organisation it was posted as, until others work on it."""
    return is_member(actor) and may_act_for(actor, idea) and idea.may_be_withdrawn()


def can_answer(actor: Actor, idea: Idea) -> bool:
    """Staff, officially, on what is public."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED


def can_curate(actor: Actor, idea: Idea) -> bool:
    """Staff may ask for a project; whether the way is still open, the command says in words (409)."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED


def can_promote(actor: Actor, idea: Idea) -> bool:
    """Staff, while the journey is open."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED and idea.status not in SETTLED


def can_support(actor: Actor, idea: Idea) -> bool:
    """Members, until the journey has ended."""
    return voting.can_support(actor, idea)


def can_vote(actor: Actor, idea: Idea) -> bool:
    """Every member may press the button; whether the vote is still open, the command says in words (409)."""
    return is_member(actor)


def is_author(actor: Actor, idea: Idea) -> bool:
    return actor.is_signed_in and idea.author_id is not None and actor.id == idea.author_id


def may_act_for(actor: Actor, idea: Idea) -> bool:
    """The people of the organisation it was posted as, else its author."""
    return acts_for(actor, idea, idea.author_id)
