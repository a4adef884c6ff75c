"""The list of ideas: as cards, on a map, as a table."""

from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ideas import queries
from app.ideas.activities import NEED_WORDS, STAGE_WORDS, STATUS_LOOK
from app.ideas.models import Idea
from app.ideas.views.blueprint import bp
from app.ideas.views.filters import Asked, asked, filters
from app.kit import clock, table_files
from app.kit.access import access, anyone, current_actor
from app.kit.limits import limiter
from app.kit.offers import did_you_mean
from app.places.queries import outlines
from app.subjects.registry import url_of
from app.voting.queries import supported_by


@bp.get("/ideas")
@access(anyone)
def index() -> ResponseReturnValue:
    found, reader = asked(), current_actor()
    page = queries.list_ideas(found.wanted, sort=found.sort, after=request.args.get("after"), reader=reader)
    return render_template(
        "ideas/index.html",
        page=page,
        asked=found,
        filters=filters(found),
        address=url_for(".index", _external=True, **found.arguments),
        offers=did_you_mean(found.wanted.words, kinds=["idea"], found=page.total or 0),
        supported_ids=supported_by(reader, [idea.id for idea in page.items]),
        **(_map(found) if found.view == "map" else {}),
    )


@bp.get("/ideas/map.json")
@access(anyone)
def on_map() -> ResponseReturnValue:
    found = asked()
    points, _stretch = queries.points(found.wanted, sort=found.sort, reader=current_actor())
    return jsonify(ideas=[_point(point) for point in points])


@bp.get("/ideas.csv")
@limiter.limit("10/minute")
@access(anyone)
def table() -> ResponseReturnValue:
    found = asked()
    pieces = queries.table_pieces(found.wanted, sort=found.sort, reader=current_actor())
    rows = [_row(idea) for piece in pieces for idea in piece]
    answer = Response(b"".join(table_files.write_for_eyes(rows, _columns())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_("ideen")}.csv"'
    return answer


def _map(found: Asked) -> dict[str, Any]:
    """What the map shows before, or without, JavaScript: how many of its ideas lie in each district."""
    points, stretch = queries.points(found.wanted, sort=found.sort, reader=current_actor())
    drawn = outlines()
    return {
        "districts": queries.by_district(points, drawn),
        "map_size": (drawn.width, drawn.height),
        "on_map": len(points),
        "not_on_map": len(stretch.ids) - len(points),
        "is_all": stretch.after is None,
        "map_address": url_for(".on_map", **(found.arguments | {"view": None})),
    }


def _point(point: queries.Point) -> dict[str, Any]:
    said = {"id": point.id, "title": point.title, "url": url_of(point), "place": point.place}
    said |= {"status": str(STATUS_LOOK[point.status][2]), "supporters": point.supporters}
    return said | {"lat": point.lat, "lon": point.lon, "exact": point.is_exact}


def _columns() -> dict[str, str]:
    """The columns of the table, by what `_row` calls them."""
    return {
        "id": _("Nummer"),
        "title": _("Titel"),
        "summary": _("In einem Satz"),
        "challenge": _("Herausforderung"),
        "topic": _("Handlungsfeld"),
        "place": _("Ort"),
        "author": _("Von"),
        "status": _("Stand"),
        "stage": _("Wie weit"),
        "needs": _("Braucht Hilfe mit"),
        "supporters": _("Unterstützungen"),
        "comments": _("Kommentare"),
        "published_at": _("Veröffentlicht am"),
        "url": _("Adresse"),
    }


def _row(idea: Idea) -> dict[str, str]:
    return {
        "id": str(idea.id),
        "title": idea.title,
        "summary": idea.summary,
        "challenge": idea.challenge.title if idea.challenge else "",
        "topic": str(idea.topic.name) if idea.topic else "",
        "place": idea.place.label if idea.place else "",
        "author": idea.author_label,
        "status": str(STATUS_LOOK[idea.status][2]),
        "stage": str(STAGE_WORDS.get(idea.stage, "")),
        "needs": ", ".join(str(NEED_WORDS[need.key][1]) for need in idea.needed),
        "supporters": str(idea.supporters_count),
        "comments": str(idea.comments_count),
        "published_at": clock.day_of(idea.published_at).isoformat() if idea.published_at else "",
        "url": url_for(".show", idea_id=idea.id, slug=idea.slug, _external=True),
    }
