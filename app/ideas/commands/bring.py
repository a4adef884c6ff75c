"""Bringing ideas along from another platform."""

from dataclasses import dataclass
from datetime import datetime

from app.challenges.commands import count_idea
from app.ideas.activities import IdeaImported
from app.ideas.commands.fairness import join_round
from app.ideas.commands.standing import index
from app.ideas.commands.write import IdeaText, fill
from app.ideas.models import Answer, Idea, IdeaOrigin, IdeaState, IdeaStatus
from app.kit.db import command, db
from app.subjects.commands import new_subject, record
from app.subjects.former import keep_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an imported idea comes from: the source's name, and its id, address, category, place and votes there."""

    system: str
    external_id: str
    url: str = ""
    category: str = ""
    author_name: str = ""
    place: str = ""
    supports: int | None = None


@command
def bring_idea(
    text: IdeaText,
    origin: Origin,
    *,
    submitted_at: datetime,
    status: str = "",
    answer: str = "",
    point: tuple[float, float] | None = None,
) -> Idea:
    """Bring a public idea along from another platform; the caller knows which were brought before.

    Args:
        status: where it stood there, one of ours; in discussion if empty.
        answer: the official answer it got there.
        point: latitude and longitude within the region (WGS 84, degrees).
    """
    idea = Idea(id=new_subject("idea"), challenge_id=text.challenge_id, state=IdeaState.PUBLISHED.value)
    join_round(idea)
    fill(idea, text)
    idea.status, idea.author_name = IdeaStatus(status or IdeaStatus.IN_DISCUSSION).value, origin.author_name
    idea.lat, idea.lon = point or (None, None)
    idea.submitted_at = idea.published_at = idea.changed_at = submitted_at
    db.session.add(idea)
    db.session.flush()
    _note_origin(idea, origin)
    if answer:
        _note_answer(idea, origin, answer, status)
    index(idea)
    if text.challenge_id:
        count_idea(text.challenge_id, 1)
    record(IdeaImported(subject_id=idea.id, actor_id=0, at=submitted_at, system=origin.system))
    return idea


def _note_answer(idea: Idea, origin: Origin, answer: str, status: str) -> None:
    said = Answer(idea_id=idea.id, author_name=origin.system, body=answer, status=idea.status if status else "")
    db.session.add(said)


def _note_origin(idea: Idea, origin: Origin) -> None:
    source = IdeaOrigin(idea_id=idea.id, system=origin.system, external_id=origin.external_id)
    source.url, source.category, source.place = origin.url, origin.category, origin.place
    source.supports = origin.supports
    db.session.add(source)
    if origin.url:
        keep_address(origin.url, idea.id)
