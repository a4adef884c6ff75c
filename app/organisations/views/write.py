"""Introducing an organisation, changing its page, its verified mark."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.attachments.commands import add_picture, store_files
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, settings
from app.organisations import commands, policy, queries
from app.organisations.forms import OrganisationForm, VerifyForm
from app.organisations.models import Organisation
from app.organisations.views.blueprint import bp
from app.places.queries import place_labels
from app.subjects.registry import url_of
from app.topics.queries import all_topics


@bp.get("/organisations/new")
@access(policy.can_begin)
def new() -> ResponseReturnValue:
    token = request.args.get("draft")
    draft = drafts.draft_for(current_actor(), token) if token else None
    return _form_page(OrganisationForm(formdata=draft.values if draft else None).offer(list(all_topics())), draft=draft)


@bp.post("/organisations")
@limiter.limit("10/minute;30/hour")
@access(policy.can_create, keeps=True)
def create() -> ResponseReturnValue:
    form = OrganisationForm().offer(list(all_topics()))
    if not form.validate():
        return _form_page(form), 422
    organisation = commands.found_organisation(
        form.to_text(_keep_logo(form)), by=current_actor(), moderate_new=settings().moderate_new
    )
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    waits = _("Danke! Die Moderation schaut kurz darauf, dann ist die Seite öffentlich.")
    notify(_("Ihre Organisation ist dabei. Laden Sie jetzt andere dazu ein.") if organisation.is_public else waits)
    return redirect_to(url_of(organisation))


@bp.get("/organisations/<slug:organisation_slug>/edit")
@access(policy.can_edit, of=queries.organisation_named)
def edit(organisation: Organisation) -> ResponseReturnValue:
    place, topic = organisation.place, organisation.topic
    start = {"place": place.label if place else "", "topic": topic.key if topic else "", "logo": None}
    start |= {name: getattr(organisation, name) for name in ("name", "category", "summary", "text", "website")}
    form = OrganisationForm(formdata=None, data=start).offer(list(all_topics()))
    return _form_page(form, organisation=organisation)


@bp.post("/organisations/<slug:organisation_slug>/edit")
@limiter.limit("20/minute")
@access(policy.can_edit, of=queries.organisation_named, keeps=True)
def update(organisation: Organisation) -> ResponseReturnValue:
    form = OrganisationForm().offer(list(all_topics()))
    if not form.validate():
        return _form_page(form, organisation=organisation), 422
    text, was_verified = form.to_text(_keep_logo(form)), organisation.is_verified
    commands.edit_organisation(organisation, text, by=current_actor(), moderate_new=settings().moderate_new)
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(" ".join(_saved(organisation, was_verified)))
    return redirect_to(url_of(organisation))


@bp.post("/organisations/<slug:organisation_slug>/verification")
@access(policy.can_verify, of=queries.organisation_named)
def verify(organisation: Organisation) -> ResponseReturnValue:
    commands.verify(organisation, by=current_actor(), reason=_reason())
    notify(_("Die Organisation ist jetzt bestätigt."))
    return redirect_to(url_of(organisation))


@bp.post("/organisations/<slug:organisation_slug>/verification/withdrawal")
@access(policy.can_verify, of=queries.organisation_named)
def unverify(organisation: Organisation) -> ResponseReturnValue:
    commands.unverify(organisation, by=current_actor(), reason=_reason())
    notify(_("Die Organisation ist nicht mehr bestätigt."))
    return redirect_to(url_of(organisation))


def _saved(organisation: Organisation, was_verified: bool) -> list[str]:
    """What to say after a change of the page."""
    words = [_("Ihre Änderungen sind gespeichert.")]
    if was_verified and not organisation.is_verified:
        words.append(_("Die Organisation ist nicht mehr bestätigt, bis die Moderation die neuen Angaben geprüft hat."))
    if not organisation.is_public:
        words.append(_("Die Seite ist nicht öffentlich, bis die Moderation die Änderung gelesen hat."))
    return words


def _reason() -> str:
    form = VerifyForm()
    return form.reason.data or "" if form.validate() else (form.reason.data or "")[:300]


def _keep_logo(form: OrganisationForm) -> int | None:
    """Store the files of a new logo, then record it; returns its id."""
    if form.safe_picture is None:
        return None
    stem = store_files(form.safe_picture)
    return add_picture(form.safe_picture, stem, by=current_actor(), alt=form.name.data or "").id


def _form_page(
    form: OrganisationForm, *, draft: drafts.Draft | None = None, organisation: Organisation | None = None
) -> str:
    actor, moderate_new = current_actor(), settings().moderate_new
    return render_template(
        "organisations/form.html",
        form=form,
        waits=policy.edit_waits(actor, organisation, moderate_new),
        ends_verification=organisation is not None and policy.ends_verification(actor, organisation),
        organisation=organisation,
        draft_token=draft.token if draft else request.form.get("draft_token"),
        saved_at=draft.saved_at if draft else None,
        places=place_labels(),
        autosave_url=url_for("drafts.save") if actor.is_signed_in and not organisation else None,
    )
