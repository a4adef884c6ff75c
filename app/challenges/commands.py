"""Posting and showing challenges."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.challenges import policy
from app.challenges.activities import ChallengeHidden, ChallengePublished, ChallengeShownAgain, ChallengeSubmitted
from app.challenges.models import Challenge, ChallengeState
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.text import slugify
from app.moderation.commands import open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.commands import announce, speak_as
from app.places.queries import place_tags
from app.subjects.commands import new_subject, record
from app.topics.queries import topic_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeText:
    """What the author of a challenge says. `ends_at` is the moment from which no ideas are taken,
    `organisation_id` whom they speak for.
    """

    title: str
    summary: str
    problem: str
    good_answer: str = ""
    topic_id: int | None = None
    place_id: int | None = None
    ends_at: datetime | None = None
    organisation_id: int | None = None


@command
def post_challenge(text: ChallengeText, *, by: Actor, moderate_new: bool = True) -> Challenge:
    """Post a challenge; a new member's waits for a moderator first."""
    require(policy.can_create(by), by)
    challenge = Challenge(id=new_subject("challenge"), state=ChallengeState.PENDING.value, author_id=by.id or None)
    challenge.title, challenge.slug, challenge.summary = text.title, slugify(text.title), text.summary
    challenge.problem, challenge.good_answer, challenge.ends_at = text.problem, text.good_answer, text.ends_at
    challenge.topic_id, challenge.place_id = text.topic_id, text.place_id
    challenge.organisation_id = speak_as(text.organisation_id, by=by)
    db.session.add(challenge)
    db.session.flush()
    record(ChallengeSubmitted(subject_id=challenge.id, actor_id=by.id, organisation_id=challenge.organisation_id or 0))
    if must_wait(by, moderate_new):
        open_case(challenge.id, Cause.NEW)
    else:
        set_state(challenge, ChallengeState.PUBLISHED, "")
    return challenge


@command
def set_state(challenge: Challenge, state: str, reason: str) -> None:
    """Publish or hide a challenge; the search follows at once."""
    challenge.state, challenge.state_reason = str(state), reason
    if challenge.state == ChallengeState.PUBLISHED:
        fact = ChallengeShownAgain if challenge.published_at else ChallengePublished
        challenge.published_at = challenge.published_at or clock.now()
        db.session.flush()
        index(challenge)
        author, speaker = challenge.author_id or 0, challenge.organisation_id or 0
        record(fact(subject_id=challenge.id, actor_id=author, organisation_id=speaker))
        if fact is ChallengePublished:
            announce(challenge.organisation_id, challenge.id, actor_id=author)
    else:
        db.session.flush()
        textindex.remove(challenge.id)
        record(ChallengeHidden(subject_id=challenge.id, actor_id=0))


@command
def count_idea(challenge_id: int, change: int) -> None:
    """One public idea more or fewer."""
    changed = update(Challenge).where(Challenge.id == challenge_id).values(ideas_count=Challenge.ideas_count + change)
    db.session.execute(changed)


def index(challenge: Challenge) -> None:
    """Write what the search finds of a public challenge."""
    body = f"{challenge.summary}\n{challenge.problem}\n{challenge.good_answer}"
    tags = [*topic_tags(challenge.topic_id), *place_tags(challenge.place_id)]
    at = challenge.published_at or clock.now()
    textindex.put(challenge.id, "challenge", title=challenge.title, body=body, at=at, slug=challenge.slug, tags=tags)
