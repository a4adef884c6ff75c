"""Reporting for everyone, the queue and decisions for moderators."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kit.access import access, anyone, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to
from app.moderation import commands, policy, queries
from app.moderation.forms import GROUND_WORDS, MEASURE_WORDS, DecisionForm, ReportForm
from app.moderation.models import Case, Decision, Ground, Measure
from app.subjects import registry

bp = Blueprint("moderation", __name__)
BESIDE = 12


@bp.get("/report/<id:subject_id>")
@access(anyone, of=registry.load)
def report(thing: Any) -> ResponseReturnValue:
    return _report_page(thing, ReportForm())


@bp.post("/report/<id:subject_id>")
@limiter.limit("10/minute")
@access(anyone, of=registry.load)
def send_report(thing: Any) -> ResponseReturnValue:
    form = ReportForm()
    if not form.validate():
        return _report_page(thing, form), 422
    ground, text, email = Ground(form.ground.data), form.text.data or "", form.email.data or ""
    row = commands.report(thing, ground=ground, text=text, email=email, by=current_actor())
    return redirect_to(url_for(".receipt", receipt=row.receipt))


@bp.get("/report/receipt/<receipt>")
@access(anyone)
def receipt(receipt: str) -> ResponseReturnValue:
    report = queries.report_by_receipt(receipt)
    return render_template("moderation/receipt.html", report=report, decision=report.decision)


@bp.get("/moderation")
@access(policy.can_work)
def index() -> ResponseReturnValue:
    cause = request.args.get("cause", "")
    page = queries.open_cases(request.args.get("after"), cause)
    return render_template(
        "moderation/index.html",
        page=page,
        counts=queries.open_counts(),
        cause=cause,
        **_shown(page.items),
    )


@bp.get("/moderation/closed")
@access(policy.can_work)
def closed() -> ResponseReturnValue:
    page = queries.closed_cases(request.args.get("after"))
    return render_template("moderation/closed.html", page=page, **_shown(page.items))


@bp.post("/moderation/subjects/<id:subject_id>/case")
@access(policy.can_work, of=registry.load)
def take_up(thing: Any) -> ResponseReturnValue:
    """To hide what is public or to show again what is hidden, whether or not somebody reported it."""
    return redirect_to(url_for(".show", case_id=commands.take_up(thing, by=current_actor()).id))


@bp.get("/moderation/<id:case_id>")
@access(policy.can_work, of=queries.case_for)
def show(case: Case) -> ResponseReturnValue:
    return _case_page(case, _decision_form(case))


@bp.post("/moderation/<id:case_id>/decision")
@access(policy.can_work, of=queries.case_for)
def decide(case: Case) -> ResponseReturnValue:
    form = _decision_form(case)
    if not form.validate():
        return _case_page(case, form), 422
    _decide(case, form)
    notify(_("Entschieden. Wer es geschrieben hat, bekommt Bescheid."))
    cause = request.form.get("cause") or None
    following = queries.open_since(case, cause or "") if request.form.get("then") == "next" else None
    return redirect_to(
        url_for(".show", case_id=following.id, cause=cause) if following else url_for(".index", cause=cause)
    )


@bp.get("/decisions/<id:decision_id>")
@access(anyone, of=queries.decision_for)
def decision(decision: Decision) -> ResponseReturnValue:
    thing = registry.load(current_actor(), decision.subject_id)
    words = {
        "measure": MEASURE_WORDS[Measure(decision.measure)],
        "ground": GROUND_WORDS.get(Ground(decision.ground), ""),
    }
    return render_template("moderation/decision.html", decision=decision, thing=thing, words=words)


def _decision_form(case: Case) -> DecisionForm:
    return DecisionForm().offer(registry.load(current_actor(), case.subject_id).state, case.cause)


def _decide(case: Case, form: DecisionForm) -> None:
    commands.decide(
        registry.load(current_actor(), case.subject_id),
        measure=Measure(form.measure.data),
        ground=Ground(form.ground.data),
        facts=form.facts.data or "",
        trust_author=bool(form.trust.data),
        by=current_actor(),
    )


def _report_page(thing: Any, form: ReportForm) -> str:
    return render_template("moderation/report.html", thing=thing, form=form)


def _shown(cases: Sequence[Case]) -> dict[str, Any]:
    """What these cases are about, and how many reports there are of each."""
    ids = {case.subject_id for case in cases}
    things = registry.load_many(current_actor(), ids)
    return {"things": things, "about": _about(things.values()), "report_counts": queries.report_counts(ids)}


def _about(things: Iterable[Any]) -> dict[int, Any]:
    """What the comments among these things talk about, by id."""
    return registry.load_many(current_actor(), {thing.subject_id for thing in things if thing.kind == "comment"})


def _queue() -> dict[str, Any]:
    """What waits besides: the beginning of the queue a case was opened from."""
    cause = request.values.get("cause", "")
    waiting = queries.open_cases(None, cause).items[:BESIDE]
    return {"cause": cause, "counts": queries.open_counts(), "waiting": waiting, **_shown(waiting)}


def _case_page(case: Case, form: DecisionForm) -> str:
    thing, queue = registry.load(current_actor(), case.subject_id), _queue()
    queue["about"] |= _about([thing])
    return render_template(
        "moderation/show.html",
        case=case,
        thing=thing,
        passages=registry.words_of(thing),
        form=form,
        reports=queries.reports_about(thing.id),
        decisions=queries.decisions_about([thing.id]),
        ground_words=GROUND_WORDS,
        measure_words=MEASURE_WORDS,
        **queue,
    )
