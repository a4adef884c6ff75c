"""The home page."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.challenges.queries import open_challenges
from app.home import queries
from app.ideas.queries import IdeaFilter, top_ideas
from app.kit import clock
from app.kit.access import access, anyone, current_actor
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.present import count
from app.places.queries import outlines
from app.projects.models import Project, ProjectStatus
from app.projects.queries import newest_projects
from app.subjects import journey as paths
from app.subjects.registry import url_of
from app.timeline import queries as timeline

JUST_NOW = timedelta(days=14)

bp = Blueprint("home", __name__)


@bp.get("/")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    ideas = top_ideas(IdeaFilter(), sort="active", size=3, reader=current_actor())
    projects = newest_projects(3)
    return render_template(
        "home/index.html",
        story=_story(queries.furthest(projects)) if projects else None,
        challenges=open_challenges(3),
        ideas=ideas,
        supported_ids={idea.id for idea in ideas if idea.supported},
        projects=projects,
        **_happenings(),
        **_region(),
    )


def _happenings() -> dict[str, Any]:
    """The newest facts by their own date: what ended long ago may have been noticed only now."""
    noticed = sorted(timeline.entries(current_actor(), size=6).items, key=lambda entry: entry.at, reverse=True)
    recent = [entry for entry in noticed if not clock.has_come(entry.at + JUST_NOW)]
    return {"activities": recent or noticed[:3], "is_recent": bool(recent)}


def _region() -> dict[str, Any]:
    shapes = outlines()
    found = queries.region()
    size, numbers = (shapes.width, shapes.height), _numbers(found.numbers)
    return {"districts": found.districts, "map_size": size, "numbers": numbers}


def _numbers(found: dict[str, int]) -> list[tuple[str, str]]:
    words = {
        "ideas": _("Ideen"),
        "supports": _("Unterstützungen"),
        "comments": _("Kommentare"),
        "projects": _("Projekte"),
    }
    return [(count(found[key]), word) for key, word in words.items()]


def _story(project: Project) -> dict[str, Any]:
    """One real way from a problem to a result, as the example of the page."""
    family = paths.lineage(current_actor(), project)
    is_over = project.status == ProjectStatus.REALISED.value
    return {"title": project.title, "url": url_of(project), "steps": queries.story_of(family), "is_over": is_over}
