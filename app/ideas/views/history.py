"""The versions of an idea: what changed, when, by whom."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ideas import commands, policy, queries
from app.ideas.models import Idea
from app.ideas.views.blueprint import bp
from app.ideas.views.changes import changes_between, readable
from app.kit.access import access, anyone, current_actor
from app.kit.i18n import gettext as _
from app.kit.web import notify, redirect_to


@bp.get("/ideas/<id:idea_id>/history")
@access(anyone, of=queries.idea_for)
def history(idea: Idea) -> ResponseReturnValue:
    return render_template("ideas/history.html", idea=idea, versions=queries.versions_of(current_actor(), idea))


@bp.get("/ideas/<id:idea_id>/history/<id:number>")
@access(anyone, of=queries.idea_for)
def version(idea: Idea, number: int) -> ResponseReturnValue:
    shown, before = queries.version_for(current_actor(), idea, number)
    text, *earlier = readable(idea, *[queries.text_in(one) for one in (shown, before) if one])
    changes = changes_between(earlier[0], text) if earlier else []
    return render_template("ideas/version.html", idea=idea, version=shown, before=before, text=text, changes=changes)


@bp.post("/ideas/<id:idea_id>/history/<id:number>/visibility")
@access(policy.can_hide_version, of=queries.idea_for)
def show_or_hide(idea: Idea, number: int) -> ResponseReturnValue:
    shown = request.form.get("shown") == "1"
    commands.let_version_be_read(idea, number, shown=shown, by=current_actor())
    words = (
        _("Alle können diese Fassung wieder lesen.")
        if shown
        else _("Diese Fassung sieht jetzt nur noch, wer sie schrieb.")
    )
    notify(words)
    return redirect_to(url_for(".version", idea_id=idea.id, number=number))
