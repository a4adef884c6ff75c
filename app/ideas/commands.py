"""Submitting, changing, withdrawing and answering ideas."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app.attachments.commands import attach, describe
from app.challenges import policy as challenge_policy
from app.challenges.commands import count_idea
from app.challenges.models import Challenge
from app.ideas import policy, queries
from app.ideas.activities import (
    IdeaAnswered,
    IdeaEdited,
    IdeaImported,
    IdeaPublished,
    IdeaShownAgain,
    IdeaSubmitted,
    IdeaUnpublished,
    IdeaWithdrawn,
)
from app.ideas.models import Answer, Idea, IdeaOrigin, IdeaState, IdeaStatus
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.kit.text import excerpt, slugify
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.commands import announce, speak_as
from app.organisations.policy import is_vouched_for
from app.places.queries import place_tags
from app.subjects.acts import Act
from app.subjects.commands import new_subject, record
from app.subjects.former import keep_address
from app.topics.queries import topic_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaText:
    """What the author of an idea says. `picture_id` is a loose one of theirs; `organisation_id` whom they speak for."""

    title: str
    problem: str
    summary: str = ""
    solution: str = ""
    benefit: str = ""
    challenge_id: int | None = None
    topic_id: int | None = None
    place_id: int | None = None
    picture_id: int | None = None
    picture_alt: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an imported idea comes from: the source's name, and its id, address, category, place and votes there."""

    system: str
    external_id: str
    url: str = ""
    category: str = ""
    author_name: str = ""
    place: str = ""
    supports: int | None = None


@command
def submit_idea(text: IdeaText, *, by: Actor, moderate_new: bool = True) -> Idea:
    """Submit an idea; a new member's waits for a moderator first.

    Raises:
        Conflict: the challenge takes no ideas any more.
    """
    require(policy.can_create(by), by)
    if twin := queries.twin_of(by, text.title, text.problem):
        if not twin.pictures:
            attach(twin.id, text.picture_id, alt=text.picture_alt, by=by)
        return twin  # sent twice: a double click, or "back" and once more
    _check_challenge(text.challenge_id, by)
    idea = Idea(id=new_subject("idea"), author_id=by.id or None, challenge_id=text.challenge_id)
    idea.state, idea.organisation_id = IdeaState.PENDING.value, speak_as(text.organisation_id, by=by)
    _fill(idea, text)
    db.session.add(idea)
    db.session.flush()
    attach(idea.id, text.picture_id, alt=text.picture_alt, by=by)
    record(IdeaSubmitted(subject_id=idea.id, actor_id=by.id, organisation_id=idea.organisation_id or 0))
    if must_wait(by, moderate_new):
        open_case(idea.id, Cause.NEW)
    else:
        set_state(idea, IdeaState.PUBLISHED, "")
    return idea


@command
def edit_idea(idea: Idea, text: IdeaText, *, by: Actor, moderate_new: bool = True) -> None:
    """Change one's idea; a new member's change waits for a moderator, but not what a verified organisation posted."""
    require(policy.can_edit(by, idea), by)
    _fill(idea, text)
    db.session.flush()
    describe(idea.id, text.picture_alt)
    attach(idea.id, text.picture_id, alt=text.picture_alt, by=by)
    record(IdeaEdited(subject_id=idea.id, actor_id=by.id))
    if must_wait(by, moderate_new) and not is_vouched_for(idea):
        set_state(idea, IdeaState.PENDING, _("Diese Idee wurde geändert. Die Moderation liest sie noch einmal."))
        open_case(idea.id, Cause.NEW)
    elif idea.state == IdeaState.PUBLISHED:
        index(idea)


@command
def withdraw_idea(idea: Idea, *, by: Actor) -> None:
    """Take one's idea back; its address says so from now on."""
    require(policy.can_withdraw(by, idea), by)
    set_state(idea, IdeaState.WITHDRAWN, "")
    close_cases(idea.id)
    record(IdeaWithdrawn(subject_id=idea.id, actor_id=by.id))


@command
def answer_idea(idea: Idea, *, body: str, status: str, by: Actor, role_label: str = "") -> Answer:
    """Answer officially, and move the idea to `status` unless that is empty or where it stands."""
    require(policy.can_answer(by, idea), by)
    if twin := queries.same_answer(by, idea.id, body):
        return twin  # sent twice: a double click, or "back" and once more
    moved = status if status and status != idea.status else ""
    answer = Answer(idea_id=idea.id, author_id=by.id, role_label=role_label, body=body, status=moved)
    db.session.add(answer)
    db.session.flush()
    if moved:
        set_status(idea, moved)
    touch(idea.id)
    record(
        IdeaAnswered(subject_id=idea.id, actor_id=by.id, answer_id=answer.id, status=moved, reason=excerpt(body, 180))
    )
    return answer


