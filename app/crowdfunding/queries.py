"""Campaigns of projects."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.crowdfunding.models import Campaign
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.projects.queries import project_for, visible_projects


def campaign_for(reader: Actor, campaign_id: int) -> Campaign:
    """A campaign, as visible as its project.

    Raises:
        NotFound, Gone: as for the project.
    """
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    project_for(reader, campaign.project_id)
    return campaign


def campaigns_for(reader: Actor, campaign_ids: Collection[int]) -> Sequence[Campaign]:
    """Several campaigns of projects the reader may see."""
    of_visible = Campaign.project_id.in_(visible_projects(reader))
    return db.session.scalars(select(Campaign).where(Campaign.id.in_(campaign_ids), of_visible)).all()


def campaign_of(project_id: int) -> Campaign | None:
    """The campaign of a project, if it has one."""
    return db.session.scalars(select(Campaign).where(Campaign.project_id == project_id)).first()


def campaigns_of(project_ids: Collection[int]) -> dict[int, Campaign]:
    """The campaigns of several projects, by the project's id."""
    rows = db.session.scalars(select(Campaign).where(Campaign.project_id.in_(project_ids)))
    return {row.project_id: row for row in rows}
