"""What the front door shows of the whole: numbers, places, one story."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.comments.models import Comment, CommentState
from app.ideas.models import Idea, IdeaState
from app.ideas.queries import counts_by_place
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.text import excerpt
from app.places.models import Place
from app.places.queries import outlines
from app.projects.models import Project, ProjectState, ProjectStatus
from app.subjects.journey import JourneyStep
from app.subjects.registry import url_of

ICONS = {"challenge": "mountain", "idea": "lightbulb", "project": "sprout", "campaign": "hand-coins"}


def numbers() -> dict[str, int]:
    """How many public ideas, supports of them, comments and projects there are. One query."""
    public = Idea.state == IdeaState.PUBLISHED.value
    row = db.session.execute(
        select(
            select(func.count()).select_from(Idea).where(public).scalar_subquery(),
            select(func.coalesce(func.sum(Idea.supporters_count), 0)).where(public).scalar_subquery(),
            select(func.count())
            .select_from(Comment)
            .where(Comment.state == CommentState.PUBLISHED.value)
            .scalar_subquery(),
            select(func.count())
            .select_from(Project)
            .where(Project.state == ProjectState.PUBLISHED.value)
            .scalar_subquery(),
        )
    ).one()
    return dict(zip(("ideas", "supports", "comments", "projects"), map(int, row), strict=True))


def districts_with_counts() -> list[tuple[Place, int, str]]:
    """Each district and city with its public ideas (those of its municipalities included) and its outline."""
    paths = {shape.ags: shape.path for shape in outlines().districts}
    counts = counts_by_place()
    total: dict[int, int] = {}
    shown = select(Place).where(Place.ags.in_(paths) | Place.id.in_(counts))
    places = db.session.scalars(shown).all()
    for place in places:
        if place.district_id is not None:
            total[place.district_id] = total.get(place.district_id, 0) + counts.get(place.id, 0)
    found = [(place, total.get(place.id, 0), paths[place.ags]) for place in places if place.ags in paths]
    # Cities after the districts around them, so that they are drawn on top.
    return sorted(found, key=lambda row: (row[0].kind == "city", row[0].ags))


def furthest(projects: Sequence[Project]) -> Project:
    """The one of these projects that has come furthest: realised, else with a campaign, else the newest."""
    way = [ProjectStatus.REALISED.value, ProjectStatus.FUNDING.value]
    return min(projects, key=lambda project: way.index(project.status) if project.status in way else len(way))


def story_of(family: Sequence[Any]) -> list[JourneyStep]:
    """The chain of one project as a story: each step with what it says, the result last."""
    steps = [_told(member) for member in family]
    project = next(member for member in family if member.kind == "project")
    if project.status == "realised":
        return [*steps, JourneyStep("result", "flag", _("Umgesetzt"), "now", None, "", excerpt(project.outcome, 120))]
    return [
        *steps,
        JourneyStep(
            "result",
            "flag",
            _("Das Ergebnis"),
            "ahead",
            None,
            "",
            _("Wer die Idee eingereicht hat, erfährt es zuerst."),
        ),
    ]


def _told(member: Any) -> JourneyStep:
    if member.kind == "campaign":
        why = _("%(percent)s Prozent des Ziels sind beisammen.", percent=member.percent)
        return JourneyStep(
            "campaign", ICONS["campaign"], member.platform, "done", member.as_of, "", why, url_of(member)
        )
    summary = excerpt(member.summary, 120)
    return JourneyStep(
        member.kind, ICONS[member.kind], member.title, "done", member.published_at, "", summary, url_of(member)
    )
