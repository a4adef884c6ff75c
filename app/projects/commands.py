"""Making projects of ideas, and telling what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.ideas import policy as idea_policy
from app.ideas.commands import set_status, touch
from app.ideas.models import SETTLED, Idea, IdeaStatus
from app.ideas.queries import ideas_for
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor, is_staff
from app.kit.db import command, db
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.text import excerpt, slugify
from app.places.queries import place_tags
from app.projects import policy, queries
from app.projects.activities import (
    ProjectHidden,
    ProjectRealised,
    ProjectStarted,
    ProjectUpdated,
    UpdateDeleted,
    UpdateEdited,
)
from app.projects.models import Project, ProjectState, ProjectStatus, ProjectUpdate
from app.subjects.commands import link, new_subject, record
from app.subjects.models import LinkKind
from app.topics.queries import topic_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectText:
    """What a project is about, and why the idea becomes one."""

    title: str
    summary: str
    description: str
    reason: str


@command
def start_project(idea: Idea, text: ProjectText, *, by: Actor, others: Sequence[Idea] = ()) -> Project:
    """Make a project of an idea, and of others beside it; the person who does accompanies it.

    Raises:
        Conflict: one of them is a project already, or its journey has ended.
    """
    ideas = [idea, *others]
    if is_staff(by) and any(one.status in SETTLED for one in ideas):
        raise Conflict(_("Aus dieser Idee ist schon ein Projekt geworden, oder ihr Weg ist zu Ende."))
    require(all(idea_policy.can_promote(by, one) for one in ideas), by)
    project = Project(id=new_subject("project"), responsible_id=by.id, topic_id=idea.topic_id, place_id=idea.place_id)
    project.title, project.slug, project.supporters_count = text.title, slugify(text.title), idea.supporters_count
    project.summary, project.description, project.published_at = text.summary, text.description, clock.now()
    db.session.add(project)
    db.session.flush()
    for one in ideas:
        link(one.id, project.id, LinkKind.BECAME)
        set_status(one, IdeaStatus.PROJECT)
        touch(one.id)
    index(project)
    made_of = [one.id for one in ideas]
    record(ProjectStarted(subject_id=project.id, actor_id=by.id, idea_ids=made_of, reason=text.reason))
    return project


@command
def conclude(project: Project, outcome: str, *, by: Actor) -> None:
    """Tell what became of a project; its ideas are realised with it."""
    if is_staff(by) and project.status == ProjectStatus.REALISED:
        raise Conflict(_("Das Ergebnis dieses Projekts steht schon fest."))
    require(policy.can_conclude(by, project), by)
    project.status, project.outcome = ProjectStatus.REALISED.value, outcome
    for idea in ideas_for(by, queries.ideas_behind(project.id)):
        set_status(idea, IdeaStatus.REALISED)
        touch(idea.id)
    db.session.flush()
    record(ProjectRealised(subject_id=project.id, actor_id=by.id, outcome=excerpt(outcome, 180)))


@command
def post_update(project: Project, *, title: str, body: str, by: Actor) -> ProjectUpdate:
    """Tell how a project is going; its followers hear of it."""
    require(policy.can_tell(by, project), by)
    if twin := queries.twin_of(by, project.id, body):
        return twin  # sent twice: a double click, or "back" and once more
    update = ProjectUpdate(project_id=project.id, author_id=by.id, title=title, body=body)
    db.session.add(update)
    db.session.flush()
    record(ProjectUpdated(subject_id=project.id, actor_id=by.id, update_id=update.id))
    return update


@command
def edit_update(update: ProjectUpdate, *, title: str, body: str, by: Actor) -> None:
    """Change what an update says; nobody is mailed again."""
    require(policy.can_change_update(by, update), by)
    if (update.title, update.body) != (title, body):
        update.title, update.body, update.edited_at = title, body, clock.now()
        db.session.flush()
        record(UpdateEdited(subject_id=update.project_id, actor_id=by.id, update_id=update.id))


@command
def delete_update(update: ProjectUpdate, *, by: Actor) -> None:
    """Take an update away."""
    require(policy.can_change_update(by, update), by)
    record(UpdateDeleted(subject_id=update.project_id, actor_id=by.id, update_id=update.id))
    db.session.delete(update)


@command
def set_state(project: Project, state: str, reason: str) -> None:
    """Hide a project or show it again."""
    project.state, project.state_reason = str(state), reason
    db.session.flush()
    if project.state == ProjectState.PUBLISHED:
        index(project)
    else:
        textindex.remove(project.id)
        record(ProjectHidden(subject_id=project.id, actor_id=0))


def index(project: Project) -> None:
    """Write what the search finds of a public project."""
    body = f"{project.summary}\n{project.description}"
    tags = [*topic_tags(project.topic_id), *place_tags(project.place_id)]
    at = project.published_at
    textindex.put(project.id, "project", title=project.title, body=body, at=at, slug=project.slug, tags=tags)
