"""Answering ideas officially."""

from typing import Any

from app.challenges import policy as challenge_policy
from app.ideas import policy, queries
from app.ideas.activities import IdeaAnswered, IdeaConcluded
from app.ideas.commands.standing import set_status, touch
from app.ideas.models import Answer, Idea
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.text import excerpt
from app.subjects.commands import record


@command
def answer_idea(idea: Idea, *, body: str, status: str, by: Actor, role_label: str = "") -> Answer:
    """Answer officially, and move the idea to `status` unless that is empty or where it stands."""
    require(policy.can_answer(by, idea), by)
    if twin := queries.same_answer(by, idea.id, body):
        return twin  # sent twice: a double click, or "back" and once more
    answer = _said(idea, body, status, by, role_label)
    record(IdeaAnswered(subject_id=idea.id, actor_id=by.id, **_facts(answer)))
    return answer


@command
def conclude_idea(idea: Idea, *, body: str, status: str, by: Actor, role_label: str = "") -> Answer:
    """Say what becomes of an idea at the end of its challenge; the challenge's own news tells its followers."""
    require(idea.challenge is not None and challenge_policy.can_close(by, idea.challenge), by)
    answer = _said(idea, body, status, by, role_label)
    record(IdeaConcluded(subject_id=idea.id, actor_id=by.id, **_facts(answer)))
    return answer


def _said(idea: Idea, body: str, status: str, by: Actor, role_label: str) -> Answer:
    moved = status if status and status != idea.status else ""
    answer = Answer(idea_id=idea.id, author_id=by.id or None, role_label=role_label, body=body, status=moved)
    db.session.add(answer)
    db.session.flush()
    if moved:
        set_status(idea, moved)
    touch(idea.id)
    return answer


def _facts(answer: Answer) -> dict[str, Any]:
    return {"answer_id": answer.id, "status": answer.status, "reason": excerpt(answer.body, 180)}
