"""What followers are told of: each activity, the subjects it is news about, and what its mail says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.challenges.activities import PHASE_LOOK, ChallengeClosed, ChallengeNewsPosted, PhaseBegan, PhaseEnded
from app.challenges.forms.phases import ACT_WORDS
from app.challenges.models import PHASE_ACTS, ChallengeNews
from app.closings.activities import ChallengeAnswered, ClosingAmended
from app.closings.forms import KIND_WORDS as OUTCOME_WORDS
from app.closings.queries import outcomes_among, published_closing
from app.crowdfunding.activities import CampaignLinked
from app.follows.models import Because, Follow
from app.ideas.activities import STATUS_LOOK, IdeaAnswered, IdeaWithdrawn
from app.ideas.models import Answer, Idea, IdeaState
from app.kit import clock
from app.kit.actor import GUEST
from app.kit.db import db
from app.notifications.models import Mailing
from app.organisations.activities import OrganisationPosted
from app.projects.activities import ProjectRealised, ProjectStarted, ProjectUpdated
from app.projects.models import Project, ProjectUpdate
from app.projects.queries import ideas_behind
from app.subjects import registry
from app.subjects.activities import Activity


@dataclass(frozen=True, slots=True)
class News:
    """What followers of any of these subjects are told; where somebody follows several, the first one is the reason.

    setting: the switch that ends it. page: whose page the mail leads to. words: what the template says.
    """

    fact: Activity
    setting: str
    subject_ids: Sequence[int]
    page: Any
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody hears of it: the follow, the thing followed, and the idea that led there, if one did.

    `also` are the other things they follow that it is news about.
    """

    follow: Follow
    followed: Any
    via: Any | None

    also: Sequence[Any] = ()

    @property
    def ideas(self) -> list[Any]:
        """The followed ideas that it is news about, the reason first."""
        return [thing for thing in (self.followed, *self.also) if thing.kind == "idea"]

    @property
    def is_own(self) -> bool:
        return self.follow.because == Because.OWN

    @property
    def own_idea(self) -> Any | None:
        """The person's own idea that it is about."""
        idea = self.via or self.followed
        return idea if self.is_own and idea.kind == "idea" else None


def due_mailings() -> Sequence[int]:
    """The ids of the next mailings to go on with, the longest waiting first."""
    due = select(Mailing.id).where(Mailing.done_at.is_(None), Mailing.due_at <= clock.now())
    return db.session.scalars(due.order_by(Mailing.due_at, Mailing.id).limit(20)).all()


def news_of(fact: Activity) -> News | None:
    """What an activity means to followers; None where it is no news, or no longer public."""
    tell = _TOLD.get(type(fact))
    return tell(fact) if tell else None


def reasons_for(news: News, follows: Sequence[Follow], things: Mapping[int, Any]) -> Reason | None:
    """The first reason that is still public, in the order of the news."""
    by_subject = {follow.subject_id: follow for follow in follows}
    found = [by_subject[key] for key in news.subject_ids if key in by_subject and key in things]
    if not found:
        return None
    also = [things[follow.subject_id] for follow in found[1:]]
    return Reason(found[0], things[found[0].subject_id], things.get(found[0].via_subject_id or 0), also)


def _answer(fact: IdeaAnswered) -> News | None:
    idea, answer = _public(fact.subject_id), db.session.get(Answer, fact.answer_id)
    if idea is None or answer is None:
        return None
    status = STATUS_LOOK[fact.status][2] if fact.status else ""
    words = {"idea": idea, "answer": answer, "status": status}
    return News(fact, "answers", _ids(idea.id, idea.challenge_id, idea.organisation_id), idea, words)


def _withdrawal(fact: IdeaWithdrawn) -> News | None:
    """Told although the idea is not public any more: those who follow it knew it."""
    idea = db.session.get(Idea, fact.subject_id)
    if idea is None or idea.state != IdeaState.WITHDRAWN or idea.published_at is None:
        return None
    return News(fact, "steps", [idea.id], idea, {"idea": idea, "reason": fact.reason})


def _start(fact: ProjectStarted) -> News | None:
    project = _public(fact.subject_id)
    if project is None:
        return None
    ideas = _ideas_of(project)
    words = {"project": project, "ideas": ideas, "reason": fact.reason}
    return News(fact, "steps", _ids(project.id, *_challenges(ideas), *_organisations(ideas)), project, words)


def _campaign(fact: CampaignLinked) -> News | None:
    project = _public(fact.project_id)
    return _step(fact, project, {"platform": fact.platform}) if project else None


def _result(fact: ProjectRealised) -> News | None:
    project = _public(fact.subject_id)
    return _step(fact, project, {}) if project else None


