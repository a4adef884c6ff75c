"""Hints while somebody types a title: what there is already."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.ideas.queries import hints
from app.ideas.views.blueprint import bp
from app.kit.access import access, anyone, current_actor
from app.kit.filters import chosen_id
from app.kit.guest_pages import kept_for_guests
from app.kit.text import clean_line

LONGEST = 200


@bp.get("/ideas/similar")
@access(anyone)
@kept_for_guests
def similar() -> ResponseReturnValue:
    """Up to five ideas that say what the title says, each to be supported instead; a part of the form's page."""
    title = clean_line(request.args.get("title", "")[:LONGEST]) or ""
    return render_template("ideas/_similar.html", **similar_to(title, without=chosen_id("without") or 0))


def similar_to(title: str, *, without: int = 0) -> dict[str, object]:
    """What the fragment shows."""
    found = hints.similar_ideas(current_actor(), title, without=without)
    return {"similar": found, "supported_ids": {idea.id for idea in found if idea.supported}}
