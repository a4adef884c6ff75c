"""Saving a form while somebody writes, and going on after signing in."""

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kit import drafts
from app.kit.access import access, current_actor, signed_in
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, safe_next, where_to_go_on

bp = Blueprint("drafts", __name__)
# What the page that shows a kept text leaves out: choices and marks, which are no words to read again.
NOT_READABLE = (
    *("picture", "picture_id", "file_id", "parent", "topic", "challenge", "organisation", "form_address", "based_on"),
    *("guided", "asked_for", "stage", "needs", "contact", "contact_way", "lat", "lon"),
)


@bp.post("/drafts")
@limiter.limit("60/minute")
@access(signed_in)
def save() -> ResponseReturnValue:
    """Keep what a member has typed so far; answers with the draft's ticket, 409 if another tab was faster."""
    fields = [(name, value) for name, value in drafts.typed_fields(request.form) if name != "form_address"]
    address = safe_next(request.form.get("form_address"), "/")
    title = request.form.get("title") or request.form.get("body") or _("Ohne Titel")
    token = request.form.get("draft_token")
    draft, kept = drafts.autosave(fields, address=address, title=title, by=current_actor(), token=token)
    page = drafts.form_page_of(draft)
    if not kept:
        other = url_for(".resume", token=draft.token)
        return jsonify(draft_token=draft.ticket, other=other, saved_at=draft.saved_at.isoformat()), 409
    return jsonify(draft_token=draft.ticket, page=page)


@bp.post("/drafts/<token>/deletion")
@access(signed_in)
def discard(token: str) -> ResponseReturnValue:
    """Throw a draft away."""
    drafts.discard_draft(token, by=current_actor())
    notify(_("Der Entwurf ist gelöscht."))
    return redirect_to(url_for("accounts.show"))


@bp.get("/continue")
@access(signed_in)
def go_on() -> ResponseReturnValue:
    """Where somebody goes after signing in: on with what they wrote in this browser, else home."""
    mine = drafts.newest_of(current_actor(), drafts.held())
    return redirect_to(url_for(".resume", token=mine.token) if mine else where_to_go_on() or "/")


@bp.get("/continue/<token>")
@access(signed_in)
def resume(token: str) -> ResponseReturnValue:
    """One's own draft opens in its form; what a guest sent before they signed in is ready to be sent again."""
    draft = drafts.draft_for(current_actor(), token)
    page = drafts.form_page_of(draft)
    if page is not None:
        return redirect_to(page)
    fields = [*draft.values.items(multi=True), ("draft_token", draft.token)]
    readable = [("", value) for name, value in draft.values.items(multi=True) if name not in NOT_READABLE and value]
    not_kept = draft.not_kept
    return render_template("kit/resume.html", action=draft.address, fields=fields, readable=readable, not_kept=not_kept)
