"""Pages of projects."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.ideas import policy as idea_policy
from app.ideas.models import Idea
from app.ideas.queries import idea_for
from app.kit import drafts
from app.kit.access import access, anyone, current_actor
from app.kit.filters import Group, Option, chosen
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.offers import did_you_mean
from app.kit.web import notify, redirect_to
from app.projects import commands, policy, queries
from app.projects.forms import OutcomeForm, ProjectForm, UpdateForm
from app.projects.models import Project, ProjectStatus, ProjectUpdate
from app.subjects import journey as paths
from app.subjects.registry import url_of
from app.topics.queries import topic_among, topic_group, topic_names

bp = Blueprint("projects", __name__)
STATUSES = ("", *[status.value for status in ProjectStatus])


@bp.get("/projects")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    status, topics = chosen("status", STATUSES), topic_names()
    topic = topic_among(topics, request.args.get("topic"))
    words = request.args.get("q", "")[:200]
    page = queries.list_projects(status, topic.id if topic else None, words, request.args.get("after"))
    lists = {"filters": [_status_group(status), topic_group(topics, topic)], "selects": []}
    offers = did_you_mean(words, kinds=["project"], found=page.total or 0)
    filtered = bool(status or topic or words)
    return render_template("projects/index.html", page=page, offers=offers, filtered=filtered, **lists)


@bp.get("/projects/<id:project_id>", defaults={"slug": ""})
@bp.get("/projects/<id:project_id>-<slug:slug>")
@access(anyone, of=queries.project_for)
@kept_for_guests
def show(project: Project) -> ResponseReturnValue:
    return _project_page(project, OutcomeForm(formdata=None))


@bp.route("/ideas/<id:idea_id>/project", methods=["GET", "POST"])
@access(idea_policy.can_curate, of=idea_for, keeps=True)
def new_from_idea(idea: Idea) -> ResponseReturnValue:
    start = {"title": idea.title, "summary": idea.summary, "description": idea.solution or idea.problem}
    form = ProjectForm(data=start)
    if not form.validate_on_submit():
        return render_template("projects/form.html", form=form, idea=idea), 422 if form.was_sent else 200
    project = commands.start_project(idea, form.to_text(), by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Aus der Idee ist ein Projekt geworden. Wer ihr folgt, bekommt eine E-Mail."))
    return redirect_to(url_of(project))


@bp.post("/projects/<id:project_id>/result")
@access(policy.can_link_campaign, of=queries.project_for, keeps=True)
def conclude(project: Project) -> ResponseReturnValue:
    form = OutcomeForm()
    if not form.validate():
        return _project_page(project, form), 422
    commands.conclude(project, form.outcome.data or "", by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Das Ergebnis steht auf der Seite."))
    return redirect_to(url_of(project))


@bp.get("/projects/<id:project_id>/updates")
@access(anyone, of=queries.project_for)
@kept_for_guests
def updates(project: Project) -> ResponseReturnValue:
    """The news of a project on pages of their own."""
    page = queries.updates_of(project.id, request.args.get("after"))
    return render_template("projects/updates.html", project=project, updates=page)


@bp.post("/projects/<id:project_id>/updates")
@limiter.limit("20/minute")
@access(policy.can_tell, of=queries.project_for, keeps=True)
def tell(project: Project) -> ResponseReturnValue:
    form = UpdateForm()
    if not form.validate():
        return _project_page(project, OutcomeForm(formdata=None), form), 422
    commands.post_update(project, title=form.title.data or "", body=form.body.data or "", by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Die Neuigkeit steht auf der Seite. Wer dem Projekt folgt, bekommt eine E-Mail."))
    return redirect_to(f"{url_of(project)}#neues")


@bp.route("/updates/<id:update_id>/edit", methods=["GET", "POST"])
@access(policy.can_change_update, of=queries.update_for, keeps=True)
def edit_update(update: ProjectUpdate) -> ResponseReturnValue:
    form = UpdateForm(obj=update if request.method == "GET" else None)
    if not form.validate_on_submit():
        page = render_template("projects/update_form.html", form=form, update=update)
        return page, 422 if form.was_sent else 200
    commands.edit_update(update, title=form.title.data or "", body=form.body.data or "", by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Ihre Änderungen sind gespeichert."))
    return redirect_to(f"{url_of(update.project)}#neues")


@bp.post("/updates/<id:update_id>/deletion")
@access(policy.can_change_update, of=queries.update_for)
def delete_update(update: ProjectUpdate) -> ResponseReturnValue:
    address = f"{url_of(update.project)}#neues"
    commands.delete_update(update, by=current_actor())
    notify(_("Die Neuigkeit ist gelöscht."))
    return redirect_to(address)


def _project_page(project: Project, outcome_form: OutcomeForm, update_form: UpdateForm | None = None) -> str:
    actor = current_actor()
    family = paths.lineage(actor, project)
    return render_template(
        "projects/show.html",
        project=project,
        chain=paths.chain(family, project),
        journey=paths.journey(actor, family, project, _ahead(project)),
        ideas=[member for member in family if member.kind == "idea"],
        campaign=next((member for member in family if member.kind == "campaign"), None),
        outcome_form=outcome_form if policy.can_conclude(actor, project) else None,
        updates=queries.updates_of(project.id),
        update_form=(update_form or UpdateForm(formdata=None)) if policy.can_tell(actor, project) else None,
    )


def _ahead(project: Project) -> list[paths.JourneyStep]:
    if project.status == ProjectStatus.REALISED:
        return []
    if project.status == ProjectStatus.RUNNING:
        return [paths.JourneyStep("campaign", "hand-coins", _("Als Nächstes: Crowdfunding oder Umsetzung"), "ahead")]
    return [paths.JourneyStep("result", "flag", _("Als Nächstes: das Ergebnis"), "ahead")]


def _status_group(selected: str) -> Group:
    words = {"": _("Alle"), "running": _("In Arbeit"), "funding": _("Crowdfunding läuft"), "realised": _("Umgesetzt")}
    return Group("status", _("Nach Stand"), [Option(key, words[key], key == selected) for key in STATUSES])
