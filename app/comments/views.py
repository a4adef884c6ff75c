"""Comments on any subject."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.comments import commands, policy, queries
from app.comments.forms import CommentForm
from app.comments.models import Comment, CommentState
from app.kit import clock, drafts
from app.kit.access import access, anyone, current_actor
from app.kit.actor import Actor
from app.kit.db import end_writing
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import htmx, notify, redirect_to, settings
from app.subjects import registry

bp = Blueprint("comments", __name__)


@bp.get("/subjects/<id:subject_id>/comments")
@access(anyone, of=registry.load)
@kept_for_guests
def thread(thing: Any) -> ResponseReturnValue:
    """Some comments as a page of their own: the next ones, or the form to answer one without JavaScript."""
    return _page(thing, CommentForm(formdata=None, parent=request.args.get("parent", "")))


@bp.post("/subjects/<id:subject_id>/comments")
@limiter.limit("20/minute")
@access(policy.can_create, of=registry.load_in_short, keeps=True, at_once=registry.foresee_in_short, form=CommentForm)
def create(thing: Any, form: CommentForm) -> ResponseReturnValue:
    if form.errors:
        return _answer(thing, form, 422)
    begun, actor = clock.now(), current_actor()
    comment = _said(thing, form, by=actor)
    drafts.discard_draft(request.form.get("draft_token"), by=actor)
    notify(_thanks(comment))
    number = _page_of(comment, begun)
    if htmx and not number:
        end_writing()  # the thread takes long to be shown
        return _answer(thing, CommentForm(formdata=None), 200)
    return redirect_to(_address(comment, thing, number))


@bp.get("/comments/<id:comment_id>")
@access(anyone, of=queries.comment_for)
def show(comment: Comment) -> ResponseReturnValue:
    """Where it can be read: on the page of what it is about, or on a page of its thread."""
    thing = registry.load(current_actor(), comment.subject_id)
    return redirect_to(_address(comment, thing, queries.page_with(comment)))


@bp.get("/comments/<id:comment_id>/thread")
@access(anyone, of=queries.thread_for)
@kept_for_guests
def answers(start: Comment) -> ResponseReturnValue:
    """A long thread on pages of its own."""
    actor, number = current_actor(), request.args.get("page", 1, type=int)
    thing, page = registry.load(actor, start.subject_id), queries.thread_page(actor, start, number)
    return render_template("comments/thread.html", thing=thing, page=page, form=CommentForm(formdata=None))


@bp.post("/comments/<id:comment_id>/deletion")
@access(policy.can_delete, of=queries.comment_for)
def delete(comment: Comment) -> ResponseReturnValue:
    commands.delete_comment(comment, by=current_actor())
    notify(_("Ihr Kommentar ist gelöscht."))
    return redirect_to(registry.url_of(registry.load(current_actor(), comment.subject_id)))


def _said(thing: Any, form: CommentForm, *, by: Actor) -> Comment:
    reply, speaker, moderate_new = form.parent_id, form.organisation_id, settings().moderate_new
    return commands.write_comment(
        thing, form.body.data or "", by=by, parent_id=reply, organisation_id=speaker, moderate_new=moderate_new
    )


def _page_of(comment: Comment, begun: datetime) -> int:
    """The page it stands on; a thread begun just now is the first of all on its subject's page."""
    is_newest = comment.id == comment.thread_id and comment.created_at >= begun
    return 0 if is_newest else queries.page_with(comment)


def _address(comment: Comment, thing: Any, number: int) -> str:
    page = url_for(".answers", comment_id=comment.thread_id, page=number) if number else registry.url_of(thing)
    is_shown = comment.state in (CommentState.PUBLISHED, CommentState.PENDING)  # of others only the place, if anything
    return f"{page}#comment-{comment.id}" if is_shown else page


def _thanks(comment: Comment) -> str:
    if comment.state == CommentState.PENDING:
        return str(_("Danke. Ihr Kommentar erscheint, sobald die Moderation ihn gelesen hat."))
    return str(_("Ihr Kommentar steht jetzt da."))


def _answer(short: Any, form: CommentForm, status: int) -> ResponseReturnValue:
    thing = registry.load(current_actor(), short.id)
    if not htmx:
        return _page(thing, form), status
    threads = queries.threads_of(current_actor(), thing, None)
    return render_template("comments/_thread.html", thing=thing, threads=threads, form=form), status


def _page(thing: Any, form: CommentForm) -> str:
    threads = queries.threads_of(current_actor(), thing, request.args.get("after"))
    return render_template("comments/index.html", thing=thing, threads=threads, form=form)
