"""Writing ideas: the form, its preview, submitting."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.attachments.commands import describe_loose, keep_uploads
from app.challenges.models import Challenge
from app.challenges.queries import challenges_for, open_challenges
from app.ideas import commands, policy, queries
from app.ideas.forms import IdeaForm
from app.ideas.models import Idea, IdeaState
from app.ideas.views.blueprint import bp
from app.ideas.views.hints import similar_to
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, settings
from app.moderation.policy import must_wait
from app.places.queries import drawn_map, place_labels
from app.subjects.registry import url_of
from app.topics.queries import all_topics

MOST_DIGITS = 18  # ids have 63 bits


@bp.get("/ideas/begin")
@access(policy.can_begin)
def begin() -> ResponseReturnValue:
    """The first of three steps for somebody who is new here; the second and third are the form and its preview."""
    return render_template("ideas/begin.html", challenges=open_challenges())


@bp.get("/ideas/new")
@access(policy.can_begin)
def new() -> ResponseReturnValue:
    draft = drafts.draft_if_any(current_actor(), request.args.get("draft"))
    start = {name: request.args.get(name, "") for name in ("challenge", "guided")}
    start |= {"organisation": request.args.get("as", "")}
    form = offered(IdeaForm(formdata=draft.values if draft else None, data=start))
    return form_page(form if draft or not form.closed else form.begin_free(), draft=draft)


@bp.post("/ideas")
@limiter.limit("20/minute")
@access(policy.can_create, keeps=True)
def create() -> ResponseReturnValue:
    form = offered(IdeaForm())
    if not form.validate():
        return form_page(form), 422
    keep_uploads(*form.uploads, by=current_actor())
    idea = commands.submit_idea(form.to_text(), by=current_actor(), moderate_new=settings().moderate_new)
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    waits = idea.state == IdeaState.PENDING
    notify(
        _("Danke! Die Moderation schaut kurz darauf, dann ist Ihre Idee öffentlich.")
        if waits
        else _("Ihre Idee ist öffentlich.")
    )
    return redirect_to(url_of(idea))


@bp.post("/ideas/preview")
@limiter.limit("20/minute")
@access(policy.can_create, keeps=True)
def preview() -> ResponseReturnValue:
    form = offered(IdeaForm())
    if not form.validate():
        return form_page(form), 422
    keep_uploads(*form.uploads, by=current_actor())
    describe_loose(form.picture.current, by=current_actor())
    fields = form.with_rows(drafts.typed_fields(request.form))
    token = request.form.get("draft_token")
    address = url_for(".create")
    draft = drafts.save_draft(fields, address=address, title=form.title.data or "", by=current_actor(), token=token)
    return redirect_to(url_for(".preview_show", token=draft.token))


@bp.get("/ideas/preview/<token>")
@access(policy.can_create)
def preview_show(token: str) -> ResponseReturnValue:
    draft = drafts.draft_for(current_actor(), token)
    form = offered(IdeaForm(formdata=draft.values))
    if not form.validate():
        return form_page(form, draft=draft), 422
    pictures = [shown.thing for shown in form.picture.shown]
    idea = commands.sketch_idea(form.to_text(), pictures=pictures, by=current_actor())
    shown = {"idea": idea, "said": commands.sketch_answers(form.given_answers), "waits": _waits()}
    shown |= similar_to(idea.title)
    return render_template("ideas/preview.html", form=form, draft_token=draft.ticket, **shown)


@bp.get("/ideas/questions")
@access(policy.can_begin)
def questions() -> ResponseReturnValue:
    """What a challenge asks, for the part of the form that follows its choice."""
    start = {name: request.args.get("challenge", "") for name in ("challenge", "asked_for")}
    return render_template("ideas/_questions.html", form=offered(IdeaForm(formdata=None, data=start)))


def offered(form: IdeaForm, idea: Idea | None = None) -> IdeaForm:
    """The form with what there is to choose from; an edited idea's own challenge among it."""
    challenges = list(open_challenges())
    if idea is not None and idea.challenge is not None and idea.challenge not in challenges:
        challenges.append(idea.challenge)
    form.closed = None if idea else _closed(form.challenge.data, challenges)
    form.about(idea.id if idea else None)
    kept = queries.answers_of(idea.id) if idea is not None and idea.challenge_id else []
    return form.offer(list(all_topics()), challenges, kept)


def _closed(chosen: str | None, challenges: list[Challenge]) -> Challenge | None:
    """The challenge that was chosen, where it is public and takes no ideas (any more)."""
    if not chosen or not chosen.isascii() or not chosen.isdigit() or len(chosen) > MOST_DIGITS:
        return None
    if int(chosen) in {challenge.id for challenge in challenges}:
        return None
    return next((found for found in challenges_for(current_actor(), [int(chosen)]) if found.is_public), None)


def form_page(
    form: IdeaForm, *, draft: drafts.Draft | None = None, idea: Idea | None = None, conflict: Any = None
) -> str:
    """The form; `conflict` says what sets what was typed apart from a version that was saved meanwhile."""
    return render_template(
        "ideas/form.html",
        form=form,
        idea=idea,
        conflict=conflict,
        places=place_labels(),
        map=drawn_map(),
        plain=True,
        autosave_url=url_for("drafts.save") if current_actor().is_signed_in else None,
        **_steps(form, idea),
        **_kept(form, draft),
    )


def _waits() -> bool:
    """Whether what this person submits waits for a moderator first."""
    return must_wait(current_actor(), settings().moderate_new)


def _steps(form: IdeaForm, idea: Idea | None) -> dict[str, Any]:
    """Whether this is the second of three steps, the challenge that was chosen before, and what follows."""
    guided = idea is None and bool(form.guided.data)
    chosen = form.challenge.data if guided else request.args.get("challenge")
    return {"guided": guided, "challenge": form.challenges.get(chosen or ""), "waits": _waits()}


def _kept(form: IdeaForm, draft: drafts.Draft | None) -> dict[str, Any]:
    """What the form goes on with; hints without JavaScript for a draft, which has a title."""
    if draft is None:
        return {"draft_token": request.form.get("draft_token"), "saved_at": None, "lacks_picture": False}
    kept = {"draft_token": draft.ticket, "saved_at": draft.saved_at, "lacks_picture": bool(draft.not_kept)}
    return kept | similar_to(form.title.data or "")
