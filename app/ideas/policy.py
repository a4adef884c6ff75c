"""Who may do what with ideas."""

from app.ideas.models import SETTLED, IdeaState
from app.ideas.models.opening import Whole
from app.kit.actor import Actor, is_member, is_staff
from app.organisations.policy import acts_for
from app.voting import policy as voting


def can_create(actor: Actor) -> bool:
    """Every member; whether a challenge takes ideas is asked when one is named."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when the idea is sent."""
    return not actor.suspended


def can_see(actor: Actor, idea: Whole) -> bool:
    """Everyone what is public; its authors (or the organisation it was posted as) and staff also the rest."""
    return idea.state == IdeaState.PUBLISHED or is_staff(actor) or writes(actor, idea)


def can_edit(actor: Actor, idea: Whole) -> bool:
    """Its authors, or the organisation it was posted as, until somebody reviews it."""
    return is_member(actor) and writes(actor, idea) and idea.may_change()


def can_withdraw(actor: Actor, idea: Whole) -> bool:
    """Its author, or the organisation it was posted as, until others work on it."""
    return is_member(actor) and may_act_for(actor, idea) and idea.may_be_withdrawn()


def can_see_figures(actor: Actor, idea: Whole) -> bool:
    """Its authors, or the organisation it was posted as, and staff."""
    return is_staff(actor) or (is_member(actor) and writes(actor, idea))


def can_reopen(actor: Actor, idea: Whole) -> bool:
    """Whoever could withdraw it, within 30 days."""
    return is_member(actor) and may_act_for(actor, idea) and idea.may_be_reopened()


def can_invite(actor: Actor, idea: Whole) -> bool:
    """Its author, or the organisation it was posted as; whether more people fit, the command says in words."""
    return is_member(actor) and may_act_for(actor, idea) and idea.is_alive


def can_see_coauthors(actor: Actor, idea: Whole) -> bool:
    """Its authors, suspended ones too: they may leave."""
    return writes(actor, idea)


def can_remove_coauthor(actor: Actor, idea: Whole, person_id: int) -> bool:
    """Its author (or the organisation) anyone, everybody themselves."""
    mine = actor.is_signed_in and actor.id == person_id
    return mine or (is_member(actor) and may_act_for(actor, idea))


def can_be_contacted(actor: Actor, idea: Whole) -> bool:
    """Its authors say whether staff may get in touch, as long as the idea is there."""
    return is_member(actor) and writes(actor, idea)


def can_read_contact(actor: Actor, idea: Whole) -> bool:
    """Staff alone."""
    return is_staff(actor)


def can_read_every_version(actor: Actor, idea: Whole) -> bool:
    """Its authors and staff; others read those that were public."""
    return is_staff(actor) or writes(actor, idea)


def can_hide_version(actor: Actor, idea: Whole) -> bool:
    """Staff, an older one: a text may have held what nobody should read."""
    return is_staff(actor)


def can_answer(actor: Actor, idea: Whole) -> bool:
    """Staff, officially, on what is public."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED


def can_curate(actor: Actor, idea: Whole) -> bool:
    """Staff may ask for a project; whether the way is still open, the command says in words (409)."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED


def can_promote(actor: Actor, idea: Whole) -> bool:
    """Staff, while the journey is open."""
    return is_staff(actor) and idea.state == IdeaState.PUBLISHED and idea.status not in SETTLED


def can_support(actor: Actor, idea: Whole) -> bool:
    """Members, until the journey has ended."""
    return voting.can_support(actor, idea)


def can_vote(actor: Actor, idea: Whole) -> bool:
    """Every member may press the button; whether the vote is still open, the command says in words (409)."""
    return is_member(actor)


def is_author(actor: Actor, idea: Whole) -> bool:
    return actor.is_signed_in and idea.author_id is not None and actor.id == idea.author_id


def may_act_for(actor: Actor, idea: Whole) -> bool:
    """The people of the organisation it was posted as, else its author."""
    return acts_for(actor, idea, idea.author_id)


def writes(actor: Actor, idea: Whole) -> bool:
    """Whoever may act for it, and its co-authors."""
    return may_act_for(actor, idea) or (actor.is_signed_in and actor.id in idea.coauthor_ids)
