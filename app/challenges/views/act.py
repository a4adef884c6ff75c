"""What is done with a challenge: phases turned by hand, collecting ended, archived, shown before it is public."""

from flask import url_for
from flask.typing import ResponseReturnValue

from app.challenges import commands, policy, queries
from app.challenges.models import Challenge
from app.challenges.views.blueprint import bp
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to
from app.subjects.registry import url_of


@bp.post("/challenges/<id:challenge_id>/phases/<id:number>/opening")
@limiter.limit("30/minute")
@access(policy.can_manage, of=queries.challenge_for)
def open_phase(challenge: Challenge, number: int) -> ResponseReturnValue:
    commands.open_phase(challenge, number, by=current_actor())
    notify(_("Die Phase läuft jetzt. Wer folgt, bekommt eine E-Mail."))
    return redirect_to(url_for(".phases", challenge_id=challenge.id))


@bp.post("/challenges/<id:challenge_id>/phases/<id:number>/closing")
@limiter.limit("30/minute")
@access(policy.can_manage, of=queries.challenge_for)
def close_phase(challenge: Challenge, number: int) -> ResponseReturnValue:
    commands.close_phase(challenge, number, by=current_actor())
    notify(_("Die Phase ist beendet."))
    return redirect_to(url_for(".phases", challenge_id=challenge.id))


@bp.post("/challenges/<id:challenge_id>/collection/closing")
@access(policy.can_manage, of=queries.challenge_for)
def close_collection(challenge: Challenge) -> ResponseReturnValue:
    commands.close_collection(challenge, by=current_actor())
    notify(_("Die Ideensammlung ist beendet."))
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/collection/opening")
@access(policy.can_manage, of=queries.challenge_for)
def reopen_collection(challenge: Challenge) -> ResponseReturnValue:
    commands.reopen_collection(challenge, by=current_actor())
    notify(_("Es werden wieder Ideen gesammelt."))
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/archive")
@access(policy.can_archive, of=queries.challenge_for)
def archive(challenge: Challenge) -> ResponseReturnValue:
    commands.archive(challenge, by=current_actor())
    notify(_("Die Herausforderung liegt im Archiv. Lesen kann man sie weiter."))
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/archive/withdrawal")
@access(policy.can_archive, of=queries.challenge_for)
def unarchive(challenge: Challenge) -> ResponseReturnValue:
    commands.unarchive(challenge, by=current_actor())
    notify(_("Die Herausforderung ist wieder aus dem Archiv geholt."))
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/preview-link")
@limiter.limit("20/minute")
@access(policy.can_share, of=queries.challenge_for)
def share(challenge: Challenge) -> ResponseReturnValue:
    commands.share_preview(challenge, by=current_actor())
    notify(_("Der Link zur Vorschau ist da. Ein früherer gilt nicht mehr."))
    return redirect_to(f"{url_of(challenge)}#vorschau")


@bp.post("/challenges/<id:challenge_id>/preview-link/deletion")
@access(policy.can_share, of=queries.challenge_for)
def end_share(challenge: Challenge) -> ResponseReturnValue:
    commands.end_preview(challenge, by=current_actor())
    notify(_("Der Link zur Vorschau gilt nicht mehr."))
    return redirect_to(url_of(challenge))
