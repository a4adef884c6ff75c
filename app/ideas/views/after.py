"""After publishing: sharing an idea, its poster, and how it fares."""

import re
from io import BytesIO

import segno
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ideas import policy
from app.ideas.models import Idea, IdeaState
from app.ideas.queries import hints
from app.ideas.queries.reading import idea_for
from app.ideas.views.blueprint import bp
from app.kit import clock
from app.kit.access import access, anyone, current_actor
from app.kit.charts import bars_over_time
from app.subjects.attention import notice, views_of
from app.voting.queries import supports_by_day

ROBOTS = re.compile("bot|crawl|spider|slurp|preview|monitor|curl|wget|python", re.IGNORECASE)


def notice_view(idea: Idea) -> None:
    """Count that the page was opened by somebody else than those who wrote or look after it, and no machine."""
    actor = current_actor()
    concerned = policy.can_see_figures(actor, idea) or idea.state != IdeaState.PUBLISHED
    if not concerned and request.method == "GET" and not ROBOTS.search(request.user_agent.string):
        notice(idea.id)


@bp.get("/ideas/<id:idea_id>/share")
@access(anyone, of=hints.public_idea)
def share(idea: Idea) -> ResponseReturnValue:
    return render_template("ideas/share.html", idea=idea, address=_short_address(idea))


@bp.get("/ideas/<id:idea_id>/qr.svg")
@access(anyone, of=hints.public_idea)
def qr(idea: Idea) -> ResponseReturnValue:
    """The short address as a QR code, dark on light in every colour scheme, so that cameras read it."""
    image = BytesIO()
    segno.make(_short_address(idea), error="m").save(image, kind="svg", scale=8, border=2, light="#fff", dark="#000")
    return Response(image.getvalue(), mimetype="image/svg+xml")


@bp.get("/ideas/<id:idea_id>/poster")
@access(anyone, of=hints.public_idea)
def poster(idea: Idea) -> ResponseReturnValue:
    return render_template("ideas/poster.html", idea=idea, address=_short_address(idea))


@bp.get("/ideas/<id:idea_id>/dashboard")
@access(policy.can_see_figures, of=idea_for)
def dashboard(idea: Idea) -> ResponseReturnValue:
    bars = bars_over_time(supports_by_day(idea.id), clock.today())
    return render_template("ideas/dashboard.html", idea=idea, bars=bars, views=views_of(idea.id))


def _short_address(idea: Idea) -> str:
    return url_for("ideas.show", idea_id=idea.id, slug="", _external=True)
