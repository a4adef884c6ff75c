"""Runs, their problems, and what a file would bring: everything an import reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.challenges.models import Challenge
from app.challenges.queries import challenge_for, challenge_named
from app.comments.queries import brought_among
from app.ideas.queries import imported
from app.imports import policy
from app.imports.forms.columns import COMMENT_COLUMNS, IDEA_COLUMNS, REQUIRED_OF_COMMENTS, REQUIRED_OF_IDEAS
from app.imports.forms.comments import CommentPlan, plan_comments
from app.imports.forms.ideas import IdeaPlan, plan_ideas
from app.imports.forms.region import Region
from app.imports.models import WORKING, ImportProblem, ImportRun, RunKind
from app.kit import clock, tables
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.i18n import gettext as _
from app.kit.paging import Page, page_of
from app.kit.text import printable
from app.places.queries import fold, place_options
from app.subjects import registry
from app.topics.queries import all_topics

PAGE = 20
PROBLEMS = 100
PREVIEW = 5
LIKENESS = 0.75
COMMENTED = ("challenge", "idea", "project")
Plan = IdeaPlan | CommentPlan


def run_for(reader: Actor, run_id: int) -> ImportRun:
    """A run, for administrators.

    Raises:
        NotFound: none, or none of the reader's business.
    """
    run = db.session.get(ImportRun, run_id)
    if run is None or not policy.can_run(reader):
        raise NotFound
    return run


def list_runs(after: str | None) -> Page[ImportRun]:
    """Every run, newest first."""
    return page_of(select(ImportRun), (ImportRun.id,), after=after, size=PAGE)


def problems_of(run_id: int, size: int | None = PROBLEMS) -> Sequence[ImportProblem]:
    """What is wrong with a run's file, by row."""
    found = select(ImportProblem).where(ImportProblem.run_id == run_id).order_by(ImportProblem.row, ImportProblem.id)
    return db.session.scalars(found.limit(size)).all()


def problem_count(run_id: int) -> int:
    """How many problems a run has."""
    return db.session.scalar(select(func.count()).where(ImportProblem.run_id == run_id)) or 0


def someone_waits(longest: timedelta) -> bool:
    """Whether a run should be worked on, and nobody has for so long."""
    late = ImportRun.state.in_(WORKING) & (ImportRun.seen_at < clock.now() - longest)
    return db.session.scalar(select(ImportRun.id).where(late).limit(1)) is not None


def open_file(content: bytes, file_name: str, kind: str) -> tables.Table:
    """A file as a table of this kind; its rows are read as they are asked for.

    Raises:
        TableError: no table, or one without a required column.
    """
    if kind == RunKind.IDEAS:
        return tables.read(content, file_name, IDEA_COLUMNS, required=REQUIRED_OF_IDEAS)
    return tables.read(content, file_name, COMMENT_COLUMNS, required=REQUIRED_OF_COMMENTS)


def plan_of(table: tables.Table, kind: str, source: str, zone: ZoneInfo) -> Plan:
    """What a file of this source would bring, and what is wrong with it; holds nothing of the session.

    Raises:
        TableError: the file cannot be read any further.
    """
    if kind == RunKind.IDEAS:
        return plan_ideas(table.rows, Region(place_options()), zone, source)
    return plan_comments(table.rows, zone)


def preview(content: bytes, file_name: str, kind: str) -> tuple[Sequence[str], Sequence[Mapping[str, str]]]:
    """The columns and the first rows of a file; nothing of one that cannot be read."""
    try:
        table = open_file(content, file_name, kind)
        first = [row.values for row, _number in zip(table.rows, range(PREVIEW), strict=False)]
        rows = [{column: printable(text) for column, text in values.items()} for values in first]
    except tables.TableError:
        return [], []
    return list(table.columns), rows


def known_before(plan: Plan, target_id: int, system: str) -> int:
    """How many rows of a file were brought along before."""
    if isinstance(plan, IdeaPlan):
        there = {source: imported(source) for source in {row.source for row in plan.items}}
        return sum(row.external_id in there[row.source] for row in plan.items)
    comments = brought_among(target_id, system)
    return sum(comments.get(row.external_id, (0, False))[1] for row in plan.items)


def target_of(reader: Actor, kind: str, name: str) -> Any:
    """What a file is about: the challenge with this id or slug, or any subject with this id that has comments.

    Raises:
        NotFound: there is none, in words.
    """
    if kind == RunKind.IDEAS:
        found = challenge_named(name.strip())
        if found is None:
            raise NotFound(_("Diese Herausforderung gibt es nicht."))
        return challenge_for(reader, found.id)
    digits = name.strip()
    thing = registry.load(reader, int(digits)) if digits.isdecimal() and len(digits) < 19 else None
    if thing is None or thing.kind not in COMMENTED:
        raise NotFound(_("Unter dieser Nummer gibt es nichts, was Kommentare hat."))
    return thing


def suggested_topics(categories: Collection[str], system: str) -> dict[str, str]:
    """A topic's key for each category: as in the source's latest run, else by the likeness of names, else empty."""
    names = {fold(word): topic.key for topic in all_topics() for word in (topic.own_name, topic.name, topic.key)}
    earlier = db.session.scalars(
        select(ImportRun.topics).where(ImportRun.system == system).order_by(ImportRun.id)
    ).all()
    known = {category: key for topics in earlier for category, key in topics.items()}
    return {category: known.get(category, _alike(category, names)) for category in categories}


def topic_ids() -> dict[str, int]:
    """The ids of all topics, by their keys."""
    return {topic.key: topic.id for topic in all_topics()}


def challenges_to_answer() -> Sequence[Challenge]:
    """Every public challenge, newest first, for the form."""
    found = select(Challenge).where(Challenge.state == "published").order_by(Challenge.id.desc())
    return db.session.scalars(found.limit(500)).all()


def _alike(category: str, names: Mapping[str, str]) -> str:
    wanted = fold(category)
    words = {word: key for name, key in names.items() for word in (name, *(w for w in name.split() if len(w) > 4))}
    found = get_close_matches(wanted, words, n=1, cutoff=LIKENESS)
    return words[found[0]] if found else ""
