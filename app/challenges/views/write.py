"""Writing challenges: the form, drafts, handing in, taking as a template."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.attachments.commands import keep_uploads
from app.challenges import commands, policy, queries
from app.challenges.forms import ChallengeForm, CopyForm, FurtherForm
from app.challenges.forms.texts import a_first_day, values_of
from app.challenges.models import Challenge, ChallengeState
from app.challenges.views.blueprint import bp
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.moments import day
from app.kit.web import notify, redirect_to, settings
from app.moderation.policy import must_wait
from app.places.queries import place_labels
from app.subjects.registry import url_of
from app.topics.queries import all_topics

AS_DRAFT = "draft"


@bp.get("/challenges/new")
@access(policy.can_begin)
def new() -> ResponseReturnValue:
    draft = drafts.draft_if_any(current_actor(), request.args.get("draft"))
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
    keep_uploads(*form.uploads, by=current_actor())
    if request.form.get("act") == AS_DRAFT:
        challenge = commands.draft_challenge(form.to_text(), by=current_actor())
    else:
        challenge = commands.post_challenge(form.to_text(), by=current_actor(), moderate_new=settings().moderate_new)
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    _say_where(challenge)
    return redirect_to(url_of(challenge))


@bp.get("/challenges/<id:challenge_id>/edit")
@access(policy.can_edit, of=queries.challenge_for)
def edit(challenge: Challenge) -> ResponseReturnValue:
    draft = drafts.draft_if_any(current_actor(), request.args.get("draft"))
    return _form_page(_form_of(challenge, draft), draft, challenge)


@bp.post("/challenges/<id:challenge_id>/edit")
@limiter.limit("30/minute")
@access(policy.can_edit, of=queries.challenge_for, keeps=True)
def update(challenge: Challenge) -> ResponseReturnValue:
    form = _form_of(challenge)
    if not form.validate():
        return _form_page(form, None, challenge), 422
    keep_uploads(*form.uploads, by=current_actor())
    text = form.to_text() if isinstance(form, ChallengeForm) else form.to_text_of(challenge)
    commands.edit_challenge(challenge, text, by=current_actor(), moderate_new=settings().moderate_new)
    if request.form.get("act") == "submit" and challenge.state == ChallengeState.DRAFT:
        commands.submit_challenge(challenge, by=current_actor(), moderate_new=settings().moderate_new)
        _say_where(challenge)
    else:
        notify(saved(challenge, _("Ihre Änderungen sind gespeichert.")))
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/submission")
@access(policy.can_manage, of=queries.challenge_for)
def submit(challenge: Challenge) -> ResponseReturnValue:
    commands.submit_challenge(challenge, by=current_actor(), moderate_new=settings().moderate_new)
    _say_where(challenge)
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/submission/withdrawal")
@access(policy.can_take_back, of=queries.challenge_for)
def take_back(challenge: Challenge) -> ResponseReturnValue:
    commands.take_back(challenge, by=current_actor())
    notify(_("Ihre Herausforderung ist wieder ein Entwurf."))
    return redirect_to(url_of(challenge))


@bp.post("/challenges/<id:challenge_id>/deletion")
@access(policy.can_discard, of=queries.challenge_for)
def discard(challenge: Challenge) -> ResponseReturnValue:
    commands.discard_draft(challenge, by=current_actor())
    notify(_("Der Entwurf ist gelöscht."))
    return redirect_to(url_for("accounts.show"))


@bp.get("/challenges/<id:challenge_id>/copy")
@access(policy.can_copy, of=queries.challenge_for)
def ask_for_copy(challenge: Challenge) -> ResponseReturnValue:
    form = CopyForm(formdata=None, data={"first_day": a_first_day(challenge)})
    return render_template("challenges/copy.html", challenge=challenge, form=form)


@bp.post("/challenges/<id:challenge_id>/copy")
@limiter.limit("10/minute")
@access(policy.can_copy, of=queries.challenge_for)
def copy(challenge: Challenge) -> ResponseReturnValue:
    form = CopyForm()
    if not form.validate():
        return render_template("challenges/copy.html", challenge=challenge, form=form), 422
    made = commands.copy_challenge(challenge, by=current_actor(), first_day=form.first_day.data)
    notify(
        _("Das ist eine Kopie als Entwurf. Die Phasen beginnen am %(day)s.", day=day(made.first_day))
        if made.first_day and form.first_day.data
        else _("Das ist eine Kopie als Entwurf, ohne Ideen und ohne Termine.")
    )
    return redirect_to(url_for(".edit", challenge_id=made.id))


def saved(challenge: Challenge, words: str) -> str:
    """What was saved; else that it waits for a moderator."""
    waits = challenge.state == ChallengeState.PENDING and challenge.published_at is not None
    again = _("Gespeichert. Die Moderation liest die Änderung, dann ist die Herausforderung wieder öffentlich.")
    return again if waits else words


def _form_of(challenge: Challenge, draft: drafts.Draft | None = None) -> ChallengeForm | FurtherForm:
    """The whole form until others have answered, then what asks for nothing else."""
    start: dict[str, Any] = {"data": values_of(challenge)} | ({"formdata": draft.values} if draft else {})
    whole = policy.can_rewrite(current_actor(), challenge)
    form = ChallengeForm(**start).offer(list(all_topics())) if whole else FurtherForm(**start)
    form.about(challenge.id)
    return form


def _form_page(
    form: ChallengeForm | FurtherForm, draft: drafts.Draft | None, challenge: Challenge | None = None
) -> str:
    return render_template(
        "challenges/form.html" if isinstance(form, ChallengeForm) else "challenges/further_form.html",
        form=form,
        challenge=challenge,
        draft_token=draft.ticket if draft else request.form.get("draft_token"),
        places=place_labels(),
        waits=must_wait(current_actor(), settings().moderate_new),
        saved_at=draft.saved_at if draft else None,
        autosave_url=url_for("drafts.save") if current_actor().is_signed_in else None,
    )


def _say_where(challenge: Challenge) -> None:
    words = {
        ChallengeState.DRAFT: _("Der Entwurf ist gespeichert. Nur Sie und die Moderation sehen ihn."),
        ChallengeState.PENDING: _("Danke. Die Moderation liest Ihre Herausforderung, bevor sie öffentlich wird."),
    }
    notify(words.get(ChallengeState(challenge.state), _("Danke. Ihre Herausforderung ist öffentlich.")))