def _update(fact: ProjectUpdated) -> News | None:
    project, update = _public(fact.subject_id), db.session.get(ProjectUpdate, fact.update_id)
    if project is None or update is None:
        return None
    words = {"project": project, "ideas": _ideas_of(project), "update": update}
    return News(fact, "updates", [project.id], project, words)


def _post(fact: OrganisationPosted) -> News | None:
    organisation, thing = _public(fact.subject_id), _public(fact.thing_id)
    if organisation is None or thing is None:
        return None
    return News(fact, "posts", [organisation.id], thing, {"organisation": organisation, "thing": thing})


def _phase_begins(fact: PhaseBegan) -> News | None:
    """No news where it has ended since: the platform stood still meanwhile."""
    challenge = _public(fact.subject_id)
    phase = next((phase for phase in challenge.phases if phase.id == fact.phase_id), None) if challenge else None
    if challenge is None or phase is None or not phase.is_running:
        return None
    acts = [ACT_WORDS[act] for act in PHASE_ACTS if act in phase.acts]
    words = {"phase": phase, "name": phase.name or PHASE_LOOK[phase.kind][1], "acts": acts}
    return _of_challenge(fact, "steps", challenge, words)


def _phase_ends(fact: PhaseEnded) -> News | None:
    """No news where the next one runs already: its own mail says so."""
    challenge = _public(fact.subject_id)
    if challenge is None or challenge.running_phases:
        return None
    name = fact.phase_name or PHASE_LOOK[fact.kind][1]
    return _of_challenge(fact, "steps", challenge, {"name": name, "next_change": challenge.next_change})


def _collection_ends(fact: ChallengeClosed) -> News | None:
    challenge = _public(fact.subject_id)
    return _of_challenge(fact, "steps", challenge, {}) if challenge and not challenge.is_open else None


def _news(fact: ChallengeNewsPosted) -> News | None:
    challenge, post = _public(fact.subject_id), db.session.get(ChallengeNews, fact.news_id)
    return _of_challenge(fact, "updates", challenge, {"post": post}) if challenge and post else None


def _closing(fact: ChallengeAnswered | ClosingAmended) -> News | None:
    """One mail for each person, however many of the ideas they follow; later only for those concerned."""
    challenge = _public(fact.subject_id)
    closing = published_closing(challenge) if challenge else None
    if challenge is None or closing is None:
        return None
    words = {"challenge": challenge, "closing": closing, "outcomes": outcomes_among(fact.idea_ids)}
    more = [challenge.id, challenge.organisation_id] if isinstance(fact, ChallengeAnswered) else []
    return News(fact, "answers", _ids(*fact.idea_ids, *more), challenge, words | {"outcome_words": OUTCOME_WORDS})


def _of_challenge(fact: Activity, setting: str, challenge: Any, words: Mapping[str, Any]) -> News:
    about = _ids(challenge.id, challenge.organisation_id)
    return News(fact, setting, about, challenge, {"challenge": challenge, **words})


def _step(fact: Activity, project: Project, words: Mapping[str, Any]) -> News:
    ideas = _ideas_of(project)
    about = _ids(project.id, *_organisations(ideas))
    return News(fact, "steps", about, project, {"project": project, "ideas": ideas, **words})


def _public(subject_id: int) -> Any | None:
    return registry.load_many(GUEST, [subject_id]).get(subject_id)


def _ideas_of(project: Project) -> list[Idea]:
    found = registry.load_many(GUEST, ideas_behind(project.id))
    return [found[key] for key in sorted(found)]


def _challenges(ideas: Sequence[Idea]) -> list[int | None]:
    return [idea.challenge_id for idea in ideas]


def _organisations(ideas: Sequence[Idea]) -> list[int | None]:
    posted = [idea.organisation_id for idea in ideas]
    return posted + [idea.challenge.organisation_id for idea in ideas if idea.challenge]


def _ids(*subject_ids: int | None) -> list[int]:
    return list(dict.fromkeys(subject_id for subject_id in subject_ids if subject_id))


_TOLD: dict[type[Activity], Callable[[Any], News | None]] = {
    IdeaAnswered: _answer,
    IdeaWithdrawn: _withdrawal,
    ProjectStarted: _start,
    CampaignLinked: _campaign,
    ProjectRealised: _result,
    ProjectUpdated: _update,
    OrganisationPosted: _post,
    PhaseBegan: _phase_begins,
    PhaseEnded: _phase_ends,
    ChallengeClosed: _collection_ends,
    ChallengeNewsPosted: _news,
    ChallengeAnswered: _closing,
    ClosingAmended: _closing,
}
