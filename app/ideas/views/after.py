"""After publishing: sharing an idea, its poster, and how it fares."""

from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ideas import policy
from app.ideas.models import Idea, IdeaState
from app.ideas.queries import PageOfIdea, hints
from app.ideas.queries.reading import idea_for
from app.ideas.views.blueprint import bp
from app.kit import clock, pdf
from app.kit.access import access, anyone, current_actor
from app.kit.charts import bars_over_time
from app.kit.limits import limiter
from app.subjects.attention import notice, views_of
from app.voting.queries import supports_by_day

LOOK = {"scale": 8, "border": 2, "light": "#fff", "dark": "#000"}


def notice_view(idea: PageOfIdea) -> None:
    """Count that the page was opened by somebody else than those who wrote or look after it, and no machine."""
    actor = current_actor()
    concerned = policy.can_see_figures(actor, idea) or idea.state != IdeaState.PUBLISHED
    if not concerned and request.method == "GET":
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
    _code(idea).save(image, kind="svg", **LOOK)
    return Response(image.getvalue(), mimetype="image/svg+xml")


@bp.get("/ideas/<id:idea_id>/poster")
@access(anyone, of=hints.public_idea)
def poster(idea: Idea) -> ResponseReturnValue:
    code = url_for(".qr", idea_id=idea.id)
    sheet = {"idea": idea, "address": _short_address(idea), "qr": code}
    return render_template("ideas/poster.html", has_pdf=pdf.is_possible(), **sheet)


@bp.get("/ideas/<id:idea_id>/poster.pdf")
@limiter.limit("10/minute")
@access(anyone, of=hints.public_idea)
def poster_pdf(idea: Idea) -> ResponseReturnValue:
    """The poster as PDF/UA, where the machine can make one."""
    sheet = {"idea": idea, "address": _short_address(idea), "qr": _code(idea).svg_data_uri(**LOOK)}
    made = pdf.make_pdf(render_template("ideas/poster_pdf.html", **sheet), static=Path(current_app.static_folder or ""))
    named = {"Content-Disposition": f'attachment; filename="idee-{idea.id}.pdf"'}
    return Response(made, mimetype="application/pdf", headers=named)


@bp.get("/ideas/<id:idea_id>/dashboard")
@access(policy.can_see_figures, of=idea_for)
def dashboard(idea: Idea) -> ResponseReturnValue:
    bars = bars_over_time(supports_by_day(idea.id), clock.today())
    return render_template("ideas/dashboard.html", idea=idea, bars=bars, views=views_of(idea.id))


def _code(idea: Idea) -> Any:
    return segno.make(_short_address(idea), error="m")


def _short_address(idea: Idea) -> str:
    return url_for("ideas.show", idea_id=idea.id, slug="", _external=True)
