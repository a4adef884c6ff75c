"""Reading challenges: the list, the page, its preview, its news."""

from datetime import datetime, timedelta
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.attachments.views import show_by_preview
from app.challenges import policy, queries
from app.challenges.activities import PHASE_LOOK
from app.challenges.forms import NewsForm
from app.challenges.forms.phases import ACT_WORDS
from app.challenges.models import PHASE_ACTS, Challenge, ChallengePhase, ChallengeStatus
from app.challenges.views.blueprint import bp
from app.kit.access import access, anyone, current_actor
from app.kit.actor import Actor
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.moments import day
from app.kit.offers import did_you_mean
from app.kit.web import settings
from app.moderation.models import Decision
from app.moderation.policy import must_wait
from app.moderation.queries import decisions_about
from app.organisations.policy import acts_for
from app.places.queries import place_group
from app.subjects import journey as paths
from app.subjects.registry import url_of
from app.topics.queries import GOALS, topic_among, topic_group

STANDINGS = ("", "open", "closed", "answered", "archived")


@bp.get("/challenges")
@access(anyone)
@kept_for_guests
def index() -> ResponseReturnValue:
    standing, (topics, places) = chosen("standing", STANDINGS), queries.topics_and_places(chosen_id("place"))
    topic = topic_among(topics, request.args.get("topic"))
    words = request.args.get("q", "")[:200]
    wanted = queries.ChallengeFilter(standing, topic.id if topic else None, chosen_id("place"), words)
    page = queries.list_challenges(wanted, request.args.get("after"))
    filters = [_standing_group(standing), topic_group(topics, topic)]
    lists = {"filters": filters, "selects": [place_group(places, wanted.place_id)], "filtered": wanted.is_set}
    offers = did_you_mean(words, kinds=["challenge"], found=page.total or 0)
    return render_template("challenges/index.html", page=page, offers=offers, **lists)


@bp.get("/challenges/<id:challenge_id>", defaults={"slug": ""})
@bp.get("/challenges/<id:challenge_id>-<slug:slug>")
@access(anyone, of=queries.challenge_for)
@kept_for_guests
def show(challenge: Challenge) -> ResponseReturnValue:
    return render_template("challenges/show.html", **page_of_challenge(challenge))


@bp.get("/challenges/preview/<token>")
@limiter.limit("60/minute")
@access(anyone)
def preview(token: str) -> ResponseReturnValue:
    """What is not public yet, for whoever has the link: to be read, kept by nobody; later it leads to the page."""
    challenge = queries.challenge_previewed(token)
    if challenge.published_at is not None:
        return redirect(url_of(challenge))
    show_by_preview(challenge.id, token)
    response = make_response(render_template("challenges/show.html", **page_of_challenge(challenge), preview=True))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/challenges/<id:challenge_id>/news")
@access(anyone, of=queries.challenge_for)
@kept_for_guests
def news(challenge: Challenge) -> ResponseReturnValue:
    """The news of a challenge on pages of their own."""
    page = queries.news_about(challenge.id, request.args.get("after"), size=20)
    return render_template("challenges/news.html", challenge=challenge, news=page)


def page_of_challenge(challenge: Challenge, news_form: NewsForm | None = None) -> dict[str, Any]:
    """Everything the page of a challenge shows."""
    actor, may_tell = current_actor(), policy.can_tell(current_actor(), challenge)
    family = paths.lineage(actor, challenge)
    return {
        "challenge": challenge,
        "chain": paths.chain(family, challenge),
        "journey": paths.journey(actor, family, challenge, ahead(challenge)),
        "phases": phase_bar(challenge),
        "news": queries.news_about(challenge.id),
        "news_form": (news_form or NewsForm(formdata=None)) if may_tell else None,
        **_managing(actor, challenge),
        "invitations": [host for host in challenge.hosts if policy.can_answer_invitation(actor, host)],
        "goals": [(goal, GOALS[goal]) for goal in challenge.goals if goal in GOALS],
        "decision": _decision(challenge, actor),
    }


