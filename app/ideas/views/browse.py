"""Reading an idea: its page."""

from dataclasses import fields

from flask import render_template
from flask.typing import ResponseReturnValue

from app.ideas import policy, queries
from app.ideas.activities import STATUS_LOOK
from app.ideas.forms import AnswerForm
from app.ideas.models import CLOSED, UNREAD, IdeaState
from app.ideas.views.after import notice_view
from app.ideas.views.blueprint import bp
from app.kit.access import access, anyone, current_actor
from app.kit.guest_pages import changes_with, kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.moments import day
from app.kit.slots import foresee
from app.subjects import journey as paths

# The journey after each status: what is announced next.
NEXT = ("in_discussion", "under_review", "shortlisted", "project", "realised")


@bp.get("/ideas/<id:idea_id>", defaults={"slug": ""})
@bp.get("/ideas/<id:idea_id>-<slug:slug>")
@access(anyone, of=queries.page_of, ahead=queries.foresee_page)
@kept_for_guests
def show(idea: queries.PageOfIdea) -> ResponseReturnValue:
    notice_view(idea)
    changes_with(idea.id)
    if idea.state == IdeaState.PUBLISHED:
        foresee("subject.comments", [idea])
    return render_template("ideas/show.html", **page_of_idea(idea))


def page_of_idea(idea: queries.PageOfIdea, answer_form: AnswerForm | None = None) -> dict[str, object]:
    """Everything the page of an idea shows; `answer_form`: as it was sent."""
    actor, beside = current_actor(), idea.beside
    may_answer, writes = policy.can_answer(actor, idea), policy.writes(actor, idea)
    family = paths.lineage(actor, idea, idea.kinds)
    return {
        **{part.name: getattr(beside, part.name) for part in fields(beside)},
        "idea": idea,
        "chain": paths.chain(family, idea),
        "journey": paths.journey(actor, family, idea, _ahead(idea), _brought(idea), recorded=idea.steps),
        "answer_form": (answer_form or AnswerForm(formdata=None)) if may_answer else None,
        "lock": _lock(idea) if writes else "",
        "supported": beside.supported_at is not None,
        "contacts": beside.contacts if policy.can_read_contact(actor, idea) else (),
        "decision": beside.decision if writes or may_answer else None,
    }


def _lock(idea: queries.PageOfIdea) -> str:
    """Until when its authors may change the text, or why not any more."""
    if not idea.is_alive:
        return ""
    if idea.may_change():
        last = idea.last_day_to_change
        date = _("Bearbeiten können Sie die Idee bis zum %(moment)s.", moment=day(last)) if last else ""
        return str(date or _("Bearbeiten können Sie die Idee, bis die Prüfung beginnt."))
    if idea.status in UNREAD:
        return str(_("In dieser Phase der Herausforderung lassen sich Ideen nicht ändern."))
    return str(_("Der Text steht fest, seit die Idee geprüft wird."))


def _brought(idea: queries.PageOfIdea) -> list[paths.JourneyStep]:
    """When it came here from where it was submitted."""
    origin = idea.origin
    if origin is None:
        return []
    return [paths.JourneyStep("idea", "download", _("Übernommen"), "done", origin.imported_at, origin.system)]


def _ahead(idea: queries.PageOfIdea) -> list[paths.JourneyStep]:
    """The next step by name, and the rest of the way in one line."""
    if idea.status in CLOSED or idea.state not in (IdeaState.PENDING, IdeaState.PUBLISHED):
        return []
    place = NEXT.index(idea.status) if idea.status in NEXT else -1
    colour, icon, word = STATUS_LOOK[NEXT[place + 1]]
    steps = [paths.JourneyStep(colour, icon, _("Als Nächstes: %(step)s", step=word), "ahead")]
    if NEXT[place + 1] not in ("project", "realised"):
        steps.append(paths.JourneyStep("result", "flag", _("Projekt, Crowdfunding, Ergebnis"), "ahead"))
    return steps
