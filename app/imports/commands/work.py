"""Working a run off outside of requests: reading comes first, then one small transaction after another."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.imports.commands import runs
from app.imports.models import ImportRun, RunState
from app.imports.queries import runs as queries
from app.kit import storage
from app.kit.actor import SYSTEM
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict
from app.kit.logs import log
from app.kit.said import say as _
from app.kit.tables import TableError
from app.kit.web import settings

FORGOTTEN_AFTER = timedelta(minutes=2)


def work_on(run_id: int) -> None:
    """Look at a run's file, or bring its rows in from where it stopped; called twice, it does nothing twice."""
    with unit_of_work(writes=False):
        run = db.session.get(ImportRun, run_id)
        if run is None or not run.is_working:
            return
        state, kind, key, name, source = run.state, run.kind, run.storage_key, run.file_name, run.system
    if not key:
        stop(run_id, _("Der Befehl wurde beendet. Sie können ihn noch einmal aufrufen: Nichts kommt doppelt."))
        return
    try:
        content = storage.path_of(key).read_bytes()
        plan, ignored = read(content, name, kind, source)
    except (TableError, OSError, ValueError) as error:
        log.warning("import failed", run=run_id, error=type(error).__name__)
        stop(run_id, str(error) if isinstance(error, TableError) else _("Die Datei ist nicht mehr da."))
        return
    if state == RunState.LOOKING:
        with unit_of_work():
            runs.note_look(run_id, plan, ignored)
    else:
        bring_all(run_id, plan)


def read(content: bytes, file_name: str, kind: str, source: str) -> tuple[queries.Plan, list[str]]:
    """What a file would bring, and the headings nobody asked for.

    Raises:
        TableError: it cannot be read.
    """
    with unit_of_work(writes=False):
        table = queries.open_file(content, file_name, kind)
        return queries.plan_of(table, kind, source, ZoneInfo(settings().timezone)), list(table.ignored)


def bring_all(run_id: int, plan: queries.Plan, tell: Callable[[int], None] = lambda done: None) -> None:
    """Bring all rows in, a few in each transaction; `tell` hears how many have been seen to."""
    more, done = True, 0
    while more:
        with unit_of_work():
            more = runs.bring_some(run_id, plan)
        done += runs.BATCH
        tell(min(done, len(plan.items)))


def stop(run_id: int, reason: str) -> None:
    """End a run that cannot go on; one that has ended meanwhile stays as it is."""
    try:
        with unit_of_work():
            runs.give_up(run_id, reason, by=SYSTEM)
    except Conflict:
        return


def claim_forgotten() -> list[int]:
    """Runs whose process was killed, to be taken up again. Costs no writing transaction where there is none."""
    with unit_of_work(writes=False):
        if not queries.someone_waits(FORGOTTEN_AFTER):
            return []
    with unit_of_work():
        return runs.claim_forgotten(FORGOTTEN_AFTER)
