"""Linking a campaign to a project."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.crowdfunding import commands, queries
from app.crowdfunding.forms import CampaignForm
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.web import notify, redirect_to
from app.projects import policy
from app.projects.models import Project
from app.projects.queries import project_for
from app.subjects.registry import url_of

bp = Blueprint("crowdfunding", __name__)


@bp.route("/projects/<id:project_id>/campaign", methods=["GET", "POST"])
@access(policy.can_link_campaign, of=project_for)
def edit(project: Project) -> ResponseReturnValue:
    campaign = queries.campaign_of(project.id)
    form = CampaignForm.of(campaign)
    if not form.validate_on_submit():
        page = render_template("crowdfunding/form.html", form=form, project=project, campaign=campaign)
        return page, 422 if form.was_sent else 200
    commands.link_campaign(project, form.to_figures(), by=current_actor())
    notify(_("Das Crowdfunding steht jetzt beim Projekt."))
    return redirect_to(url_of(project))
