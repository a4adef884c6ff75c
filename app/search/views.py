"""The page of the search, and suggestions while somebody types."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.challenges.queries import topics_and_places
from app.kit.access import access, anyone
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.matching import CANDIDATES
from app.kit.text import clean_line
from app.kit.textquery import MAX_LETTERS
from app.places.queries import PlaceName, place_group
from app.search import queries
from app.subjects.registry import indexed_kinds
from app.topics.queries import TopicName, topic_among, topic_select

bp = Blueprint("search", __name__)


@bp.get("/search")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    topics, places = topics_and_places(chosen_id("place"))
    topic = topic_among(topics, request.args.get("topic"))
    wanted = _wanted(topic)
    start = min(chosen_id("after") or 0, queries.FURTHEST)
    results = queries.find(wanted, topics, start=start) if wanted.words else None
    return render_template(
        "search/index.html",
        q=wanted.words,
        page=results,
        kinds=_kinds(wanted.kind, results.counts) if results else None,
        selects=_selects(topics, topic, places, wanted.place_id) if results else [],
        filtered=wanted.is_filtered,
        most=CANDIDATES,
    )


@bp.get("/search/suggestions")
@access(anyone)
@kept_for_guests
def suggestions() -> ResponseReturnValue:
    words = clean_line(request.args.get("q", "")[:MAX_LETTERS]) or ""
    titles, whole = queries.suggest(words)
    field = chosen("field", ("top", "page"))
    return render_template("search/_suggestions.html", field=field, titles=titles, queries=whole)


def _selects(
    topics: list[TopicName], topic: TopicName | None, places: list[PlaceName], place_id: int | None
) -> list[Group]:
    return [topic_select(topics, topic), place_group(places, place_id)]


def _wanted(topic: TopicName | None) -> queries.Wanted:
    """What the address asks for."""
    words = clean_line(request.args.get("q", "")[:MAX_LETTERS]) or ""
    kind, topic_id = chosen("kind", ("", *indexed_kinds())), topic.id if topic else None
    return queries.Wanted(words=words, kind=kind, topic_id=topic_id, place_id=chosen_id("place"))


def _kinds(selected: str, counts: dict[str, int]) -> Group:
    words = {"": _("Alles"), "challenge": _("Herausforderungen"), "idea": _("Ideen"), "project": _("Projekte")}
    words |= {"organisation": _("Organisationen"), "event": _("Veranstaltungen"), "resource": _("Wissen")}
    options = []
    for key in ("", *indexed_kinds()):
        count = counts.get(key)
        shown, is_more = (min(count, CANDIDATES), count > CANDIDATES) if count is not None else (None, False)
        options.append(Option(key, words.get(key, key), key == selected, None, shown, is_more))
    return Group("kind", _("Nach Art"), options)
