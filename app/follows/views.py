"""Following, what one follows and hears of, and the link that ends it."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.follows import commands, policy, queries
from app.follows.forms import FollowSettingsForm
from app.follows.models import Follow
from app.kit.access import access, anyone, current_actor, signed_in
from app.kit.actor import GUEST
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, respond
from app.subjects import registry

bp = Blueprint("follows", __name__)


@bp.post("/subjects/<id:subject_id>/follow")
@limiter.limit("120/minute")
@access(policy.can_press, of=registry.load)
def follow(thing: Any) -> ResponseReturnValue:
    commands.follow(thing, by=current_actor())
    return _button(thing)


@bp.delete("/subjects/<id:subject_id>/follow", endpoint="unfollow")
@bp.post("/subjects/<id:subject_id>/follow/withdrawal")
@limiter.limit("120/minute")
@access(policy.can_end, of=registry.load)
def withdraw(thing: Any) -> ResponseReturnValue:
    commands.unfollow(thing.id, by=current_actor())
    return _button(thing)


@bp.get("/account/notifications")
@access(signed_in)
def notifications() -> ResponseReturnValue:
    return _page(FollowSettingsForm(formdata=None, obj=queries.settings_of(current_actor().id)))


@bp.post("/account/notifications")
@access(signed_in)
def save() -> ResponseReturnValue:
    form = FollowSettingsForm()
    if not form.validate():
        return _page(form), 422
    commands.save_settings(current_actor().id, {name: bool(form[name].data) for name in commands.SETTINGS})
    notify(_("Ihre Einstellungen sind gespeichert."))
    return redirect_to(url_for(".notifications"))


@bp.post("/account/follows/<id:follow_id>/deletion")
@access(policy.can_end, of=queries.follow_for)
def end(follow: Follow) -> ResponseReturnValue:
    """End one's own follow, also of what is no longer public."""
    commands.unfollow(follow.subject_id, by=current_actor())
    notify(_("Sie folgen dem nicht mehr."))
    return redirect_to(url_for(".notifications"))


@bp.get("/unsubscribe/<token>")
@access(anyone)
def unsubscribe(token: str) -> ResponseReturnValue:
    """Only asks: programs that check mails follow every link in them."""
    person_id, subject_id = queries.unsubscribed_by(token)
    thing = registry.load_many(GUEST, [subject_id]).get(subject_id)
    done = "" if queries.follows_still(person_id, subject_id) else "one"
    return render_template("follows/unsubscribe.html", thing=thing, token=token, done=done)


@bp.post("/unsubscribe/<token>", endpoint="unsubscribe_now")
@limiter.limit("3000/minute")
@access(anyone, from_anywhere=True)
def end_from_mail(token: str) -> ResponseReturnValue:
    """A mail program's one click (RFC 8058) or the page's button: no session, no token of ours, no redirect."""
    person_id, subject_id = queries.unsubscribed_by(token)
    everything = request.form.get("scope") == "all"
    if everything:
        commands.mail_nothing(person_id)
    else:
        commands.unsubscribe(person_id, subject_id)
    if request.form.get("scope") is None:
        return Response(_("Erledigt: Sie bekommen dazu keine E-Mails mehr."), mimetype="text/plain")
    thing = registry.load_many(GUEST, [subject_id]).get(subject_id)
    return render_template("follows/unsubscribe.html", thing=thing, token=token, done="all" if everything else "one")


def _button(thing: Any) -> Response:
    standing = queries.standing(current_actor(), thing.id)
    return respond("follows/_follow.html", back=registry.url_of(thing), thing=thing, standing=standing)


def _page(form: FollowSettingsForm) -> str:
    page = queries.followed_by(current_actor(), request.args.get("after"))
    return render_template("follows/notifications.html", form=form, page=page)
