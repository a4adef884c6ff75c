"""Linking campaigns and entering their figures by hand."""

from dataclasses import dataclass
from datetime import date

from app.crowdfunding import queries
from app.crowdfunding.activities import CampaignLinked, CampaignUpdated
from app.crowdfunding.models import Campaign
from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.projects import policy
from app.projects.models import Project, ProjectStatus
from app.subjects.commands import link, new_subject, record
from app.subjects.models import LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFigures:
    """A campaign's page and its figures now; amounts in cents, days included."""

    url: str
    platform: str
    goal_cents: int
    raised_cents: int
    backers_count: int
    starts_on: date
    ends_on: date


@command
def link_campaign(project: Project, figures: CampaignFigures, *, by: Actor) -> Campaign:
    """Link a project's campaign, or enter its new figures."""
    require(policy.can_link_campaign(by, project), by)
    known = queries.campaign_of(project.id)
    campaign = known or Campaign(id=new_subject("campaign"), project_id=project.id)
    for name in CampaignFigures.__slots__:
        setattr(campaign, name, getattr(figures, name))
    campaign.as_of = clock.now()
    db.session.add(campaign)
    if project.status != ProjectStatus.REALISED:
        project.status = (ProjectStatus.FUNDING if campaign.is_running else ProjectStatus.RUNNING).value
    db.session.flush()
    if known is None:
        link(project.id, campaign.id, LinkKind.FUNDED_BY)
        record(
            CampaignLinked(subject_id=campaign.id, actor_id=by.id, project_id=project.id, platform=campaign.platform)
        )
    else:
        raised, backers = campaign.raised_cents, campaign.backers_count
        record(CampaignUpdated(subject_id=campaign.id, actor_id=by.id, raised_cents=raised, backers_count=backers))
    return campaign
