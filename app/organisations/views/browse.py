"""Reading about organisations: the list and the page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone, current_actor
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.text import clean_line
from app.organisations import policy, queries
from app.organisations.forms import CATEGORY_WORDS, ROLE_WORDS, VerifyForm
from app.organisations.models import Organisation
from app.organisations.views.blueprint import bp
from app.places.queries import offered_places, place_group
from app.topics.queries import TopicName, topic_among, topic_group, topic_names

CATEGORIES = ("", *[category.value for category in CATEGORY_WORDS])


@bp.get("/organisations")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    topics = topic_names()
    topic = topic_among(topics, request.args.get("topic"))
    wanted = _wanted(topic)
    page = queries.list_organisations(wanted, request.args.get("after"))
    return render_template(
        "organisations/index.html",
        page=page,
        filters=[_category_group(wanted.category), topic_group(topics, topic)],
        selects=[place_group(offered_places(wanted.place_id), wanted.place_id), _verified_group(wanted.verified)],
        wanted=wanted,
    )


@bp.get("/organisations/<slug:organisation_slug>")
@access(anyone, of=queries.organisation_named)
@kept_for_guests
def show(organisation: Organisation) -> ResponseReturnValue:
    actor = current_actor()
    members = queries.members_of(organisation.id) if policy.can_see_members(actor, organisation) else None
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        category=CATEGORY_WORDS.get(organisation.category, ""),  # type: ignore[call-overload]
        members=members,
        roles=ROLE_WORDS,
        verify_form=VerifyForm(formdata=None) if policy.can_verify(actor, organisation) else None,
    )


def _wanted(topic: TopicName | None) -> queries.OrganisationFilter:
    """What the address asks for."""
    return queries.OrganisationFilter(
        category=chosen("category", CATEGORIES),
        topic_id=topic.id if topic else None,
        place_id=chosen_id("place"),
        verified=chosen("verified", ("", "1")) == "1",
        words=clean_line(request.args.get("q", "")[:200]) or "",
    )


def _category_group(selected: str) -> Group:
    words = [("", _("Alle")), *[(category.value, str(words)) for category, words in CATEGORY_WORDS.items()]]
    return Group("category", _("Nach Art"), [Option(key, name, key == selected) for key, name in words])


def _verified_group(selected: bool) -> Group:
    return Group(
        "verified", _("Bestätigung"), [Option("", _("alle"), not selected), Option("1", _("nur bestätigte"), selected)]
    )
