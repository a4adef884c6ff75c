"""Which activities reach whom by mail: decisions about me, answers to me, what became of my idea."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.accounts.models import User
from app.crowdfunding.activities import CampaignLinked
from app.ideas.activities import STATUS_LOOK, IdeaAnswered
from app.ideas.models import Answer, Idea
from app.kit.actor import SYSTEM
from app.kit.db import db
from app.kit.web import settings
from app.moderation.activities import DecisionTaken, SubjectReported
from app.moderation.forms import GROUND_WORDS
from app.moderation.models import Decision, Ground, Measure, Report
from app.notifications.commands import full_address, tell, write
from app.projects.activities import ProjectRealised, ProjectStarted
from app.projects.models import Project
from app.projects.queries import ideas_behind
from app.subjects import registry
from app.subjects.activities import after


@after(DecisionTaken)
def tell_author_of_decision(fact: DecisionTaken) -> None:
    """The author reads what was decided and why (DSA, Art. 17); an unfounded report is not bothered with."""
    if fact.measure == Measure.DISMISS:
        return
    decision = db.session.get_one(Decision, fact.decision_id)
    thing = registry.load(SYSTEM, fact.subject_id)
    tell(
        _person(thing.author_id),
        fact,
        thing=thing,
        decision=decision,
        ground=GROUND_WORDS.get(Ground(decision.ground), ""),
        url=full_address(thing),
        decision_url=settings().base_url + url_for("moderation.decision", decision_id=decision.id),
    )


@after(DecisionTaken)
def tell_reporters_of_decision(fact: DecisionTaken) -> None:
    """Whoever reported it and left an address learns what was decided (DSA, Art. 16 (5))."""
    thing = registry.load(SYSTEM, fact.subject_id)
    for report in db.session.scalars(select(Report).where(Report.decision_id == fact.decision_id).order_by(Report.id)):
        email = report.email or _email_of(report.reporter_id)
        if email:
            write(
                f"report_decided:{report.id}",
                email,
                "report_decided",
                "de",
                report=report,
                thing=thing,
                measure=fact.measure,
            )


@after(SubjectReported)
def acknowledge_report(fact: SubjectReported) -> None:
    """Whoever reports and leaves an address gets a receipt (DSA, Art. 16 (4))."""
    report = db.session.get_one(Report, fact.report_id)
    email = report.email or _email_of(report.reporter_id)
    if email:
        thing = registry.load(SYSTEM, fact.subject_id)
        write(f"subject_reported:{report.id}", email, "subject_reported", "de", report=report, thing=thing)


@after(IdeaAnswered)
def tell_author_of_answer(fact: IdeaAnswered) -> None:
    idea, answer = db.session.get_one(Idea, fact.subject_id), db.session.get_one(Answer, fact.answer_id)
    status = STATUS_LOOK[fact.status][2] if fact.status else ""
    tell(idea.author, fact, idea=idea, answer=answer, status=status, url=full_address(idea))


@after(ProjectStarted)
def tell_authors_of_project(fact: ProjectStarted) -> None:
    project = db.session.get_one(Project, fact.subject_id)
    for idea in _ideas_of(project):
        tell(idea.author, fact, idea=idea, project=project, reason=fact.reason, url=full_address(project))


@after(CampaignLinked)
def tell_authors_of_campaign(fact: CampaignLinked) -> None:
    project = db.session.get_one(Project, fact.project_id)
    for idea in _ideas_of(project):
        tell(idea.author, fact, idea=idea, project=project, platform=fact.platform, url=full_address(project))


@after(ProjectRealised)
def tell_authors_of_result(fact: ProjectRealised) -> None:
    project = db.session.get_one(Project, fact.subject_id)
    for idea in _ideas_of(project):
        tell(idea.author, fact, idea=idea, project=project, url=full_address(project))


def _ideas_of(project: Project) -> list[Idea]:
    return [db.session.get_one(Idea, idea_id) for idea_id in ideas_behind(project.id)]


def _person(person_id: int | None) -> User | None:
    return db.session.get(User, person_id) if person_id else None


def _email_of(person_id: int | None) -> str:
    person: Any = _person(person_id)
    return (person.email or "") if person else ""
