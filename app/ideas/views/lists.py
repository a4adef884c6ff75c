"""The list of ideas: as cards, on a map."""

from functools import partial
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ideas import queries
from app.ideas.activities import STATUS_LOOK
from app.ideas.views.blueprint import bp
from app.ideas.views.filters import Asked, asked, filters
from app.kit.access import access, anyone, current_actor
from app.kit.guest_pages import kept_for_guests
from app.places.queries import outlines
from app.subjects.registry import url_of


@bp.get("/ideas")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    found = asked()
    page, drawn = _page(found)
    return render_template(
        "ideas/index.html",
        page=page,
        asked=found,
        bar=partial(filters, found),
        address=url_for(".index", _external=True, **found.arguments),
        offers=page.offers,
        **(_map(found, drawn) if drawn else {}),
    )


@bp.get("/ideas/map.json")
@access(anyone)
@kept_for_guests
def on_map() -> ResponseReturnValue:
    found = asked()
    points = queries.points(found.wanted, sort=found.sort, reader=current_actor())
    return jsonify(ideas=[_point(point) for point in points])


def _page(found: Asked) -> tuple[queries.Listing, queries.MapListing | None]:
    """The page that is asked for, and the map where one is."""
    asked_for: dict[str, Any] = {"sort": found.sort, "after": request.args.get("after"), "reader": current_actor()}
    if found.view == "map":
        return queries.on_map(found.wanted, **asked_for)
    return queries.list_ideas(found.wanted, **asked_for), None


def _map(found: Asked, drawn: queries.MapListing) -> dict[str, Any]:
    """What the map shows before, or without, JavaScript: how many of its ideas lie in each district."""
    shapes = outlines()
    return {
        "districts": queries.by_district(drawn.points, found.choices.places, shapes),
        "map_size": (shapes.width, shapes.height),
        "on_map": len(drawn.points),
        "not_on_map": drawn.without_place,
        "is_all": drawn.is_all,
        "map_address": url_for(".on_map", **(found.arguments | {"view": None})),
    }


def _point(point: queries.Point) -> dict[str, Any]:
    said = {"id": point.id, "title": point.title, "url": url_of(point), "place": point.place}
    said |= {"status": str(STATUS_LOOK[point.status][2]), "supporters": point.supporters}
    return said | {"lat": point.lat, "lon": point.lon, "exact": point.is_exact}
