"""Submitting and changing ideas; every change keeps the version before."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.attachments.commands import NOTHING, Arranged, arrange_files, arrange_pictures, complete
from app.challenges import policy as challenge_policy
from app.challenges.queries import hold as hold_challenge
from app.ideas import policy, queries
from app.ideas.activities import IdeaEdited, IdeaSubmitted
from app.ideas.commands.contact import keep_contact
from app.ideas.commands.said import GivenAnswer, keep_answers
from app.ideas.commands.standing import index, set_state, show_version
from app.ideas.models import ContactWay, Idea, IdeaState, IdeaVersion
from app.ideas.queries import Text
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import about, command, db
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.text import slugify
from app.moderation.commands import open_case
from app.moderation.models import Cause
from app.moderation.policy import must_wait
from app.organisations.commands import speak_as
from app.organisations.policy import is_vouched_for
from app.subjects.acts import Act
from app.subjects.commands import new_subject, record


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the idea since its text was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaText:
    """What the author of an idea says. `organisation_id` is whom they speak for.

    `point` is latitude and longitude within the region (WGS 84, degrees), `stage` how far it is, `needs` the
    sum of what it needs. With `contact_way` staff may get in touch.
    """

    title: str
    problem: str
    summary: str = ""
    solution: str = ""
    benefit: str = ""
    challenge_id: int | None = None
    topic_id: int | None = None
    place_id: int | None = None
    pictures: Arranged = NOTHING
    files: Arranged = NOTHING
    organisation_id: int | None = None
    point: tuple[float, float] | None = None
    answers: Sequence[GivenAnswer] = ()
    contact_way: ContactWay | None = None
    contact_phone: str = ""
    easy_text: str = ""
    different_because: str = ""
    stage: str = ""
    needs: int = 0


@command
def submit_idea(text: IdeaText, *, by: Actor, moderate_new: bool = True) -> Idea:
    """Submit an idea; a new member's waits for a moderator first.

    Raises:
        Conflict: the challenge takes no ideas any more.
    """
    require(policy.can_create(by), by)
    if twin := queries.twin_of(by, text.title, text.problem):
        about(twin.id)
        complete(twin.id, text.pictures, text.files, by=by)
        return twin  # sent twice: a double click, or "back" and once more
    _check_challenge(text.challenge_id, by)
    idea = Idea(id=new_subject("idea"), author_id=by.id or None, challenge_id=text.challenge_id)
    about(idea.id)
    idea.state, idea.organisation_id = IdeaState.PENDING.value, speak_as(text.organisation_id, by=by)
    fill(idea, text)
    db.session.add(idea)
    db.session.flush()
    arrange_pictures(idea.id, text.pictures, by=by)
    arrange_files(idea.id, text.files, by=by)
    _follow_up(idea, text, by)
    record(IdeaSubmitted(subject_id=idea.id, actor_id=by.id, organisation_id=idea.organisation_id or 0))
    if must_wait(by, moderate_new):
        open_case(idea.id, Cause.NEW)
    else:
        set_state(idea, IdeaState.PUBLISHED, "")
    return idea


@command
def edit_idea(
    idea: Idea, text: IdeaText, *, by: Actor, moderate_new: bool = True, based_on: int | None = None, note: str = ""
) -> None:
    """Change one's idea; a new member's change waits for a moderator, but not what a verified organisation posted.

    Args:
        based_on: the number of the version the text began with; None: whichever is there.
        note: what was changed, in a few words.

    Raises:
        ChangedMeanwhile: there is a newer version that says something else.
    """
    hold_challenge(idea.challenge_id)
    queries.locked(idea)
    require(policy.can_edit(by, idea), by)
    before = queries.text_of(idea)
    fill(idea, text)
    db.session.flush()
    keep_answers(idea, text.answers, by=by)
    arrange_pictures(idea.id, text.pictures, by=by)
    arrange_files(idea.id, text.files, by=by)
    db.session.expire(idea, ["topic", "place"])
    now = queries.text_of(idea)
    if now != before:
        if based_on is not None and based_on != idea.version:
            raise ChangedMeanwhile(_("Jemand anderes hat diese Idee inzwischen geändert. Ihr Text ist nicht verloren."))
        _keep_version(idea, before, now, note, by)
    record(IdeaEdited(subject_id=idea.id, actor_id=by.id, version=idea.version))
    _show_change(idea, by, moderate_new)


def fill(idea: Idea, text: IdeaText) -> None:
    """Let an idea say what its author says; nothing is written yet."""
    idea.title, idea.slug, idea.summary = text.title, slugify(text.title), text.summary
    idea.problem, idea.solution, idea.benefit = text.problem, text.solution, text.benefit
    idea.topic_id, idea.place_id, idea.changed_at = text.topic_id, text.place_id, clock.now()
    idea.easy_text, idea.different_because = text.easy_text, text.different_because
    idea.stage, idea.needs = text.stage, text.needs
    idea.lat, idea.lon = text.point or (None, None)


def _follow_up(idea: Idea, text: IdeaText, by: Actor) -> None:
    """What belongs to a new idea beside its row."""
    keep_answers(idea, text.answers, by=by)
    _add_version(idea.id, 1, queries.text_of(idea), "", by.id)
    if text.contact_way:
        keep_contact(idea, text.contact_way, text.contact_phone, by=by)


def _keep_version(idea: Idea, before: Text, now: Text, note: str, by: Actor) -> None:
    if not queries.has_versions(idea.id):  # it came before versions were kept, or from another platform
        _add_version(idea.id, idea.version, before, "", idea.author_id or 0)
        first = queries.newest_version(idea.id)
        assert first is not None
        first.created_at, first.is_public = idea.submitted_at, idea.published_at is not None
    idea.version, idea.edited_at = idea.version + 1, clock.now()
    _add_version(idea.id, idea.version, now, note, by.id)


def _add_version(idea_id: int, number: int, text: Text, note: str, author_id: int) -> None:
    row = IdeaVersion(idea_id=idea_id, number=number, author_id=author_id or None, note=note, is_public=False)
    for name in queries.TEXTS:
        setattr(row, name, getattr(text, name))
    row.facts, row.answers = dict(text.facts), dict(text.answers)
    db.session.add(row)
    db.session.flush()


def _show_change(idea: Idea, by: Actor, moderate_new: bool) -> None:
    if must_wait(by, moderate_new) and not is_vouched_for(idea):
        set_state(idea, IdeaState.PENDING, _("Diese Idee wurde geändert. Die Moderation liest sie noch einmal."))
        open_case(idea.id, Cause.NEW)
    elif idea.state == IdeaState.PUBLISHED:
        show_version(idea)
        index(idea)


def _check_challenge(challenge_id: int | None, by: Actor) -> None:
    if challenge_id is None:
        return
    challenge = hold_challenge(challenge_id)
    if challenge is None or not challenge.allows(Act.SUBMIT):
        raise Conflict(_("Diese Herausforderung nimmt keine Ideen mehr an. Ihr Text ist nicht verloren."))
    require(challenge_policy.can_answer(by, challenge), by)