def _managing(actor: Actor, challenge: Challenge) -> dict[str, Any]:
    return {"manages": policy.can_manage(actor, challenge), "waits": must_wait(actor, settings().moderate_new)}


def _standing_group(selected: str) -> Group:
    words = {"": _("Alle"), "open": _("Offen"), "closed": _("Gesammelt"), "answered": _("Beantwortet")}
    words["archived"] = _("Im Archiv")
    return Group("standing", _("Nach Stand"), [Option(key, words[key], key == selected) for key in STANDINGS])


def phase_bar(challenge: Challenge) -> list[dict[str, Any]]:
    """Where a challenge is: its phases, or, without any, collecting, choosing, accompanying; a draft's are ahead."""
    if challenge.phases:
        return [_phase_of(phase, challenge.published_at is not None) for phase in challenge.phases]
    stands = challenge.standing
    collecting = "done" if stands != ChallengeStatus.OPEN else "now" if challenge.published_at else "ahead"
    choosing = {"open": "ahead", "closed": "now"}.get(stands, "done")
    until = _("bis %(day)s", day=day(challenge.last_day)) if challenge.last_day else _("ohne festes Ende")
    return [
        _phase("lightbulb", collecting, _("Ideen sammeln"), until),
        _phase("eye", choosing, _("Prüfen und auswählen"), _("mit Begründung zu jeder Idee")),
        _phase("sprout", "now" if choosing == "done" else "ahead", _("Projekte begleiten"), _("bis zum Ergebnis")),
    ]


def ahead(challenge: Challenge) -> list[paths.JourneyStep]:
    """The next change a date announces."""
    at = challenge.next_change
    if not challenge.is_public or at is None:
        return []
    begins = any(phase.starts_at == at for phase in challenge.phases)
    day_of = at if begins else at - timedelta(seconds=1)  # what ends at midnight ends on the day before
    return [paths.JourneyStep("challenge", "calendar", _next_words(challenge, at), "ahead", day_of)]


def _next_words(challenge: Challenge, at: datetime) -> str:
    begins = next((phase for phase in challenge.phases if phase.starts_at == at), None)
    ends = next((phase for phase in challenge.phases if phase.ends_at == at), None)
    if begins is not None:
        return str(_("Als Nächstes beginnt: %(phase)s", phase=name_of(begins)))
    if ends is not None:
        return str(_("Als Nächstes endet: %(phase)s", phase=name_of(ends)))
    return str(_("Als Nächstes endet die Ideensammlung"))


def name_of(phase: ChallengePhase) -> str:
    """Its own name, else what its kind is called."""
    return phase.name or str(PHASE_LOOK[phase.kind][1])


def _phase_of(phase: ChallengePhase, is_out: bool) -> dict[str, Any]:
    first, last = phase.first_day, phase.last_day
    standing = "ahead" if phase.is_running and not is_out else phase.standing
    if first and last:
        when = _("%(first)s bis %(last)s", first=day(first), last=day(last))
    elif last:
        when = _("bis %(day)s", day=day(last))
    elif first:
        when = _("ab %(day)s", day=day(first))
    else:
        when = _("noch ohne Termin") if standing == "ahead" else _("ohne festes Ende")
    row = _phase(PHASE_LOOK[phase.kind][0], standing, name_of(phase), when)
    return row | {"note": phase.text, "acts": [ACT_WORDS[act] for act in PHASE_ACTS if act in phase.acts]}


def _phase(icon: str, state: str, name: str, when: str) -> dict[str, Any]:
    return {"icon": icon, "state": state, "name": name, "when": when, "note": "", "acts": []}


def _decision(challenge: Challenge, actor: Actor) -> Decision | None:
    concerned = policy.can_manage(actor, challenge) or acts_for(actor, challenge, challenge.author_id)
    return next(iter(decisions_about([challenge.id])), None) if concerned else None
