"""The list of ideas as a table: what everybody may read of them, one row each."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.ideas import queries
from app.ideas.activities import NEED_WORDS, STAGE_WORDS, STATUS_LOOK
from app.ideas.models import Idea
from app.ideas.views.blueprint import bp
from app.ideas.views.filters import asked
from app.kit import clock, table_files
from app.kit.access import access, anyone, current_actor
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.limits import limiter

COLUMNS: dict[str, tuple[Any, Callable[[Idea], object]]] = {
    "id": (_l("Nummer"), lambda idea: idea.id),
    "title": (_l("Titel"), lambda idea: idea.title),
    "summary": (_l("In einem Satz"), lambda idea: idea.summary),
    "challenge": (_l("Herausforderung"), lambda idea: idea.public_challenge.title if idea.public_challenge else ""),
    "topic": (_l("Handlungsfeld"), lambda idea: idea.topic.name if idea.topic else ""),
    "place": (_l("Ort"), lambda idea: idea.place.label if idea.place else ""),
    "author": (_l("Von"), lambda idea: idea.author_label),
    "status": (_l("Stand"), lambda idea: STATUS_LOOK[idea.status][2]),
    "stage": (_l("Wie weit"), lambda idea: STAGE_WORDS.get(idea.stage, "")),
    "needs": (_l("Braucht Hilfe mit"), lambda idea: ", ".join(str(NEED_WORDS[need.key][1]) for need in idea.needed)),
    "supporters": (_l("Unterstützungen"), lambda idea: idea.supporters_count),
    "comments": (_l("Kommentare"), lambda idea: idea.comments_count),
    "published_at": (_l("Veröffentlicht am"), lambda idea: clock.day_of(idea.published_at or clock.now()).isoformat()),
    "url": (_l("Adresse"), lambda idea: url_for(".show", idea_id=idea.id, slug=idea.slug, _external=True)),
}


@bp.get("/ideas.csv")
@limiter.limit("10/minute")
@access(anyone)
def table() -> ResponseReturnValue:
    found = asked()
    pieces = queries.table_pieces(found.wanted, sort=found.sort, reader=current_actor())
    rows = [{name: str(value(idea)) for name, (_label, value) in COLUMNS.items()} for piece in pieces for idea in piece]
    headings = {name: str(label) for name, (label, _value) in COLUMNS.items()}
    answer = Response(b"".join(table_files.write_for_eyes(rows, headings)), mimetype="text/csv")
    name = _("ideen")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
