"""What belongs to challenges: due changes of phases, locks, news, hosts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.challenges import policy
from app.challenges.models import (
    Challenge,
    ChallengeHost,
    ChallengeNews,
    ChallengePhase,
    ChallengeState,
    ChallengeStatus,
    HostState,
)
from app.challenges.queries.reading import challenge_for
from app.kit import clock
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.paging import Page, page_of

NEWS_AT_ONCE = 5
TWINS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Change:
    """Something the clock changed and nobody was told of: a phase "began" or "ended", or a challenge is "closed"."""

    at: datetime
    what: str
    challenge_id: int
    phase_id: int = 0
    kind: str = ""
    name: str = ""


def next_change() -> Change | None:
    """The earliest change that is due and untold; at one moment ends come before beginnings."""
    due = [change for change in (_closed(), _phase("ended"), _phase("began")) if change is not None]
    return min(due, key=lambda change: change.at, default=None)


def lock(challenge_id: int) -> None:
    """Let everybody wait whose act depends on the phases, until the transaction ends (PostgreSQL)."""
    db.session.execute(select(Challenge.id).where(Challenge.id == challenge_id).with_for_update())


def hold(challenge_id: int | None) -> Challenge | None:
    """A challenge as it stands, which stays so until the transaction ends (PostgreSQL): acts rest on its phases.

    FOR KEY SHARE lets others count their ideas meanwhile (FOR SHARE would not, and two of them would wait for
    each other); whoever turns phases locks FOR UPDATE, which waits for it.
    """
    if challenge_id is None:
        return None
    fresh = select(Challenge).where(Challenge.id == challenge_id).execution_options(populate_existing=True)
    return db.session.scalars(fresh.with_for_update(read=True, key_share=True, of=Challenge)).first()


def news_about(challenge_id: int, after: str | None = None, size: int = NEWS_AT_ONCE) -> Page[ChallengeNews]:
    """The news of a challenge, newest first."""
    posts = select(ChallengeNews).where(ChallengeNews.challenge_id == challenge_id)
    return page_of(posts.options(joinedload(ChallengeNews.author)), (ChallengeNews.id,), after=after, size=size)


def news_for(reader: Actor, news_id: int) -> ChallengeNews:
    """A post of a challenge that the reader may see.

    Raises:
        NotFound, Gone: no such post, or its challenge is not for this reader.
    """
    post = db.session.get(ChallengeNews, news_id)
    if post is None:
        raise NotFound
    challenge_for(reader, post.challenge_id)
    return post


def same_news(actor: Actor, challenge_id: int, body: str) -> ChallengeNews | None:
    """What was told within ten minutes in the same words; locks the person's row (PostgreSQL)."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(ChallengeNews).where(ChallengeNews.challenge_id == challenge_id, ChallengeNews.body == body)
    return db.session.scalars(same.where(ChallengeNews.created_at > clock.now() - TWINS).limit(1)).first()


def hosts_of(challenge_id: int) -> Sequence[ChallengeHost]:
    """Everybody who was asked to host a challenge, in that order."""
    asked = select(ChallengeHost).where(ChallengeHost.challenge_id == challenge_id)
    return db.session.scalars(asked.order_by(ChallengeHost.id)).unique().all()


def host_for(reader: Actor, host_id: int) -> ChallengeHost:
    """One who was asked, for those concerned.

    Raises:
        NotFound: none, or nobody this reader has to do with.
    """
    host = db.session.get(ChallengeHost, host_id)
    if host is None or not reader.is_signed_in:
        raise NotFound
    challenge = challenge_for(reader, host.challenge_id)
    if not policy.can_manage(reader, challenge) and not policy.can_answer_invitation(reader, host):
        raise NotFound
    return host


def invitations_to_host(organisation_ids: Collection[int]) -> Sequence[tuple[ChallengeHost, Challenge]]:
    """What these organisations were asked to host and have not answered, oldest first; none without a query."""
    if not organisation_ids:
        return []
    asked = (
        select(ChallengeHost, Challenge)
        .join(Challenge, Challenge.id == ChallengeHost.challenge_id)
        .where(ChallengeHost.organisation_id.in_(organisation_ids), ChallengeHost.state == HostState.INVITED.value)
        .where(Challenge.state.in_([state.value for state in LIVING]))
    )
    return [(host, challenge) for host, challenge in db.session.execute(asked.order_by(ChallengeHost.id)).unique()]


LIVING = (ChallengeState.DRAFT, ChallengeState.PENDING, ChallengeState.PUBLISHED)


def is_answered(challenge: Challenge) -> bool:
    """Whether somebody answered it: then questions are added and retired, never rewritten."""
    return challenge.published_at is not None and challenge.ideas_count > 0


def _phase(what: str) -> Change | None:
    told, when = (
        (ChallengePhase.began_at, ChallengePhase.starts_at)
        if what == "began"
        else (ChallengePhase.ended_at, ChallengePhase.ends_at)
    )
    due = (
        select(ChallengePhase, when.label("moment"), Challenge.published_at)
        .join(Challenge, Challenge.id == ChallengePhase.challenge_id)
        .where(told.is_(None), when <= clock.now())
        .where(Challenge.state == ChallengeState.PUBLISHED.value, Challenge.status != ChallengeStatus.ARCHIVED.value)
    )
    row: Any = db.session.execute(due.order_by(when, ChallengePhase.id).limit(1)).first()
    if row is None:
        return None
    phase, moment, published_at = row
    return Change(max(moment, published_at or moment), what, phase.challenge_id, phase.id, phase.kind, phase.name)


def _closed() -> Change | None:
    has_phases = select(ChallengePhase.id).where(ChallengePhase.challenge_id == Challenge.id).exists()
    due = select(Challenge.id, Challenge.ends_at, Challenge.published_at, has_phases.label("has_phases")).where(
        Challenge.status == ChallengeStatus.OPEN.value,
        Challenge.ends_at <= clock.now(),
        Challenge.state == ChallengeState.PUBLISHED.value,
    )
    row = db.session.execute(due.order_by(Challenge.ends_at, Challenge.id).limit(1)).first()
    if row is None:
        return None
    kind = "phases" if row.has_phases else ""
    return Change(max(row.ends_at, row.published_at or row.ends_at), "closed", row.id, kind=kind)
