"""Ideas as rows of a table, with the columns an import reads; what an import brought goes out as it came in."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.ideas.models import Answer, Idea, IdeaState
from app.kit.db import db
from app.places.models import Place
from app.subjects import registry

COLUMNS = (
    "external_id", "title", "text", "category", "created_at", "source_url", "author_name", "place", "lat", "lon",
    "support", "status", "answer", "summary", "solution", "benefit", "visibility", "id", "url",
    "supporters", "comments", "source",
)  # fmt: skip
PIECE = 500


def idea_rows(
    *, zone: ZoneInfo, base_url: str, challenge_id: int | None = None, hidden_too: bool = False
) -> Iterator[dict[str, str]]:
    """Every idea in the order they came, a few hundred at a time; only public ones, unless told otherwise.

    An idea of our own has its three answers in text, solution and benefit, `idea-<id>` as its external id, and no
    source: whoever reads the file says what this platform is called there.
    """
    last = 0
    while ideas := _piece(last, challenge_id, hidden_too=hidden_too):
        answers = _answers([idea.id for idea in ideas])
        for idea in ideas:
            yield _row(idea, answers.get(idea.id, []), zone, base_url)
        last = ideas[-1].id
        db.session.expunge_all()


def _piece(after_id: int, challenge_id: int | None, *, hidden_too: bool) -> Sequence[Idea]:
    statement = select(Idea).where(Idea.id > after_id).order_by(Idea.id).limit(PIECE)
    if challenge_id is not None:
        statement = statement.where(Idea.challenge_id == challenge_id)
    if not hidden_too:
        statement = statement.where(Idea.state == IdeaState.PUBLISHED.value)
    shown = (joinedload(Idea.origin), joinedload(Idea.author), joinedload(Idea.place).joinedload(Place.parent))
    return (
        db.session.scalars(statement.options(*shown, joinedload(Idea.topic), joinedload(Idea.organisation)))
        .unique()
        .all()
    )


def _answers(idea_ids: Sequence[int]) -> dict[int, list[str]]:
    found = select(Answer.idea_id, Answer.body).where(Answer.idea_id.in_(idea_ids)).order_by(Answer.id)
    answers: dict[int, list[str]] = {}
    for idea_id, body in db.session.execute(found):
        answers.setdefault(idea_id, []).append(body)
    return answers


def _row(idea: Idea, answers: Sequence[str], zone: ZoneInfo, base_url: str) -> dict[str, str]:
    url = base_url + registry.url_of(idea)
    return _origin(idea, url) | {
        "title": idea.title,
        "text": idea.problem,
        "summary": idea.summary,
        "solution": idea.solution,
        "benefit": idea.benefit,
        "created_at": idea.submitted_at.astimezone(zone).isoformat(),
        "author_name": idea.author_label,
        "lat": _number(idea.lat),
        "lon": _number(idea.lon),
        "support": _support(idea),
        "status": idea.status,
        "answer": "\n\n".join(answers),
        "visibility": "public" if idea.state == IdeaState.PUBLISHED else idea.state,
        "id": str(idea.id),
        "url": url,
        "supporters": str(idea.supporters_count),
        "comments": str(idea.comments_count),
    }


def _origin(idea: Idea, url: str) -> dict[str, str]:
    """Where an idea comes from, in the source's own words; this platform is the source of its own."""
    if origin := idea.origin:
        there = {"external_id": origin.external_id, "category": origin.category, "source_url": origin.url}
        return there | {"place": origin.place, "source": origin.system}
    topic, place = idea.topic.own_name if idea.topic else "", idea.place.label if idea.place else ""
    return {"external_id": f"idea-{idea.id}", "category": topic, "source_url": url, "place": place, "source": ""}


def _support(idea: Idea) -> str:
    """All support there is, of before and of here: whoever reads this file brings it along as one number."""
    brought = idea.origin.supports if idea.origin else None
    return "" if brought is None and not idea.supporters_count else str((brought or 0) + idea.supporters_count)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
