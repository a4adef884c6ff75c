"""Reading ideas: the list and the page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ideas import policy, queries
from app.ideas.activities import STATUS_LOOK
from app.ideas.forms import AnswerForm
from app.ideas.models import CLOSED, Idea, IdeaState, IdeaStatus
from app.ideas.views.after import notice_view
from app.ideas.views.blueprint import bp
from app.kit.access import access, anyone, current_actor
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.offers import did_you_mean
from app.moderation.queries import decisions_about
from app.places.queries import districts
from app.subjects import journey as paths
from app.topics.models import Topic
from app.topics.queries import topic_by_key, topic_group
from app.voting.queries import supported_by

STATUSES = ("", *[status.value for status in IdeaStatus if status is not IdeaStatus.SUBMITTED])
# The journey after each status: what is announced next.
NEXT = ("in_discussion", "under_review", "shortlisted", "project", "realised")


@bp.get("/ideas")
@access(anyone)
def index() -> ResponseReturnValue:
    sort, topic = chosen("sort", tuple(queries.SORTS)), topic_by_key(request.args.get("topic", ""))
    wanted = _wanted(topic)
    page = queries.list_ideas(wanted, sort=sort, after=request.args.get("after"))
    return render_template(
        "ideas/index.html",
        page=page,
        filters=[_status_group(wanted.status), topic_group(topic)],
        selects=[_place_group(wanted.place_id), _sort_group(sort)],
        filtered=wanted.is_set,
        offers=did_you_mean(wanted.words, kinds=["idea"], found=page.total or 0),
        supported_ids=supported_by(current_actor(), [idea.id for idea in page.items]),
    )


@bp.get("/ideas/<id:idea_id>", defaults={"slug": ""})
@bp.get("/ideas/<id:idea_id>-<slug:slug>")
@access(anyone, of=queries.idea_for)
def show(idea: Idea) -> ResponseReturnValue:
    notice_view(idea)
    return render_template("ideas/show.html", **page_of_idea(idea, AnswerForm(formdata=None)))


def page_of_idea(idea: Idea, answer_form: AnswerForm) -> dict[str, object]:
    """Everything the page of an idea shows."""
    actor = current_actor()
    family = paths.lineage(actor, idea)
    concerned = policy.is_author(actor, idea) or policy.can_answer(actor, idea)
    return {
        "idea": idea,
        "chain": paths.chain(family, idea),
        "journey": paths.journey(actor, family, idea, _ahead(idea)),
        "answers": queries.answers_to(idea.id),
        "supported": idea.id in supported_by(actor, [idea.id]),
        "answer_form": answer_form if policy.can_answer(actor, idea) else None,
        "decision": next(iter(decisions_about([idea.id])), None) if concerned else None,
    }


def _wanted(topic: Topic | None) -> queries.IdeaFilter:
    """What the address asks for."""
    return queries.IdeaFilter(
        challenge_id=chosen_id("challenge"),
        topic_id=topic.id if topic else None,
        place_id=chosen_id("place"),
        status=chosen("status", STATUSES),
        words=request.args.get("q", "")[:200],
    )


def _ahead(idea: Idea) -> list[paths.JourneyStep]:
    """The next step by name, and the rest of the way in one line."""
    if idea.status in CLOSED or idea.state not in (IdeaState.PENDING, IdeaState.PUBLISHED):
        return []
    place = NEXT.index(idea.status) if idea.status in NEXT else -1
    colour, icon, word = STATUS_LOOK[NEXT[place + 1]]
    steps = [paths.JourneyStep(colour, icon, _("Als Nächstes: %(step)s", step=word), "ahead")]
    if NEXT[place + 1] not in ("project", "realised"):
        steps.append(paths.JourneyStep("result", "flag", _("Projekt, Crowdfunding, Ergebnis"), "ahead"))
    return steps


def _status_group(selected: str) -> Group:
    options = [Option(key, str(STATUS_LOOK[key][2]) if key else _("Alle"), key == selected) for key in STATUSES]
    return Group("status", _("Nach Stand"), options)


def _place_group(selected: int | None) -> Group:
    options = [Option(str(place.id), place.label, place.id == selected) for place in districts()]
    return Group("place", _("Ort"), [Option("", _("Überall"), not selected), *options])


def _sort_group(selected: str) -> Group:
    words = {
        "newest": _("Neueste"),
        "supported": _("Meiste Unterstützung"),
        "discussed": _("Meiste Kommentare"),
        "active": _("Zuletzt bewegt"),
    }
    return Group("sort", _("Reihenfolge"), [Option(key, words[key], key == selected) for key in queries.SORTS])
