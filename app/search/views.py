"""The page of the search."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kit.access import access, anyone, current_actor
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.text import clean_line
from app.search import queries

bp = Blueprint("search", __name__)


@bp.get("/search")
@access(anyone)
def index() -> ResponseReturnValue:
    words = clean_line(request.args.get("q", "")[:200]) or ""
    kind = chosen("kind", ("", *queries.KINDS))
    start = min(chosen_id("after") or 0, 10_000)
    results = queries.find(current_actor(), words, kind=kind, start=start) if words else None
    return render_template("search/index.html", q=words, page=results, kinds=_kinds(kind, results) if results else None)


def _kinds(selected: str, results: queries.Results) -> Group:
    words = {"": _("Alles"), "challenge": _("Herausforderungen"), "idea": _("Ideen"), "project": _("Projekte")}
    counts = results.counts | {"": sum(results.counts.values())}
    return Group(
        "kind", _("Nach Art"), [Option(key, word, key == selected, None, counts[key]) for key, word in words.items()]
    )
