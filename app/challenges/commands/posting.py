"""Describing challenges, handing them in, showing and putting them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from app.attachments.commands import NOTHING, Arranged, arrange_files, arrange_pictures, complete, remove_all
from app.challenges import policy, queries
from app.challenges.activities import (
    ChallengeArchived,
    ChallengeDrafted,
    ChallengeEdited,
    ChallengeHidden,
    ChallengePublished,
    ChallengeShownAgain,
    ChallengeSubmitted,
    ChallengeTakenBack,
    ChallengeUnarchived,
)
from app.challenges.commands.phases import phases_begin_with_publishing, settle_end
from app.challenges.commands.showing import index, show_change
from app.challenges.models import (
    Challenge,
    ChallengeLink,
    ChallengeState,
    ChallengeStatus,
)
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.text import slugify
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.commands import announce, speak_as
from app.places.models import Place
from app.subjects.commands import new_subject, record
from app.topics.models import Topic

# What may change when others have answered already: it explains, it does not ask for something else.
FURTHER = ("known", "easy_text", "contact_name", "contact_role", "contact_email")
ASKED = ("summary", "problem", "affected", "good_answer", "topic_id", "place_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeText:
    """What the author of a challenge says. `ends_at` is the moment from which no ideas are taken (phases, where
    there are any, say it instead), `organisation_id` whom they speak for, `links` pairs of label and address.
    """

    title: str
    summary: str
    problem: str
    affected: str = ""
    known: str = ""
    easy_text: str = ""
    good_answer: str = ""
    topic_id: int | None = None
    more_topic_ids: Sequence[int] = ()
    place_id: int | None = None
    more_place_ids: Sequence[int] = ()
    sdgs: Sequence[int] = ()
    ends_at: datetime | None = None
    organisation_id: int | None = None
    contact_name: str = ""
    contact_role: str = ""
    contact_email: str = ""
    links: Sequence[tuple[str, str]] = ()
    pictures: Arranged = NOTHING
    files: Arranged = NOTHING


@command
def draft_challenge(text: ChallengeText, *, by: Actor) -> Challenge:
    """Begin a challenge that only its people and staff can see; the same words sent twice are one."""
    require(policy.can_create(by), by)
    if twin := queries.twin_of(by, text.title, text.problem):
        complete(twin.id, text.pictures, text.files, by=by)
        return twin
    challenge = Challenge(id=new_subject("challenge"), state=ChallengeState.DRAFT.value, author_id=by.id or None)
    challenge.organisation_id = speak_as(text.organisation_id, by=by)
    _fill(challenge, text)
    db.session.add(challenge)
    db.session.flush()
    arrange_pictures(challenge.id, text.pictures, by=by)
    arrange_files(challenge.id, text.files, by=by)
    record(ChallengeDrafted(subject_id=challenge.id, actor_id=by.id, organisation_id=challenge.organisation_id or 0))
    return challenge


@command
def post_challenge(text: ChallengeText, *, by: Actor, moderate_new: bool = True) -> Challenge:
    """Describe a challenge and hand it in at once; a new member's waits for a moderator first."""
    challenge = draft_challenge(text, by=by)
    if challenge.state == ChallengeState.DRAFT:
        submit_challenge(challenge, by=by, moderate_new=moderate_new)
    return challenge


@command
def submit_challenge(challenge: Challenge, *, by: Actor, moderate_new: bool = True) -> None:
    """Hand a draft in; a new member's waits for a moderator, others' is public. Twice is once.

    Raises:
        Conflict: it was handed in before and hidden since.
    """
    if policy.runs(by, challenge) and challenge.state in (ChallengeState.PENDING, ChallengeState.PUBLISHED):
        return
    if policy.runs(by, challenge) and challenge.state != ChallengeState.DRAFT:
        raise Conflict(_("Diese Herausforderung ist schon abgegeben."))
    require(policy.can_submit(by, challenge) or not by.id, by)
    record(ChallengeSubmitted(subject_id=challenge.id, actor_id=by.id, organisation_id=challenge.organisation_id or 0))
    if must_wait(by, moderate_new):
        challenge.state = ChallengeState.PENDING.value
        db.session.flush()
        open_case(challenge.id, Cause.NEW)
    else:
        set_state(challenge, ChallengeState.PUBLISHED, "")


