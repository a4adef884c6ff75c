"""The list of ideas as a feed."""

from flask import Response, url_for

from app.ideas import queries
from app.ideas.views.blueprint import bp
from app.ideas.views.filters import asked
from app.kit import feeds
from app.kit.access import access, anyone, current_actor
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _


@bp.get("/ideas.atom")
@access(anyone)
@kept_for_guests
def feed() -> Response:
    """The newest ideas of a selection, whatever order the list is shown in."""
    page = queries.list_ideas(asked().wanted, sort="newest", size=feeds.MOST, reader=current_actor())
    return feeds.atom(_("Ideen"), "ideas.index", [_entry(idea) for idea in page.items])


def _entry(idea: queries.Card) -> feeds.Entry:
    address = url_for("ideas.show", idea_id=idea.id, slug=idea.slug, _external=True)
    permanent = url_for("ideas.show", idea_id=idea.id, slug="", _external=True)
    return feeds.Entry(
        idea.title, address, permanent, idea.published_at, idea.changed_at, idea.summary, idea.author_label
    )