@command
def set_status(idea: Idea, status: str) -> None:
    """Move an idea along its journey; whoever calls this records why."""
    idea.status = IdeaStatus(status).value
    db.session.flush()


@command
def set_state(idea: Idea, state: str, reason: str) -> None:
    """Publish, hide or withdraw an idea; search and counters follow in the same transaction."""
    was_public = idea.state == IdeaState.PUBLISHED
    idea.state, idea.state_reason = str(state), reason
    is_public, is_first = idea.state == IdeaState.PUBLISHED, idea.published_at is None
    author, speaker = idea.author_id or 0, idea.organisation_id or 0
    if is_public and is_first:
        idea.published_at = clock.now()
        idea.status = IdeaStatus.IN_DISCUSSION.value if idea.status == IdeaStatus.SUBMITTED else idea.status
    db.session.flush()
    if is_public and not was_public:
        index(idea)
        fact = IdeaPublished if is_first else IdeaShownAgain
        record(fact(subject_id=idea.id, actor_id=author, organisation_id=speaker, challenge_id=idea.challenge_id))
        if is_first:
            announce(idea.organisation_id, idea.id, actor_id=author)
    if was_public and not is_public:
        textindex.remove(idea.id)
        record(IdeaUnpublished(subject_id=idea.id, actor_id=author, challenge_id=idea.challenge_id))


@command
def bring_idea(
    text: IdeaText,
    origin: Origin,
    *,
    submitted_at: datetime,
    status: str = "",
    answer: str = "",
    point: tuple[float, float] | None = None,
) -> Idea:
    """Bring a public idea along from another platform; the caller knows which were brought before.

    Args:
        status: where it stood there, one of ours; in discussion if empty.
        answer: the official answer it got there.
        point: latitude and longitude within the region (WGS 84, degrees).
    """
    idea = Idea(id=new_subject("idea"), challenge_id=text.challenge_id, state=IdeaState.PUBLISHED.value)
    _fill(idea, text)
    idea.status, idea.author_name = IdeaStatus(status or IdeaStatus.IN_DISCUSSION).value, origin.author_name
    idea.lat, idea.lon = point or (None, None)
    idea.submitted_at = idea.published_at = idea.changed_at = submitted_at
    db.session.add(idea)
    db.session.flush()
    _note_origin(idea, origin)
    if answer:
        said = Answer(idea_id=idea.id, author_name=origin.system, body=answer, status=idea.status if status else "")
        db.session.add(said)
    index(idea)
    if text.challenge_id:
        count_idea(text.challenge_id, 1)
    record(IdeaImported(subject_id=idea.id, actor_id=0, at=submitted_at, system=origin.system))
    return idea


def _note_origin(idea: Idea, origin: Origin) -> None:
    source = IdeaOrigin(idea_id=idea.id, system=origin.system, external_id=origin.external_id)
    source.url, source.category, source.place = origin.url, origin.category, origin.place
    source.supports = origin.supports
    db.session.add(source)
    if origin.url:
        keep_address(origin.url, idea.id)


@command
def touch(idea_id: int, **changes: Any) -> None:
    """Something readers see happened; `changes` may add to counters: `comments_count=Idea.comments_count + 1`."""
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(changed_at=clock.now(), **changes))


def index(idea: Idea) -> None:
    """Write what the search finds of a public idea."""
    body = "\n".join((idea.summary, idea.problem, idea.solution, idea.benefit))
    tags = [*topic_tags(idea.topic_id), *place_tags(idea.place_id)]
    at = idea.published_at or clock.now()
    textindex.put(idea.id, "idea", title=idea.title, body=body, at=at, slug=idea.slug, tags=tags)


def _check_challenge(challenge_id: int | None, by: Actor) -> None:
    if challenge_id is None:
        return
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None or not challenge.allows(Act.SUBMIT):
        raise Conflict(_("Diese Herausforderung nimmt keine Ideen mehr an. Ihr Text ist nicht verloren."))
    require(challenge_policy.can_answer(by, challenge), by)


def _fill(idea: Idea, text: IdeaText) -> None:
    idea.title, idea.slug, idea.summary = text.title, slugify(text.title), text.summary
    idea.problem, idea.solution, idea.benefit = text.problem, text.solution, text.benefit
    idea.topic_id, idea.place_id, idea.changed_at = text.topic_id, text.place_id, clock.now()
