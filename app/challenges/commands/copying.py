"""Taking a challenge as a template for a new one."""

from datetime import date, timedelta
from typing import Any, TypeVar

from app.attachments.commands import copy_all
from app.challenges import policy
from app.challenges.activities import ChallengeDrafted
from app.challenges.commands.phases import settle_end
from app.challenges.commands.posting import ASKED, FURTHER
from app.challenges.models import (
    Challenge,
    ChallengeCriterion,
    ChallengeLink,
    ChallengePhase,
    ChallengeQuestion,
    ChallengeState,
)
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.i18n import gettext as _
from app.kit.text import slugify
from app.subjects.commands import new_subject, record

QUESTION = ("position", "kind", "label", "hint", "is_required", "options", "unit")
CRITERION = ("position", "name", "description", "weight")
LINK = ("position", "label", "url")
T = TypeVar("T")


@command
def copy_challenge(challenge: Challenge, *, by: Actor, first_day: date | None = None) -> Challenge:
    """Begin a draft with the words, pictures, files, questions, criteria, links and phases of another; never with its
    ideas.

    Its dates move so that the first phase begins on `first_day`; all last as long and lie as far apart as before.
    Without that day the copy has none, and its phases wait to be opened by hand.
    """
    require(policy.can_copy(by, challenge), by)
    copy = Challenge(id=new_subject("challenge"), state=ChallengeState.DRAFT.value, author_id=by.id or None)
    copy.title = _("%(title)s (Kopie)", title=challenge.title)[:110]
    copy.slug = slugify(copy.title)
    for name in (*ASKED, *FURTHER, "sdgs", "voting_method", "votes_each"):
        setattr(copy, name, getattr(challenge, name))
    copy.organisation_id = challenge.organisation_id if challenge.organisation_id in by.organisation_ids else None
    copy.more_topics, copy.more_places = list(challenge.more_topics), list(challenge.more_places)
    moved = first_day - challenge.first_day if first_day and challenge.first_day else None
    copy.phases = [_moved(phase, moved, first_day) for phase in challenge.phases]
    if moved is not None and challenge.last_day and not challenge.phases:
        copy.ends_at = clock.end_of(challenge.last_day + moved)
    copy.questions = [_same(ChallengeQuestion, one, QUESTION) for one in challenge.questions if one.is_asked]
    copy.criteria = [_same(ChallengeCriterion, one, CRITERION) for one in challenge.criteria]
    copy.links = [_same(ChallengeLink, one, LINK) for one in challenge.links]
    db.session.add(copy)
    db.session.flush()
    settle_end(copy)
    copy_all(challenge.id, copy.id, by=by)
    record(ChallengeDrafted(subject_id=copy.id, actor_id=by.id, organisation_id=copy.organisation_id or 0))
    return copy


def _moved(phase: ChallengePhase, by: timedelta | None, first_day: date | None) -> ChallengePhase:
    """The same phase so many days later. What began with publishing begins on the first day: so it lasts as long."""
    copy = _same(ChallengePhase, phase, ("position", "kind", "name", "text", "acts_mask"))
    copy.by_hand = by is None or phase.by_hand
    if by is None or first_day is None or not phase.is_dated:
        return copy
    begins = phase.first_day + by if phase.first_day else first_day
    ends = phase.last_day + by if phase.last_day else None
    copy.starts_at, copy.ends_at = clock.start_of(begins), clock.end_of(max(ends, begins)) if ends else None
    return copy


def _same(model: type[T], row: Any, names: tuple[str, ...]) -> T:
    return model(**{name: getattr(row, name) for name in names})
