"""Bringing rows in, a few in each transaction; what cannot come in is noted and spoils no other row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.challenges.models import Challenge
from app.comments.commands import BroughtComment, bring_comment, keep_place
from app.comments.models import Comment
from app.comments.queries import brought_among
from app.ideas.commands import IdeaText, Origin, bring_idea
from app.ideas.queries import imported_among
from app.imports.forms.cells import SHOWN, Problem
from app.imports.forms.comments import CommentRow
from app.imports.forms.ideas import IdeaRow
from app.imports.models import RunKind
from app.kit import textindex
from app.kit.db import command, db, part_of_it
from app.kit.errors import DomainError
from app.kit.logs import log
from app.kit.said import say as _
from app.kit.text import excerpt
from app.places.queries import place_options


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where rows go: ideas to the challenge they answer, comments to what they are about.

    `topics` names the topic (its id) of each category; others get the challenge's.
    """

    kind: str
    id: int
    system: str
    topics: Mapping[str, int]


@dataclass(slots=True)
class Outcome:
    """What became of some rows."""

    brought: int
    known: int
    problems: Sequence[Problem]


@command
def bring(items: Sequence[Any], target: Target) -> Outcome:
    """Bring rows in; those that were brought before stay as they are."""
    held = place_options() if target.kind == RunKind.IDEAS else []  # at hand without a query for each row
    one_by_one = _ideas(items, target) if target.kind == RunKind.IDEAS else _comments(items, target)
    known, problems = 0, []
    with textindex.in_bulk() as waiting:
        for item, act in one_by_one:
            found = len(waiting)
            if act is None:
                known += 1
            elif words := _fails(act):
                del waiting[found:]  # what was undone is not to be found
                title = excerpt(getattr(item, "title", ""), SHOWN)
                problems.append(Problem(item.row, "", words, left_out=True, external_id=item.external_id, title=title))
    del held
    return Outcome(len(items) - known - len(problems), known, problems)


def _fails(act: Callable[[], object]) -> str:
    """Why a row does not come in, in words; empty if it did."""
    try:
        with part_of_it():
            act()
    except DomainError as error:
        return str(error.message) or _("Die Zeile passt nicht zu dem, was schon da ist.")
    except SQLAlchemyError as error:
        log.warning("row not imported", error=type(error).__name__)
        return str(_("Die Datenbank nimmt diese Zeile nicht an."))
    return ""


Acts = list[tuple[Any, Callable[[], object] | None]]


def _ideas(rows: Sequence[IdeaRow], target: Target) -> Acts:
    known = _known(rows)
    challenge = db.session.get_one(Challenge, target.id)
    about = challenge.topic_id, challenge.place_id

    def act(row: IdeaRow) -> Callable[[], object] | None:
        return None if (row.source, row.external_id) in known else lambda: _bring_idea(row, target, *about)

    return [(row, act(row)) for row in rows]


def _known(rows: Sequence[IdeaRow]) -> set[tuple[str, str]]:
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.source, []).append(row.external_id)
    return {(source, name) for source, names in ids.items() for name in imported_among(source, names)}


def _bring_idea(row: IdeaRow, target: Target, topic_id: int | None, place_id: int | None) -> None:
    text = IdeaText(
        title=row.title,
        problem=row.text,
        summary=row.summary or excerpt(row.text),
        solution=row.solution,
        benefit=row.benefit,
        challenge_id=target.id,
        topic_id=target.topics.get(row.category.strip(), topic_id),
        place_id=row.place_id or place_id,
    )
    origin = Origin(
        system=row.source,
        external_id=row.external_id,
        url=row.source_url,
        category=row.category,
        author_name=row.author_name,
        place=row.place,
        supports=row.support,
    )
    moment = row.created_at
    bring_idea(text, origin, submitted_at=moment, status=row.status, answer=row.answer, point=row.point)


def _comments(rows: Sequence[CommentRow], target: Target) -> Acts:
    ids = {name for row in rows for name in (row.external_id, row.parent_id) if name}
    known = brought_among(target.id, target.system, ids)

    def act(row: CommentRow) -> Callable[[], object] | None:
        there = known.get(row.external_id)
        return None if there and there[1] else lambda: _bring_comment(row, target)

    return [(row, act(row)) for row in rows]


def _bring_comment(row: CommentRow, target: Target) -> None:
    said = BroughtComment(
        external_id=row.external_id,
        body=row.text,
        created_at=row.created_at,
        author_name=row.author_name,
        up=row.up,
        down=row.down,
    )
    bring_comment(said, about_id=target.id, system=target.system, parent=_parent(row, target))


def _parent(row: CommentRow, target: Target) -> Comment | None:
    """What the comment answers; a place is kept for what is missing."""
    if not row.parent_id:
        return None
    there = brought_among(target.id, target.system, {row.parent_id}).get(row.parent_id)
    if there is None:
        return keep_place(row.parent_id, about_id=target.id, system=target.system, at=row.created_at).comment
    return db.session.get_one(Comment, there[0])
