"""Projects as subjects; followers of ideas go on with the project."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.follows import commands as follows
from app.kit import personal_data
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address_of
from app.kit.slots import fills
from app.projects import commands, queries
from app.projects.activities import ProjectStarted
from app.projects.models import Project, ProjectUpdate
from app.subjects import registry
from app.subjects.activities import within

ON_ORGANISATION_PAGE = 6


@within(ProjectStarted)
def carry_followers_along(fact: ProjectStarted) -> None:
    """Whoever follows the ideas follows the project made of them."""
    follows.carry_along(fact.idea_ids, fact.subject_id)


@fills("organisation.sections")
def projects_of_organisation(subjects: Sequence[Any]) -> str:
    """What was made of the ideas of the one organisation of a page."""
    projects = queries.projects_as(subjects[0].id, ON_ORGANISATION_PAGE)
    return render_template("projects/_of_organisation.html", projects=projects)


def _export(person_id: int) -> Sequence[Any]:
    rows = db.session.scalars(select(Project).where(Project.responsible_id == person_id).order_by(Project.id))
    own = select(ProjectUpdate).where(ProjectUpdate.author_id == person_id).order_by(ProjectUpdate.id)
    news = [
        {"project": row.project_id, "title": row.title, "body": row.body} for row in db.session.scalars(own).unique()
    ]
    return [*({"title": row.title, "summary": row.summary} for row in rows), *news]


def _keep(person_id: int) -> None:
    """Projects stay; the account behind them no longer has a name."""


def _words(project: Project) -> list[registry.Passage]:
    words = [(_("In einem Satz"), project.summary), (_("Beschreibung"), project.description)]
    words += [(_("Ergebnis"), project.outcome)]
    words += [(update.title or _("Neuigkeit"), update.body) for update in queries.updates_of(project.id).items]
    return [registry.Passage(label, text) for label, text in words]


personal_data.register("projects", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="project",
        load=queries.project_for,
        many=queries.projects_for,
        headings=queries.project_headings,
        address=address_of("projects.show", "project_id"),
        word=lambda: _("Projekt"),
        allows=lambda project, act: project.allows(act),
        set_state=commands.set_state,
        words=_words,
        index=commands.index,
    )
)
