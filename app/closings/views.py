"""Pages of closings: writing one, and reading what became of every idea."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.challenges.models import Challenge
from app.challenges.queries import challenge_for
from app.closings import commands, policy, queries
from app.closings.forms import KIND_WORDS, ClosingForm, OutcomeRow, values_of
from app.closings.models import OutcomeKind
from app.ideas.models import IdeaStatus
from app.kit.access import access, anyone, current_actor
from app.kit.actor import is_staff
from app.kit.errors import NotFound
from app.kit.filters import Group, Option, chosen
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.kit.limits import limiter
from app.kit.rows import Rows
from app.kit.web import notify, redirect_to
from app.subjects.registry import url_of

bp = Blueprint("closings", __name__)
KINDS = tuple(kind.value for kind in OutcomeKind)
SHOWN = (queries.OPEN, "", *KINDS)


@bp.get("/challenges/<id:challenge_id>/closing")
@access(policy.can_write, of=challenge_for)
def edit(challenge: Challenge) -> ResponseReturnValue:
    closing = queries.closing_of(challenge.id)
    form = ClosingForm(formdata=None, data={"text": closing.text if closing else ""})
    return _page(challenge, form)


@bp.post("/challenges/<id:challenge_id>/closing")
@limiter.limit("60/minute")
@access(policy.can_write, of=challenge_for, keeps=True)
def save(challenge: Challenge) -> ResponseReturnValue:
    form, act = ClosingForm(), request.form.get("act", "save")
    rows = _rows(challenge)
    is_right = form.validate() and (not act.startswith("bulk") or form.check_bulk())
    verdicts = _verdicts(rows, form if act == "bulk" and is_right else None)
    if not is_right or rows.errors:
        return _page(challenge, form, rows), 422
    back = [row.row_id for row in rows.rows if row.is_taken_back and row.row_id]
    commands.save_closing(challenge, form.text.data or "", verdicts, by=current_actor(), taken_back=back)
    if act == "publish" and not (lack := commands.still_lacks(challenge)):
        return _publish(challenge)
    _carry_on(challenge, form, act, lack if act == "publish" else "")
    return redirect_to(url_for(".edit", challenge_id=challenge.id, show=request.args.get("show")))


@bp.get("/challenges/<id:challenge_id>/outcomes")
@access(anyone, of=challenge_for)
@kept_for_guests
def outcomes(challenge: Challenge) -> ResponseReturnValue:
    closing, kind = queries.published_closing(challenge), chosen("kind", ("", *KINDS))
    if closing is None:
        raise NotFound(_("Was aus den Ideen wird, steht noch nicht fest."))
    page = queries.told_outcomes(challenge.id, kind, request.args.get("after"))
    group = Group("kind", _("Nach Ausgang"), _kind_options(kind))
    words = {kind.value: text for kind, text in KIND_WORDS.items()}
    return render_template("closings/outcomes.html", challenge=challenge, page=page, filters=[group], words=words)


def _publish(challenge: Challenge) -> ResponseReturnValue:
    role = _("Moderation") if is_staff(current_actor()) else ""
    closing = queries.closing_of(challenge.id)
    is_first = closing is None or closing.published_at is None
    number = commands.publish_closing(challenge, by=current_actor(), role_label=role)
    words = ngettext("Eine Idee ist beantwortet.", "%(num)s Ideen sind beantwortet.", number)
    if number or is_first:
        notify(_("Der Abschluss ist öffentlich. %(words)s Wer folgt, bekommt eine E-Mail.", words=words))
    else:
        notify(_("Der Abschluss ist schon öffentlich. Neues gibt es nicht, deshalb geht keine E-Mail hinaus."))
    return redirect_to(f"{url_of(challenge)}#abschluss")


def _carry_on(challenge: Challenge, form: ClosingForm, act: str, lack: str) -> None:
    """Do what the button says beyond saving, and say so; `lack`: what keeps it from being public."""
    if lack:
        flash(_("Gespeichert, aber noch nicht öffentlich. %(lack)s", lack=lack), "error")
    elif act in ("bulk_open", "status"):
        actor, bulk = current_actor(), form.to_bulk()
        says = commands.say_of_open(challenge, bulk, by=actor) if act == "bulk_open" else None
        number = commands.follow_status(challenge, by=actor) if says is None else says
        notify(ngettext("Bei einer Idee ist es eingetragen.", "Bei %(num)s Ideen ist es eingetragen.", number))
    else:
        notify(_("Der Entwurf ist gespeichert. Öffentlich ist davon noch nichts."))


def _rows(challenge: Challenge) -> Rows[OutcomeRow]:
    """The rows of the page asked for, or those that were sent, each with its idea."""
    known = []
    if request.method == "GET":
        ideas = queries.ideas_to_conclude(challenge.id, _shown(), request.args.get("after")).items
        said = queries.outcomes_among([idea.id for idea in ideas])
        suggested = queries.SUGGESTED
        known = [values_of(idea, said.get(idea.id), suggested.get(IdeaStatus(idea.status))) for idea in ideas]
    rows = Rows(OutcomeRow, "idee", known, most=queries.PAGE, blank=False)
    about = queries.ideas_among(challenge.id, [row.row_id for row in rows.rows if row.row_id])
    outcomes = queries.outcomes_among(about)
    for row in rows.rows:
        row.idea, row.outcome = about.get(row.row_id or 0), outcomes.get(row.row_id or 0)
    return rows


def _verdicts(rows: Rows[OutcomeRow], bulk: ClosingForm | None) -> dict[int, commands.Verdict]:
    """What is said of the page's ideas; `bulk`: the same for those that are ticked."""
    verdicts = {}
    for row in rows.rows:
        if bulk is not None and row.pick.data:
            row.take(bulk.to_bulk())
        if row.validate():
            row.check()
        if row.is_said and row.row_id:
            verdicts[row.row_id] = row.to_verdict()
    return verdicts


def _page(challenge: Challenge, form: ClosingForm, rows: Rows[OutcomeRow] | None = None) -> str:
    page = queries.ideas_to_conclude(challenge.id, _shown(), request.args.get("after"))
    return render_template(
        "closings/form.html",
        challenge=challenge,
        form=form,
        rows=rows or _rows(challenge),
        page=page,
        counts=queries.counts(challenge.id),
        closing=queries.closing_of(challenge.id),
        shown=_shown(),
        kinds=[(queries.OPEN, _("Noch offen")), ("", _("Alle")), *[(k.value, w) for k, w in KIND_WORDS.items()]],
    )


def _shown() -> str:
    wanted = request.args.get("show", queries.OPEN)
    return wanted if wanted in SHOWN else queries.OPEN


def _kind_options(selected: str) -> list[Option]:
    named = [Option(kind.value, str(words), kind == selected) for kind, words in KIND_WORDS.items()]
    return [Option("", _("Alle"), not selected), *named]
