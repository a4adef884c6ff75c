"""The life of a run, from the file to the report."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import insert, select, update

from app.imports import policy
from app.imports.activities import ImportBegun, ImportEnded, ImportGivenUp, ImportOpened
from app.imports.commands.bring import Target, bring
from app.imports.forms.cells import Problem
from app.imports.models import WORKING, ImportProblem, ImportRun, RunState
from app.imports.queries import runs as queries
from app.kit import clock, storage
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import after_commit, command, db
from app.kit.errors import Conflict
from app.kit.said import parts_of
from app.kit.said import say as _
from app.kit.text import printable
from app.subjects.commands import new_subject, record

BATCH = 50
CATEGORIES = 1000
KEEP_FILES = timedelta(days=30)


@command
def open_run(kind: str, target_id: int, *, system: str, file_name: str, by: Actor, storage_key: str = "") -> ImportRun:
    """Take a file in, to be looked at; one without a storage key is in the hands of a command line."""
    require(policy.can_run(by), by)
    run = ImportRun(id=new_subject("import"), kind=kind, target_id=target_id, system=system, file_name=file_name)
    run.state, run.author_id, run.storage_key = RunState.LOOKING.value, by.id or None, storage_key
    db.session.add(run)
    db.session.flush()
    fact = ImportOpened(
        subject_id=run.id, actor_id=by.id, kind=kind, file_name=file_name, system=system, target_id=target_id
    )
    record(fact)
    return run


@command
def note_look(run_id: int, plan: queries.Plan, ignored: Iterable[str]) -> None:
    """Write down what the look at the file showed; it waits for a yes from now on."""
    run = _locked(run_id)
    if run.state != RunState.LOOKING:
        return
    run.total, run.left_out, run.categories = plan.rows, plan.left_out, dict(plan.categories.most_common(CATEGORIES))
    run.known = queries.known_before(plan, run.target_id, run.system)
    run.topics = queries.suggested_topics(run.categories, run.system)
    run.ignored = [printable(heading) for heading in ignored][:50]
    run.state, run.seen_at = RunState.READY.value, clock.now()
    _note(run.id, plan.problems)


@command
def begin(run: ImportRun, topics: Mapping[str, str], *, by: Actor) -> None:
    """Say yes to what the look showed. The same yes twice is one.

    Args:
        topics: the key of a topic for each category; empty for the challenge's.

    Raises:
        Conflict: somebody has said yes or no already.
    """
    require(policy.can_run(by), by)
    run = _locked(run.id)
    if run.state in (RunState.RUNNING, RunState.FINISHED) and run.topics == dict(topics):
        return
    if run.state != RunState.READY:
        raise Conflict(_("Dieser Import ist schon auf dem Weg oder zu Ende."))
    run.known = 0  # counted anew: more may have come meanwhile
    run.state, run.topics, run.started_at, run.seen_at = RunState.RUNNING.value, dict(topics), clock.now(), clock.now()
    record(ImportBegun(subject_id=run.id, actor_id=by.id))


@command
def bring_some(run_id: int, plan: queries.Plan) -> bool:
    """Bring the next rows in; whether there is more to do. Two who do this at once take turns and do nothing twice."""
    run = _locked(run_id)
    if run.state != RunState.RUNNING:
        return False
    items = plan.items[run.done : run.done + BATCH]
    ids = queries.topic_ids()
    topics = {category: ids[key] for category, key in run.topics.items() if key in ids}
    outcome = bring(items, Target(kind=run.kind, id=run.target_id, system=run.system, topics=topics))
    run.done, run.seen_at = run.done + len(items), clock.now()
    run.brought, run.known = run.brought + outcome.brought, run.known + outcome.known
    run.left_out += len(outcome.problems)
    gone = (ImportProblem.run_id == run.id) & ImportProblem.row.in_([problem.row for problem in outcome.problems])
    db.session.execute(update(ImportProblem).where(gone).values(is_left_out=True))  # they do not come in after all
    _note(run.id, outcome.problems)
    if run.done >= len(plan.items):
        run.state, run.ended_at = RunState.FINISHED.value, clock.now()
        record(_ended(run))
    return run.state == RunState.RUNNING


@command
def give_up(run_id: int, reason: str, *, by: Actor) -> None:
    """End a run that has not ended; what came in already stays.

    Raises:
        Conflict: it has ended meanwhile.
    """
    require(policy.can_run(by), by)
    run = _locked(run_id)
    if run.has_ended:
        raise Conflict(_("Dieser Import ist schon auf dem Weg oder zu Ende."))
    _fail(run, reason)
    record(ImportGivenUp(subject_id=run.id, actor_id=by.id, reason=reason[:]))


@command
def claim_forgotten(longest: timedelta) -> list[int]:
    """Runs nobody has worked on for so long: the process that did was killed. They count as taken up again."""
    late = select(ImportRun).where(ImportRun.state.in_(WORKING), ImportRun.seen_at < clock.now() - longest)
    runs = db.session.scalars(late.order_by(ImportRun.id).limit(20)).unique().all()
    for run in runs:
        run.seen_at = clock.now()
    return [run.id for run in runs]


@command
def forget_files() -> int:
    """Delete the files of runs that ended, or were left waiting, 30 days ago; returns how many. Reports stay."""
    ended = (ImportRun.ended_at < clock.now() - KEEP_FILES) | (ImportRun.seen_at < clock.now() - KEEP_FILES)
    old = select(ImportRun).where(
        ImportRun.storage_key != "", ended, ImportRun.state.in_(("finished", "failed", "ready"))
    )
    runs = db.session.scalars(old.limit(100)).unique().all()
    for run in runs:
        if not run.has_ended:
            _fail(run, _("Nach 30 Tagen verworfen."))
        after_commit(_deleting(run.storage_key))
        run.storage_key = ""
    return len(runs)


def _fail(run: ImportRun, reason: str) -> None:
    run.state, run.ended_at = RunState.FAILED.value, clock.now()
    run.failure, run.failure_said = reason[:], parts_of(reason)


def _ended(run: ImportRun) -> ImportEnded:
    who = run.author_id or 0
    return ImportEnded(subject_id=run.id, actor_id=who, brought=run.brought, known=run.known, left_out=run.left_out)


def _deleting(key: str) -> Callable[[], None]:
    return lambda: storage.delete(key)


def _locked(run_id: int) -> ImportRun:
    wanted = select(ImportRun).where(ImportRun.id == run_id).with_for_update(of=ImportRun)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).unique().one()


def _note(run_id: int, problems: Iterable[Problem]) -> None:
    rows = [
        {"run_id": run_id, "row": p.row, "column": p.column, "words": p.words[:], "said": parts_of(p.words)}
        | {"is_left_out": p.left_out, "external_id": p.external_id, "title": p.title}
        for p in problems
    ]
    if rows:
        db.session.execute(insert(ImportProblem), rows)
