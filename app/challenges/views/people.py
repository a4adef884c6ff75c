"""Who stands behind a challenge: its co-hosts, and the news they tell."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.challenges import commands, policy, queries
from app.challenges.forms import HostForm, NewsForm
from app.challenges.models import Challenge, ChallengeHost, ChallengeNews
from app.challenges.views.blueprint import bp
from app.challenges.views.browse import page_of_challenge
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to
from app.subjects.registry import url_of


@bp.get("/challenges/<id:challenge_id>/hosts")
@access(policy.can_manage, of=queries.challenge_for)
def hosts(challenge: Challenge) -> ResponseReturnValue:
    return _hosts_page(challenge, HostForm(formdata=None))


@bp.post("/challenges/<id:challenge_id>/hosts")
@limiter.limit("20/minute")
@access(policy.can_invite, of=queries.challenge_for, keeps=True)
def invite(challenge: Challenge) -> ResponseReturnValue:
    form = HostForm()
    if not form.validate():
        return _hosts_page(challenge, form), 422
    assert form.found is not None
    commands.invite_host(challenge, form.found, by=current_actor())
    notify(_("Die Organisation ist eingeladen. Ihre Leute finden die Einladung auf der Herausforderung."))
    return redirect_to(url_for(".hosts", challenge_id=challenge.id))


@bp.post("/challenge-hosts/<id:host_id>/acceptance")
@access(policy.can_answer_invitation, of=queries.host_for)
def accept(host: ChallengeHost) -> ResponseReturnValue:
    commands.answer_invitation(host, accept=True, by=current_actor())
    notify(_("Ihre Organisation ist jetzt Gastgeberin."))
    return redirect_to(url_of(host.challenge))


@bp.post("/challenge-hosts/<id:host_id>/refusal")
@access(policy.can_answer_invitation, of=queries.host_for)
def decline(host: ChallengeHost) -> ResponseReturnValue:
    address = url_of(host.challenge) if host.challenge.is_public else url_of(host.organisation)
    commands.answer_invitation(host, accept=False, by=current_actor())
    notify(_("Ihre Organisation ist nicht (mehr) Gastgeberin."))
    return redirect_to(address)


@bp.post("/challenge-hosts/<id:host_id>/removal")
@access(policy.can_remove_host, of=queries.host_for)
def remove_host(host: ChallengeHost) -> ResponseReturnValue:
    challenge_id = host.challenge_id
    commands.remove_host(host, by=current_actor())
    notify(_("Die Organisation ist nicht mehr Gastgeberin."))
    return redirect_to(url_for(".hosts", challenge_id=challenge_id))


@bp.post("/challenges/<id:challenge_id>/news")
@limiter.limit("20/minute")
@access(policy.can_tell, of=queries.challenge_for, keeps=True)
def tell(challenge: Challenge) -> ResponseReturnValue:
    form = NewsForm()
    if not form.validate():
        return render_template("challenges/show.html", **page_of_challenge(challenge, form)), 422
    commands.post_news(challenge, title=form.title.data or "", body=form.body.data or "", by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Die Neuigkeit steht auf der Seite. Wer folgt, bekommt sie per E-Mail."))
    return redirect_to(f"{url_of(challenge)}#neues")


@bp.route("/challenge-news/<id:news_id>/edit", methods=["GET", "POST"])
@access(policy.can_change_news, of=queries.news_for, keeps=True)
def edit_news(post: ChallengeNews) -> ResponseReturnValue:
    form = NewsForm(obj=post if request.method == "GET" else None)
    if not form.validate_on_submit():
        page = render_template("challenges/news_form.html", form=form, post=post)
        return page, 422 if form.was_sent else 200
    commands.edit_news(post, title=form.title.data or "", body=form.body.data or "", by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Ihre Änderungen sind gespeichert."))
    return redirect_to(f"{url_of(post.challenge)}#neues")


@bp.post("/challenge-news/<id:news_id>/deletion")
@access(policy.can_change_news, of=queries.news_for)
def delete_news(post: ChallengeNews) -> ResponseReturnValue:
    address = f"{url_of(post.challenge)}#neues"
    commands.delete_news(post, by=current_actor())
    notify(_("Die Neuigkeit ist gelöscht."))
    return redirect_to(address)


def _hosts_page(challenge: Challenge, form: HostForm) -> str:
    people = queries.hosts_of(challenge.id)
    return render_template("challenges/hosts.html", challenge=challenge, hosts=people, form=form)
