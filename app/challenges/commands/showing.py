"""What a change does to a challenge that is public: it waits for a moderator, or the search follows."""

from app.challenges.activities import ChallengeHidden
from app.challenges.models import Challenge, ChallengeState
from app.kit import clock, textindex
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.i18n import gettext as _
from app.moderation.commands import open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.policy import is_vouched_for
from app.places.queries import place_tags
from app.subjects.commands import record
from app.topics.queries import topic_tags


@command
def show_change(challenge: Challenge, by: Actor, moderate_new: bool) -> None:
    """Let everybody read a change of what is public; a new member's waits for a moderator first."""
    if not challenge.is_public:
        return
    if not must_wait(by, moderate_new) or is_vouched_for(challenge):
        index(challenge)
        return
    challenge.state = ChallengeState.PENDING.value
    challenge.state_reason = _("Diese Herausforderung wurde geändert. Die Moderation liest sie noch einmal.")
    db.session.flush()
    textindex.remove(challenge.id)
    record(ChallengeHidden(subject_id=challenge.id, actor_id=0))
    open_case(challenge.id, Cause.NEW)


def index(challenge: Challenge) -> None:
    """Write what the search finds of a public challenge."""
    said = (challenge.summary, challenge.problem, challenge.affected, challenge.known, challenge.good_answer)
    tags = [tag for topic in challenge.all_topics for tag in topic_tags(topic.id)]
    tags += [tag for place in challenge.all_places for tag in place_tags(place.id)]
    at, body = challenge.published_at or clock.now(), "\n".join(said)
    unique = list(dict.fromkeys(tags))
    textindex.put(challenge.id, "challenge", title=challenge.title, body=body, at=at, slug=challenge.slug, tags=unique)
