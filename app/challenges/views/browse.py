"""Pages of challenges."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.challenges import commands, policy, queries
from app.challenges.forms import ChallengeForm
from app.challenges.models import Challenge
from app.challenges.views.blueprint import bp
from app.kit import drafts
from app.kit.access import access, anyone, current_actor
from app.kit.filters import Group, Option, chosen
from app.kit.limits import limiter
from app.kit.offers import did_you_mean
from app.kit.present import day
from app.kit.web import notify, redirect_to, settings
from app.places.queries import place_labels
from app.subjects import journey as paths
from app.subjects.registry import url_of
from app.topics.queries import all_topics, topic_by_key, topic_group

STANDINGS = ("", "open", "closed")


@bp.get("/challenges")
@access(anyone)
def index() -> ResponseReturnValue:
    standing, topic = chosen("standing", STANDINGS), topic_by_key(request.args.get("topic", ""))
    words = request.args.get("q", "")[:200]
    wanted = queries.ChallengeFilter(standing, topic.id if topic else None, words)
    page = queries.list_challenges(wanted, request.args.get("after"))
    filters = [_standing_group(standing), topic_group(topic)]
    lists = {"filters": filters, "selects": [], "filtered": wanted.is_set}
    offers = did_you_mean(words, kinds=["challenge"], found=page.total or 0)
    return render_template("challenges/index.html", page=page, offers=offers, **lists)


@bp.get("/challenges/<id:challenge_id>", defaults={"slug": ""})
@bp.get("/challenges/<id:challenge_id>-<slug:slug>")
@access(anyone, of=queries.challenge_for)
def show(challenge: Challenge) -> ResponseReturnValue:
    family = paths.lineage(current_actor(), challenge)
    return render_template(
        "challenges/show.html",
        challenge=challenge,
        chain=paths.chain(family, challenge),
        journey=paths.journey(current_actor(), family, challenge, []),
        phases=_phases(challenge),
    )


@bp.get("/challenges/new")
@access(policy.can_begin)
def new() -> ResponseReturnValue:
    token = request.args.get("draft")
    draft = drafts.draft_for(current_actor(), token) if token else None
    start = {"organisation": request.args.get("as", "")}
    form = ChallengeForm(formdata=draft.values if draft else None, data=start).offer(list(all_topics()))
    return _form_page(form, draft)


@bp.post("/challenges")
@limiter.limit("10/minute")
@access(policy.can_create, keeps=True)
def create() -> ResponseReturnValue:
    form = ChallengeForm().offer(list(all_topics()))
    if not form.validate():
        return _form_page(form, None), 422
    challenge = commands.post_challenge(form.to_text(), by=current_actor(), moderate_new=settings().moderate_new)
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Danke. Ihre Herausforderung ist angekommen."))
    return redirect_to(url_of(challenge))


def _standing_group(selected: str) -> Group:
    words = {"": _("Alle"), "open": _("Offen"), "closed": _("Abgeschlossen")}
    return Group("standing", _("Nach Stand"), [Option(key, words[key], key == selected) for key in STANDINGS])


def _form_page(form: ChallengeForm, draft: drafts.Draft | None) -> str:
    token = draft.token if draft else request.form.get("draft_token")
    saved_at = draft.saved_at if draft else None
    autosave = url_for("drafts.save") if current_actor().is_signed_in else None
    return render_template(
        "challenges/form.html",
        form=form,
        draft_token=token,
        places=place_labels(),
        saved_at=saved_at,
        autosave_url=autosave,
    )


def _phases(challenge: Challenge) -> list[dict[str, str]]:
    """Where a challenge is: collecting, choosing, accompanying."""
    collecting, choosing = ("now", "ahead") if challenge.is_open else ("done", "now")
    until = _("bis %(day)s", day=day(challenge.last_day)) if challenge.last_day else _("ohne festes Ende")
    return [
        _phase("lightbulb", collecting, _("Ideen sammeln"), until),
        _phase("eye", choosing, _("Prüfen und auswählen"), _("mit Begründung zu jeder Idee")),
        _phase("sprout", "ahead", _("Projekte begleiten"), _("bis zum Ergebnis")),
    ]


def _phase(icon: str, state: str, name: str, when: str) -> dict[str, str]:
    return {"icon": icon, "state": state, "name": name, "when": when, "note": ""}
