"""Which activities reach whom by mail: decisions about me, and news of what I follow."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.accounts.models import User
from app.challenges.activities import ChallengeClosed, ChallengeNewsPosted, HostInvited, PhaseBegan, PhaseEnded
from app.closings.activities import ChallengeAnswered, ClosingAmended
from app.crowdfunding.activities import CampaignLinked
from app.ideas.activities import IdeaAnswered, IdeaWithdrawn
from app.kit.actor import SYSTEM
from app.kit.db import db
from app.kit.web import settings
from app.moderation.activities import DecisionTaken, SubjectReported
from app.moderation.forms import GROUND_WORDS
from app.moderation.models import Decision, Ground, Measure, Report
from app.notifications.commands import begin_mailing, full_address, tell, write
from app.notifications.jobs import wake_after_commit
from app.organisations.activities import OrganisationPosted
from app.organisations.queries import members_of
from app.projects.activities import ProjectRealised, ProjectStarted, ProjectUpdated
from app.subjects import registry
from app.subjects.activities import Activity, after


@after(DecisionTaken)
def tell_author_of_decision(fact: DecisionTaken) -> None:
    """Its authors read what was decided and why (DSA, Art. 17); an unfounded report is not bothered with."""
    if fact.measure == Measure.DISMISS:
        return
    decision = db.session.get_one(Decision, fact.decision_id)
    thing = registry.load(SYSTEM, fact.subject_id)
    for person_id in (thing.author_id, *sorted(getattr(thing, "coauthor_ids", ()))):
        tell(
            _person(person_id),
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
                report.language,
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
        write(f"subject_reported:{report.id}", email, "subject_reported", report.language, report=report, thing=thing)


# The names of these four stand in deliveries that may still be on their way; they began as mails to authors only.
@after(IdeaAnswered)
def tell_author_of_answer(fact: IdeaAnswered) -> None:
    _tell_followers(fact)


@after(ProjectStarted)
def tell_authors_of_project(fact: ProjectStarted) -> None:
    _tell_followers(fact)


@after(CampaignLinked)
def tell_authors_of_campaign(fact: CampaignLinked) -> None:
    _tell_followers(fact)


@after(ProjectRealised)
def tell_authors_of_result(fact: ProjectRealised) -> None:
    _tell_followers(fact)


@after(IdeaWithdrawn)
def tell_followers_of_withdrawal(fact: IdeaWithdrawn) -> None:
    _tell_followers(fact)


@after(ProjectUpdated)
def tell_followers_of_update(fact: ProjectUpdated) -> None:
    _tell_followers(fact)


@after(OrganisationPosted)
def tell_followers_of_post(fact: OrganisationPosted) -> None:
    _tell_followers(fact)


@after(PhaseBegan)
def tell_followers_of_beginning(fact: PhaseBegan) -> None:
    _tell_followers(fact)


@after(PhaseEnded)
def tell_followers_of_end(fact: PhaseEnded) -> None:
    _tell_followers(fact)


@after(ChallengeClosed)
def tell_followers_of_collected(fact: ChallengeClosed) -> None:
    _tell_followers(fact)


@after(ChallengeNewsPosted)
def tell_followers_of_news(fact: ChallengeNewsPosted) -> None:
    _tell_followers(fact)


@after(ChallengeAnswered)
def tell_followers_of_closing(fact: ChallengeAnswered) -> None:
    _tell_followers(fact)


@after(ClosingAmended)
def tell_followers_of_amendment(fact: ClosingAmended) -> None:
    _tell_followers(fact)


@after(HostInvited)
def tell_people_of_invited_host(fact: HostInvited) -> None:
    """The people of an organisation that is asked to host a challenge, while it still is."""
    challenge = registry.load(SYSTEM, fact.subject_id)
    asked = [host for host in challenge.hosts if host.organisation_id == fact.host_organisation_id]
    inviter = _person(fact.actor_id)
    for host in asked:
        for member in members_of(host.organisation_id):
            words = {"challenge": challenge, "organisation": host.organisation, "url": full_address(challenge)}
            tell(member.person, fact, inviter=inviter.name if inviter else settings().site_name, **words)


def _tell_followers(fact: Activity) -> None:
    begin_mailing(fact)
    wake_after_commit()


def _person(person_id: int | None) -> User | None:
    return db.session.get(User, person_id) if person_id else None


def _email_of(person_id: int | None) -> str:
    person: Any = _person(person_id)
    return (person.email or "") if person else ""
