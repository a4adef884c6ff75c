"""Telling of a barrier, without an account and without JavaScript; the inbox of the staff."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.barriers import commands, policy, queries
from app.barriers.forms import BarrierForm
from app.barriers.models import Barrier
from app.kit.access import access, anyone, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to

bp = Blueprint("barriers", __name__)
FORM = "/accessibility/feedback"


@bp.get(FORM)
@access(anyone)
def new() -> ResponseReturnValue:
    return render_template("barriers/form.html", form=BarrierForm.about(request.args.get("page", "")))


@bp.post(FORM)
@limiter.limit("6/minute;30/hour")
@access(anyone)
def create() -> ResponseReturnValue:
    form = BarrierForm()
    if not form.validate():
        return render_template("barriers/form.html", form=form), 422
    text, page, email = form.text.data or "", form.page.data or "", form.email.data or ""
    barrier = commands.report_barrier(text=text, page=page, email=email, by=current_actor())
    return redirect_to(url_for(".receipt", receipt=barrier.receipt))


@bp.get(f"{FORM}/<receipt>")
@access(anyone)
def receipt(receipt: str) -> ResponseReturnValue:
    return render_template("barriers/receipt.html", barrier=queries.by_receipt(receipt))


@bp.get("/admin/barriers")
@access(policy.can_work)
def index() -> ResponseReturnValue:
    waiting, done = queries.open_barriers(), queries.done_barriers()
    return render_template("barriers/index.html", waiting=waiting, done=done)


@bp.post("/admin/barriers/<id:barrier_id>/completion")
@access(policy.can_work, of=queries.barrier_for)
def finish(barrier: Barrier) -> ResponseReturnValue:
    commands.finish(barrier, by=current_actor())
    notify(_("Erledigt."))
    return redirect_to(url_for(".index"))
