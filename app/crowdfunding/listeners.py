"""Campaigns as subjects, and their figures on the cards of projects."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from app.crowdfunding import queries
from app.kit.i18n import gettext as _
from app.kit.slots import fills_each
from app.subjects import registry


@fills_each("project.card")
def funding_on_cards(projects: Sequence[Any]) -> Mapping[int, str]:
    """The funding meter of each project that has a campaign; one query for all."""
    titles = {project.id: project.title for project in projects}
    campaigns = queries.campaigns_of(titles)
    return {
        key: render_template("crowdfunding/_card.html", campaign=row, title=titles[key])
        for key, row in campaigns.items()
    }


registry.register(
    registry.Kind(
        name="campaign",
        load=queries.campaign_for,
        many=queries.campaigns_for,
        address=lambda campaign: f"{url_for('projects.show', project_id=campaign.project_id)}#crowdfunding",
        word=lambda: _("Crowdfunding"),
    )
)
