"""For search engines."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for

from app.kit.access import access, anyone
from app.kit.guest_pages import kept_for_guests
from app.kit.web import MAX_ID, settings
from app.pages.models import KEYS
from app.sitemap import queries
from app.sitemap.queries import Entry

bp = Blueprint("sitemap", __name__)
LISTS = ("home.index", "challenges.index", "ideas.index", "projects.index", "organisations.index", "timeline.index")


@bp.get("/robots.txt")
@access(anyone)
def robots() -> Response:
    response = make_response(render_template("sitemap/robots.txt", index=_absolute(url_for(".index"))))
    response.mimetype = "text/plain"
    return response


@bp.get("/sitemap.xml")
@access(anyone)
@kept_for_guests
def index() -> Response:
    parts = [url_for(".pages"), *(url_for(".part", number=number) for number in queries.parts())]
    return _xml("sitemap/index.xml", parts)


@bp.get("/sitemap-pages.xml")
@access(anyone)
@kept_for_guests
def pages() -> Response:
    lists = [url_for(endpoint) for endpoint in LISTS]
    return _xml("sitemap/part.xml", [*lists, *(url_for("pages.show", key=key) for key in KEYS)])


@bp.get("/sitemap-<id:number>.xml")
@access(anyone)
@kept_for_guests
def part(number: int) -> Response:
    """Which numbers there are, the index says; one that names nothing is not there."""
    found = queries.entries(number) if number <= MAX_ID // queries.SIZE - 1 else []
    if not found:
        abort(404)
    return _xml("sitemap/part.xml", [_address(entry) for entry in found])


def _xml(template: str, paths: list[str]) -> Response:
    response = make_response(render_template(template, addresses=[_absolute(path) for path in paths]))
    response.mimetype = "application/xml"
    return response


def _address(entry: Entry) -> str:
    if entry.kind == "organisation":
        return url_for("organisations.show", organisation_slug=entry.slug)
    values: dict[str, Any] = {f"{entry.kind}_id": entry.id, "slug": entry.slug}
    return url_for(f"{entry.kind}s.show", **values)


def _absolute(path: str) -> str:
    return f"{settings().base_url}{path}"
