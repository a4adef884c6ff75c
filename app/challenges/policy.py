"""Who may do what with challenges."""

from app.challenges.models import (
    Challenge,
    ChallengeHost,
    ChallengeNews,
    ChallengeState,
    ChallengeStatus,
    HostState,
)
from app.kit.actor import Actor, is_member, is_staff
from app.organisations.policy import acts_for, is_vouched_for
from app.subjects.acts import Act


def can_create(actor: Actor) -> bool:
    """Every member."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when it is sent."""
    return not actor.suspended


def can_see(actor: Actor, challenge: Challenge) -> bool:
    """Everyone what is public; its people and staff also before and after, but nobody what was thrown away."""
    if challenge.state == ChallengeState.DELETED:
        return False
    return challenge.is_public or is_staff(actor) or _belongs_to_it(actor, challenge, HostState.INVITED)


def can_manage(actor: Actor, challenge: Challenge) -> bool:
    """Its people (author or organisation, and co-hosts) and staff; what was hidden or archived, staff alone."""
    if challenge.state == ChallengeState.DELETED:
        return False
    kept = challenge.state == ChallengeState.HIDDEN or challenge.status == ChallengeStatus.ARCHIVED
    return is_staff(actor) or (not kept and runs(actor, challenge))


def can_edit(actor: Actor, challenge: Challenge) -> bool:
    """Whoever manages it; what of it, `can_rewrite` says."""
    return can_manage(actor, challenge)


def can_rewrite(actor: Actor, challenge: Challenge) -> bool:
    """What people answer to: its people change it until it is public, staff always."""
    return can_manage(actor, challenge) and (is_staff(actor) or challenge.published_at is None)


def can_submit(actor: Actor, challenge: Challenge) -> bool:
    """Its people, a draft."""
    return challenge.state == ChallengeState.DRAFT and runs(actor, challenge)


def can_take_back(actor: Actor, challenge: Challenge) -> bool:
    """Its people, what waits and was never public."""
    return challenge.state == ChallengeState.PENDING and challenge.published_at is None and runs(actor, challenge)


def can_discard(actor: Actor, challenge: Challenge) -> bool:
    """Whoever posted it, a draft."""
    return (
        challenge.state == ChallengeState.DRAFT and is_member(actor) and acts_for(actor, challenge, challenge.author_id)
    )


def can_share(actor: Actor, challenge: Challenge) -> bool:
    """Its people and staff, a link to what is not public yet."""
    return challenge.published_at is None and can_manage(actor, challenge)


def can_invite(actor: Actor, challenge: Challenge) -> bool:
    """Whoever posted it, and staff: co-hosts do not bring further ones."""
    owns = is_member(actor) and acts_for(actor, challenge, challenge.author_id)
    return can_manage(actor, challenge) and (owns or is_staff(actor))


def can_answer_invitation(actor: Actor, host: ChallengeHost) -> bool:
    """The people of the organisation that was asked; they may also leave again."""
    return is_member(actor) and host.organisation_id in actor.organisation_ids and host.organisation.is_public


def can_tell(actor: Actor, challenge: Challenge) -> bool:
    """Staff, and of its people those we trust: what they write is mailed to all followers."""
    if not challenge.is_public or not can_manage(actor, challenge):
        return False
    return is_staff(actor) or actor.trusted or is_vouched_for(challenge)


def can_change_news(actor: Actor, post: ChallengeNews) -> bool:
    """Whoever may write news may change and delete them."""
    return can_tell(actor, post.challenge)


def can_remove_host(actor: Actor, host: ChallengeHost) -> bool:
    """Whoever may invite may end it."""
    return can_invite(actor, host.challenge)


def can_close(actor: Actor, challenge: Challenge) -> bool:
    """Whoever may write news may say how it ends."""
    return can_tell(actor, challenge)


def can_archive(actor: Actor, challenge: Challenge) -> bool:
    """Staff, what is public."""
    return is_staff(actor) and challenge.is_public


def can_copy(actor: Actor, challenge: Challenge) -> bool:
    """Its people and staff take it as a template for a new one."""
    return (
        is_member(actor) and challenge.state != ChallengeState.DELETED and (is_staff(actor) or runs(actor, challenge))
    )


def can_answer(actor: Actor, challenge: Challenge) -> bool:
    """Members, while it takes ideas."""
    return is_member(actor) and challenge.allows(Act.SUBMIT)


def runs(actor: Actor, challenge: Challenge) -> bool:
    """Whether somebody is of its people: the author or the organisation's, or those of a co-host."""
    return is_member(actor) and _belongs_to_it(actor, challenge, HostState.ACCEPTED)


def _belongs_to_it(actor: Actor, challenge: Challenge, least: HostState) -> bool:
    if acts_for(actor, challenge, challenge.author_id):
        return True
    states = {HostState.ACCEPTED, least}
    return bool(actor.organisation_ids) and any(
        host.state in states and host.organisation_id in actor.organisation_ids for host in challenge.hosts
    )
