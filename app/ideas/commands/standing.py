"""Where an idea stands: publishing, hiding, withdrawing, moving along its journey."""

from sqlalchemy import update

from app.ideas import policy, queries
from app.ideas.activities import (
    IdeaPublished,
    IdeaReopened,
    IdeaShownAgain,
    IdeaUnpublished,
    IdeaWithdrawn,
    VersionHidden,
)
from app.ideas.commands.fairness import join_round
from app.ideas.models import Idea, IdeaState, IdeaStatus, IdeaVersion
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.clauses import tag
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.moderation.commands import close_cases, open_case
from app.moderation.models import Cause
from app.organisations.commands import announce
from app.places.queries import place_tags
from app.subjects.commands import record
from app.topics.queries import topic_tags


@command
def withdraw_idea(idea: Idea, *, by: Actor, reason: str = "") -> None:
    """Take one's idea back; its address says so from now on, with the reason if there is one."""
    require(policy.can_withdraw(by, idea), by)
    set_state(idea, IdeaState.WITHDRAWN, reason)
    idea.withdrawn_at = clock.now()
    close_cases(idea.id)
    record(IdeaWithdrawn(subject_id=idea.id, actor_id=by.id, reason=reason))


@command
def reopen_idea(idea: Idea, *, by: Actor) -> None:
    """Bring back what one withdrew within the last 30 days; a moderator reads it first, whoever it is.

    Raises:
        Conflict: its challenge is not public now.
    """
    require(policy.can_reopen(by, idea), by)
    if idea.is_kept_back:
        raise Conflict(
            _("Die Herausforderung dieser Idee ist gerade nicht öffentlich. Sie lässt sich noch nicht zurückholen.")
        )
    set_state(idea, IdeaState.PENDING, _("Diese Idee wird wieder eingereicht. Die Moderation liest sie noch einmal."))
    idea.withdrawn_at = None
    open_case(idea.id, Cause.NEW)
    record(IdeaReopened(subject_id=idea.id, actor_id=by.id))


@command
def set_status(idea: Idea, status: str) -> None:
    """Move an idea along its journey; whoever calls this records why."""
    idea.status = IdeaStatus(status).value
    db.session.flush()


@command
def set_state(idea: Idea, state: str, reason: str) -> None:
    """Publish, hide or withdraw an idea; search and counters follow in the same transaction."""
    was_public = idea.state == IdeaState.PUBLISHED
    if state == IdeaState.PUBLISHED and not was_public:
        join_round(idea)
    idea.state, idea.state_reason = str(state), reason
    is_public, is_first = idea.state == IdeaState.PUBLISHED, idea.published_at is None
    author, speaker = idea.author_id or 0, idea.organisation_id or 0
    if is_public and is_first:
        idea.published_at = clock.now()
        idea.status = IdeaStatus.IN_DISCUSSION.value if idea.status == IdeaStatus.SUBMITTED else idea.status
    db.session.flush()
    if is_public and not was_public:
        show_version(idea)
        index(idea)
        fact = IdeaPublished if is_first else IdeaShownAgain
        record(fact(subject_id=idea.id, actor_id=author, organisation_id=speaker, challenge_id=idea.challenge_id))
        if is_first:
            announce(idea.organisation_id, idea.id, actor_id=author)
    if was_public and not is_public:
        textindex.remove(idea.id)
        record(IdeaUnpublished(subject_id=idea.id, actor_id=author, challenge_id=idea.challenge_id))


@command
def show_version(idea: Idea) -> None:
    """Everybody may read the newest version of an idea from now on."""
    newest = (IdeaVersion.idea_id == idea.id) & (IdeaVersion.number == idea.version)
    db.session.execute(update(IdeaVersion).where(newest).values(is_public=True))


@command
def touch(idea_id: int) -> None:
    """Something readers see happened."""
    now = clock.now()
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(changed_at=now, listed_change=now))


def index(idea: Idea) -> None:
    """Write what the search finds of a public idea."""
    body = "\n".join((idea.summary, idea.problem, idea.solution, idea.benefit))
    tags = [*topic_tags(idea.topic_id), *place_tags(idea.place_id)]
    tags += [tag("challenge", idea.challenge_id)] if idea.challenge_id else []
    at = idea.published_at or clock.now()
    textindex.put(idea.id, "idea", title=idea.title, body=body, at=at, slug=idea.slug, tags=tags)


@command
def let_version_be_read(idea: Idea, number: int, *, shown: bool, by: Actor) -> None:
    """Hide an older version of the text from readers, or show it again; its authors and staff read it anyway.

    Raises:
        NotFound: no such version.
        Conflict: it is the one that is shown on the page: hide the idea instead.
    """
    require(policy.can_hide_version(by, idea), by)
    version, _before = queries.version_for(by, idea, number)
    if version.number == idea.version:
        raise Conflict(_("Das ist der Text, der gilt. Blenden Sie dafür die Idee aus."))
    if version.is_public != shown:
        version.is_public = shown
        record(VersionHidden(subject_id=idea.id, actor_id=by.id, number=number, shown=shown))
