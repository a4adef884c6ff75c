"""Setting a challenge up: phases, questions, voting and criteria, each on a page of its own."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.challenges import commands, policy, queries
from app.challenges.commands import Voting
from app.challenges.commands.phases import is_fixed
from app.challenges.forms import CriterionRow, PhaseRow, QuestionRow, VotingForm
from app.challenges.forms.parts import criterion_values, question_values
from app.challenges.forms.phases import values_of
from app.challenges.models import Challenge, ChallengePhase
from app.challenges.views.blueprint import bp
from app.challenges.views.write import saved
from app.kit.access import access, current_actor
from app.kit.actor import is_staff
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.rows import Rows
from app.kit.web import notify, redirect_to, settings

MOST_PHASES, MOST_QUESTIONS, MOST_CRITERIA = 12, 20, 12


@bp.get("/challenges/<id:challenge_id>/phases")
@access(policy.can_manage, of=queries.challenge_for)
def phases(challenge: Challenge) -> ResponseReturnValue:
    return _phases_page(challenge, _phase_rows(challenge))


@bp.post("/challenges/<id:challenge_id>/phases")
@limiter.limit("60/minute")
@access(policy.can_manage, of=queries.challenge_for, keeps=True)
def save_phases(challenge: Challenge) -> ResponseReturnValue:
    rows = _phase_rows(challenge)
    if rows.asks_for_more:
        return _phases_page(challenge, rows)
    if not rows.validate():
        return _phases_page(challenge, rows), 422
    texts, moderate = [row.to_text() for row in rows.kept], settings().moderate_new
    commands.save_phases(challenge, texts, by=current_actor(), moderate_new=moderate)
    notify(saved(challenge, _("Die Phasen sind gespeichert.")))
    return redirect_to(url_for(".phases", challenge_id=challenge.id))


@bp.get("/challenges/<id:challenge_id>/questions")
@access(policy.can_manage, of=queries.challenge_for)
def questions(challenge: Challenge) -> ResponseReturnValue:
    return _questions_page(challenge, _question_rows(challenge))


@bp.post("/challenges/<id:challenge_id>/questions")
@limiter.limit("60/minute")
@access(policy.can_manage, of=queries.challenge_for, keeps=True)
def save_questions(challenge: Challenge) -> ResponseReturnValue:
    rows = _question_rows(challenge)
    if rows.asks_for_more:
        return _questions_page(challenge, rows)
    if not rows.validate():
        return _questions_page(challenge, rows), 422
    texts, moderate = [row.to_text() for row in rows.kept], settings().moderate_new
    commands.save_questions(challenge, texts, by=current_actor(), moderate_new=moderate)
    notify(saved(challenge, _("Die Fragen sind gespeichert.")))
    return redirect_to(url_for(".questions", challenge_id=challenge.id))


@bp.get("/challenges/<id:challenge_id>/voting")
@access(policy.can_rewrite, of=queries.challenge_for)
def voting(challenge: Challenge) -> ResponseReturnValue:
    form = VotingForm(
        formdata=None, data={"method": challenge.voting_method, "votes_each": challenge.votes_each or None}
    )
    return _voting_page(challenge, form, _criterion_rows(challenge))


@bp.post("/challenges/<id:challenge_id>/voting")
@limiter.limit("60/minute")
@access(policy.can_rewrite, of=queries.challenge_for, keeps=True)
def save_voting(challenge: Challenge) -> ResponseReturnValue:
    form, rows = VotingForm(), _criterion_rows(challenge)
    if rows.asks_for_more:
        return _voting_page(challenge, form, rows)
    if not all([form.validate(), rows.validate()]):
        return _voting_page(challenge, form, rows), 422
    criteria = [row.to_text() for row in rows.kept]
    chosen = Voting(method=form.method.data, votes_each=form.votes_each.data or 0, criteria=criteria)
    commands.save_voting(challenge, chosen, by=current_actor())
    notify(_("Abstimmung und Kriterien sind gespeichert."))
    return redirect_to(url_for(".voting", challenge_id=challenge.id))


def _phase_rows(challenge: Challenge) -> Rows[PhaseRow]:
    rows = Rows(PhaseRow, "phase", [values_of(phase) for phase in challenge.phases], most=MOST_PHASES)
    fixed = {} if is_staff(current_actor()) else _fixed_phases(challenge)
    for row in rows.rows:
        if row.row_id in fixed:
            row.fix(fixed[row.row_id])
    return rows


def _fixed_phases(challenge: Challenge) -> dict[int | None, ChallengePhase]:
    return {phase.id: phase for phase in challenge.phases if is_fixed(challenge, phase)}


def _question_rows(challenge: Challenge) -> Rows[QuestionRow]:
    known = [question_values(question) for question in challenge.questions]
    rows = Rows(QuestionRow, "frage", known, most=MOST_QUESTIONS)
    answered = {question.id: question for question in challenge.questions} if queries.is_answered(challenge) else None
    for row in rows.rows:
        row.fix(answered)
    return rows


def _criterion_rows(challenge: Challenge) -> Rows[CriterionRow]:
    known = [criterion_values(criterion) for criterion in challenge.criteria]
    return Rows(CriterionRow, "kriterium", known, most=MOST_CRITERIA)


def _phases_page(challenge: Challenge, rows: Rows[PhaseRow]) -> str:
    return render_template("challenges/phases.html", challenge=challenge, rows=rows)


def _questions_page(challenge: Challenge, rows: Rows[QuestionRow]) -> str:
    return render_template(
        "challenges/questions.html", challenge=challenge, rows=rows, is_answered=queries.is_answered(challenge)
    )


def _voting_page(challenge: Challenge, form: VotingForm, rows: Rows[CriterionRow]) -> str:
    return render_template("challenges/voting.html", challenge=challenge, form=form, rows=rows)