@command
def edit_challenge(challenge: Challenge, text: ChallengeText, *, by: Actor, moderate_new: bool = True) -> None:
    """Change what a challenge says. Once it is public its people change only what asks for nothing else.

    A new member's change of what is public waits for a moderator, as that of an idea does.
    """
    require(policy.can_edit(by, challenge), by)
    if policy.can_rewrite(by, challenge):
        _fill(challenge, text)
        if text.organisation_id != challenge.organisation_id and challenge.published_at is None:
            challenge.organisation_id = speak_as(text.organisation_id, by=by)
    else:
        _fill_further(challenge, text)
    db.session.flush()
    arrange_pictures(challenge.id, text.pictures, by=by)
    arrange_files(challenge.id, text.files, by=by)
    settle_end(challenge)
    record(ChallengeEdited(subject_id=challenge.id, actor_id=by.id))
    show_change(challenge, by, moderate_new)


@command
def take_back(challenge: Challenge, *, by: Actor) -> None:
    """Make a draft again of what waits for a moderator."""
    require(policy.can_take_back(by, challenge), by)
    challenge.state = ChallengeState.DRAFT.value
    close_cases(challenge.id)
    db.session.flush()
    record(ChallengeTakenBack(subject_id=challenge.id, actor_id=by.id))


@command
def discard_draft(challenge: Challenge, *, by: Actor) -> None:
    """Throw a draft away: its words are gone, its number is never given again."""
    require(policy.can_discard(by, challenge), by)
    challenge.state, challenge.preview_token = ChallengeState.DELETED.value, None
    for name in ("title", "summary", "problem", "affected", "good_answer", *FURTHER):
        setattr(challenge, name, "")
    challenge.phases, challenge.questions, challenge.criteria, challenge.links = [], [], [], []
    remove_all(challenge.id)
    db.session.flush()


@command
def archive(challenge: Challenge, *, by: Actor) -> None:
    """Put a challenge away: it can be read and followed, nothing else."""
    require(policy.can_archive(by, challenge), by)
    if challenge.status != ChallengeStatus.ARCHIVED:
        queries.lock(challenge.id)
        challenge.status = ChallengeStatus.ARCHIVED.value
        db.session.flush()
        record(ChallengeArchived(subject_id=challenge.id, actor_id=by.id))


@command
def unarchive(challenge: Challenge, *, by: Actor) -> None:
    """Take a challenge out of the archive; it stands where it stood."""
    require(policy.can_archive(by, challenge), by)
    if challenge.status == ChallengeStatus.ARCHIVED:
        challenge.status = (ChallengeStatus.ANSWERED if challenge.answered_at else ChallengeStatus.CLOSED).value
        settle_end(challenge)
        record(ChallengeUnarchived(subject_id=challenge.id, actor_id=by.id))


@command
def mark_answered(challenge: Challenge) -> None:
    """It was said what becomes of its ideas; whoever calls this records why."""
    challenge.status, challenge.answered_at = ChallengeStatus.ANSWERED.value, challenge.answered_at or clock.now()
    db.session.flush()


@command
def set_state(challenge: Challenge, state: str, reason: str) -> None:
    """Publish or hide a challenge; the search follows at once."""
    challenge.state, challenge.state_reason = str(state), reason
    if challenge.is_public:
        fact = ChallengeShownAgain if challenge.published_at else ChallengePublished
        if challenge.published_at is None:
            challenge.published_at = clock.now()
            phases_begin_with_publishing(challenge)
        settle_end(challenge)
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


def _fill(challenge: Challenge, text: ChallengeText) -> None:
    challenge.title, challenge.slug = text.title, slugify(text.title)
    for name in ASKED:
        setattr(challenge, name, getattr(text, name))
    challenge.sdgs = sorted(set(text.sdgs))
    further = set(text.more_topic_ids) - {text.topic_id}
    topics = select(Topic).where(Topic.id.in_(further)).order_by(Topic.position)
    places = select(Place).where(Place.id.in_(set(text.more_place_ids) - {text.place_id})).order_by(Place.name)
    challenge.more_topics = list(db.session.scalars(topics))
    challenge.more_places = list(db.session.scalars(places))
    if not challenge.phases:
        challenge.ends_at = text.ends_at
    _fill_further(challenge, text)


def _fill_further(challenge: Challenge, text: ChallengeText) -> None:
    for name in FURTHER:
        setattr(challenge, name, getattr(text, name))
    if [(link.label, link.url) for link in challenge.links] != list(text.links):
        challenge.links = [ChallengeLink(position=n, label=label, url=url) for n, (label, url) in enumerate(text.links)]
