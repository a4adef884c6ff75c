"""What the front door shows of the whole: numbers, places, one story."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select

from app.comments.models import Comment, CommentState
from app.ideas.models import Idea
from app.ideas.models.listing import listed
from app.kit import tallies
from app.kit.fetching import Together
from app.kit.i18n import gettext as _
from app.kit.text import excerpt
from app.places.models import Place, PlaceKind
from app.places.queries import PlaceName, outlines
from app.projects.models import Project, ProjectState, ProjectStatus
from app.subjects.journey import JourneyStep
from app.subjects.registry import url_of

TALLY = "home"
ICONS = {"challenge": "mountain", "idea": "lightbulb", "project": "sprout", "campaign": "hand-coins"}


@dataclass(frozen=True, slots=True)
class Region:
    """The platform in figures. districts: each district and city with its public ideas (those of its municipalities
    included) and its outline, cities after the districts around them, so that they are drawn on top.
    """

    numbers: dict[str, int]
    districts: list[tuple[PlaceName, int, str]]


def region() -> Region:
    """How many public ideas, supports of them, comments and projects there are, and where. One statement: what few rows
    say is counted, of what many say it is told what the job runner counted some minutes ago.
    """
    paths = {shape.ags: shape.path for shape in outlines().districts}
    found = _region.lists({"districts": list(paths)})
    numbers, inside = _summed(found)
    if many := [name for name in ("ideas", "comments", "projects") if numbers[name] > tallies.EXACT]:
        last = found["kept"][0][0] if found["kept"] else counted()
        many += ["supports"] if "ideas" in many else []
        numbers |= {name: max(numbers[name], last[name]) for name in many}
        inside = {int(key): number for key, number in last["districts"].items()} if "ideas" in many else inside
    places = [PlaceName(*row) for row in found["places"]]
    shown = [(place, inside.get(place.id, 0), paths[place.ags]) for place in places]
    return Region(numbers, sorted(shown, key=lambda row: (row[0].is_city, row[0].ags)))


def counted() -> dict[str, Any]:
    """The same of all there is, for being kept; takes some seconds at a million ideas."""
    numbers, inside = _summed(Together(_counts(None)).lists({}))
    return numbers | {"districts": {str(key): number for key, number in inside.items()}}


def _summed(found: dict[str, Any]) -> tuple[dict[str, int], dict[int, int]]:
    ideas = found["ideas"]
    numbers = {"ideas": sum(row[1] for row in ideas), "supports": sum(row[2] for row in ideas)}
    numbers |= {name: found[name][0][0] for name in ("comments", "projects")}
    return numbers, {row[0]: row[1] for row in ideas if row[0]}


def _counts(most: int | None) -> dict[str, Any]:
    """Selects of ideas and their supports by district, comments and projects: of the first `most` rows of each."""
    public = select(Idea.place_id, Idea.supporters_count).where(listed(("place_id",))).limit(most).subquery()
    number, supports = func.count().label("number"), func.sum(public.c.supporters_count).label("supports")
    each = select(public.c.place_id, number, supports).group_by(public.c.place_id).subquery()
    of_place = case((Place.kind == PlaceKind.MUNICIPALITY, Place.parent_id), (Place.kind != PlaceKind.STATE, Place.id))
    shown = select(of_place.label("district"), func.sum(each.c.number), func.sum(each.c.supports))
    return {
        "ideas": shown.select_from(each).outerjoin(Place, Place.id == each.c.place_id).group_by(of_place),
        "comments": _number(Comment, Comment.state == CommentState.PUBLISHED.value, most),
        "projects": _number(Project, Project.state == ProjectState.PUBLISHED.value, most),
    }


def _number(model: Any, public: Any, most: int | None) -> Any:
    """How many are public. Whether there are too many to count is seen without reading their rows."""
    exact = select(func.count()).select_from(model).where(public).scalar_subquery()
    if most is None:
        return select(exact)
    there = select(func.count()).select_from(select(model.id).limit(most).subquery()).scalar_subquery()
    return select(case((there < most, exact), else_=most))


_region = Together(
    _counts(tallies.EXACT + 1)
    | {
        "kept": tallies.kept(TALLY),
        "places": select(Place.id, Place.name, Place.ags, Place.kind == PlaceKind.CITY).where(
            Place.ags.in_(bindparam("districts", expanding=True))
        ),
    }
)


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
