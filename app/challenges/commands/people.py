"""Who stands behind a challenge: co-hosts, news to followers, the link that shows it before it is public."""

import secrets

from app.challenges import policy, queries
from app.challenges.activities import ChallengeNewsPosted, HostAnswered, HostInvited, PreviewShared
from app.challenges.models import Challenge, ChallengeHost, ChallengeNews, HostState
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.inserting import insert_once
from app.organisations.models import Organisation
from app.subjects.commands import record

MOST_HOSTS = 12


@command
def share_preview(challenge: Challenge, *, by: Actor) -> str:
    """Make a link that shows what is not public yet; one there was ends. Returns its token."""
    require(policy.can_share(by, challenge), by)
    challenge.preview_token = secrets.token_urlsafe(24)
    db.session.flush()
    record(PreviewShared(subject_id=challenge.id, actor_id=by.id, is_open=True))
    return challenge.preview_token


@command
def end_preview(challenge: Challenge, *, by: Actor) -> None:
    """End the link; whoever has it sees nothing any more."""
    require(policy.can_share(by, challenge), by)
    if challenge.preview_token is not None:
        challenge.preview_token = None
        db.session.flush()
        record(PreviewShared(subject_id=challenge.id, actor_id=by.id, is_open=False))


@command
def invite_host(challenge: Challenge, organisation: Organisation, *, by: Actor) -> None:
    """Ask an organisation to host the challenge too; asking one that declined before asks it again.

    Raises:
        Conflict: it posted the challenge, was asked already, or there are too many.
    """
    require(policy.can_invite(by, challenge) and organisation.is_public, by)
    queries.lock(challenge.id)
    if organisation.id == challenge.organisation_id:
        raise Conflict(_("Diese Organisation hat die Herausforderung selbst beschrieben."))
    asked = {host.organisation_id: host for host in queries.hosts_of(challenge.id)}
    if len(asked) >= MOST_HOSTS and organisation.id not in asked:
        raise Conflict(_("Mehr als %(most)s Organisationen lassen sich nicht einladen.", most=MOST_HOSTS))
    known = asked.get(organisation.id)
    if known is not None and known.state != HostState.DECLINED:
        raise Conflict(_("Diese Organisation ist schon eingeladen."))
    if known is not None:
        known.state, known.answered_at = HostState.INVITED.value, None
        known.invited_by_id, known.created_at = by.id or None, clock.now()
    else:
        values = {"state": HostState.INVITED.value, "invited_by_id": by.id or None, "created_at": clock.now()}
        insert_once(ChallengeHost, challenge_id=challenge.id, organisation_id=organisation.id, **values)
    db.session.flush()
    record(HostInvited(subject_id=challenge.id, actor_id=by.id, host_organisation_id=organisation.id))


@command
def answer_invitation(host: ChallengeHost, *, accept: bool, by: Actor) -> None:
    """Accept or decline hosting a challenge; declining also ends what was accepted."""
    require(policy.can_answer_invitation(by, host), by)
    state = HostState.ACCEPTED if accept else HostState.DECLINED
    if host.state == HostState.DECLINED and accept:
        raise Conflict(_("Diese Einladung wurde schon abgelehnt. Bitten Sie um eine neue."))
    if host.state != state:
        host.state, host.answered_at = state.value, clock.now()
        db.session.flush()
        _record_answer(host, host.state, by, organisation_id=host.organisation_id)


@command
def remove_host(host: ChallengeHost, *, by: Actor) -> None:
    """Take an invitation back, or end hosting together."""
    require(policy.can_remove_host(by, host), by)
    _record_answer(host, "removed", by)
    db.session.delete(host)
    db.session.flush()


@command
def post_news(challenge: Challenge, *, title: str, body: str, by: Actor) -> ChallengeNews:
    """Tell what happened with a challenge; its followers get it by mail, once."""
    require(policy.can_tell(by, challenge), by)
    if twin := queries.same_news(by, challenge.id, body):
        return twin  # sent twice: a double click, or "back" and once more
    post = ChallengeNews(challenge_id=challenge.id, author_id=by.id or None, title=title, body=body)
    db.session.add(post)
    db.session.flush()
    speaker = challenge.organisation_id if challenge.organisation_id in by.organisation_ids else 0
    fact = ChallengeNewsPosted(subject_id=challenge.id, actor_id=by.id, organisation_id=speaker or 0, news_id=post.id)
    record(fact)
    return post


@command
def edit_news(post: ChallengeNews, *, title: str, body: str, by: Actor) -> None:
    """Change what a post says; nobody is mailed again."""
    require(policy.can_change_news(by, post), by)
    if (post.title, post.body) != (title, body):
        post.title, post.body, post.edited_at = title, body, clock.now()
        db.session.flush()


@command
def delete_news(post: ChallengeNews, *, by: Actor) -> None:
    """Take a post away."""
    require(policy.can_change_news(by, post), by)
    db.session.delete(post)
    db.session.flush()


def _record_answer(host: ChallengeHost, state: str, by: Actor, organisation_id: int = 0) -> None:
    fact = HostAnswered(
        subject_id=host.challenge_id,
        actor_id=by.id,
        organisation_id=organisation_id,
        host_organisation_id=host.organisation_id,
        state=state,
    )
    record(fact)
