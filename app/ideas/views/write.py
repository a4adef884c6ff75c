"""Writing ideas: the form, its preview, submitting and changing."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments.commands import describe_loose, keep_uploads
from app.attachments.models import Picture
from app.challenges.models import Challenge
from app.challenges.queries import open_challenges
from app.ideas import commands, policy, queries
from app.ideas.forms import IdeaForm
from app.ideas.models import Idea, IdeaState
from app.ideas.views.blueprint import bp
from app.kit import drafts
from app.kit.access import access, current_actor
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to, settings
from app.organisations.models import Organisation
from app.places.models import Place
from app.places.queries import find_place, place_labels
from app.subjects.registry import url_of
from app.topics.models import Topic
from app.topics.queries import all_topics, topic_by_key


@dataclass(frozen=True, slots=True)
class Preview:
    """An idea as it would appear."""

    id: int
    title: str
    summary: str
    problem: str
    solution: str
    benefit: str
    topic: Topic | None
    place: Place | None
    challenge: Challenge | None
    pictures: list[Picture]
    voice: Organisation | None


@bp.get("/ideas/new")
@access(policy.can_begin)
def new() -> ResponseReturnValue:
    token = request.args.get("draft")
    draft = drafts.draft_for(current_actor(), token) if token else None
    start = {"challenge": request.args.get("challenge", ""), "organisation": request.args.get("as", "")}
    return _form_page(_offered(IdeaForm(formdata=draft.values if draft else None, data=start)), draft=draft)


@bp.post("/ideas")
@limiter.limit("20/minute")
@access(policy.can_create, keeps=True)
def create() -> ResponseReturnValue:
    form = _offered(IdeaForm())
    if not form.validate():
        return _form_page(form), 422
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
    form = _offered(IdeaForm())
    if not form.validate():
        return _form_page(form), 422
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
    form = _offered(IdeaForm(formdata=draft.values))
    if not form.validate():
        return _form_page(form, draft=draft), 422
    return render_template("ideas/preview.html", idea=_previewed(form), form=form, draft_token=token)


@bp.get("/ideas/<id:idea_id>/edit")
@access(policy.can_edit, of=queries.idea_for)
def edit(idea: Idea) -> ResponseReturnValue:
    start = {"topic": idea.topic.key if idea.topic else None, "place": idea.place.label if idea.place else ""}
    start |= {"challenge": str(idea.challenge_id or "")}
    return _form_page(_offered(IdeaForm(formdata=None, obj=_Texts(idea), data=start), idea), idea=idea)


@bp.post("/ideas/<id:idea_id>/edit")
@limiter.limit("20/minute")
@access(policy.can_edit, of=queries.idea_for, keeps=True)
def update(idea: Idea) -> ResponseReturnValue:
    form = _offered(IdeaForm(), idea)
    if not form.validate():
        return _form_page(form, idea=idea), 422
    keep_uploads(*form.uploads, by=current_actor())
    commands.edit_idea(idea, form.to_text(), by=current_actor(), moderate_new=settings().moderate_new)
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Ihre Änderungen sind gespeichert."))
    return redirect_to(url_of(idea))


class _Texts:
    """The texts of an idea for its form; other fields are given by hand."""

    def __init__(self, idea: Idea) -> None:
        for name in ("title", "summary", "problem", "solution", "benefit"):
            setattr(self, name, getattr(idea, name))


def _offered(form: IdeaForm, idea: Idea | None = None) -> IdeaForm:
    challenges = list(open_challenges())
    if idea is not None and idea.challenge is not None and idea.challenge not in challenges:
        challenges.append(idea.challenge)
    form.about(idea.id if idea else None)
    return form.offer(list(all_topics()), challenges)


def _form_page(form: IdeaForm, *, draft: drafts.Draft | None = None, idea: Idea | None = None) -> str:
    named = next((row for row in open_challenges() if str(row.id) == request.args.get("challenge")), None)
    return render_template(
        "ideas/form.html",
        form=form,
        idea=idea,
        challenge=named,
        draft_token=draft.token if draft else request.form.get("draft_token"),
        saved_at=draft.saved_at if draft else None,
        lacks_picture=bool(draft and draft.lacks_picture),
        places=place_labels(),
        autosave_url=url_for("drafts.save") if current_actor().is_signed_in and not idea else None,
    )


def _previewed(form: IdeaForm) -> Preview:
    text = form.to_text()
    pictures = [shown.thing for shown in form.picture.shown]
    challenge = next((row for row in open_challenges() if row.id == text.challenge_id), None)
    place, topic = find_place(form.place.data or ""), topic_by_key(form.topic.data or "")
    words = (text.title, text.summary, text.problem, text.solution, text.benefit)
    return Preview(0, *words, topic, place, challenge, pictures, form.voice)
