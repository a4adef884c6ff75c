"""Projects as subjects."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.kit import personal_data
from app.kit.db import db
from app.projects import commands, queries
from app.projects.models import Project
from app.subjects import registry


def _export(person_id: int) -> Sequence[Any]:
    rows = db.session.scalars(select(Project).where(Project.responsible_id == person_id).order_by(Project.id))
    return [{"title": row.title, "summary": row.summary} for row in rows]


def _keep(person_id: int) -> None:
    """Projects stay; the account behind them no longer has a name."""


personal_data.register("projects", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="project",
        load=queries.project_for,
        many=queries.projects_for,
        address=lambda project: url_for("projects.show", project_id=project.id, slug=project.slug),
        word=lambda: _("Projekt"),
        allows=lambda project, act: project.allows(act),
        set_state=commands.set_state,
    )
)
