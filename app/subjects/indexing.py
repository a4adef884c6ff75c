"""Writing the search's documents anew: after a release that writes them differently, or when in doubt."""

from sqlalchemy import delete, select

from app.kit import textindex, vocabulary
from app.kit.actor import GUEST
from app.kit.db import command, db, unit_of_work
from app.subjects import registry
from app.subjects.models import Subject

BATCH = 100


def reindex() -> int:
    """Write the documents of everything public, forget those of everything else, and count words again.

    The platform may run meanwhile: each hundred is a transaction of its own.

    Returns:
        How many documents there are.
    """
    written = 0
    for name in registry.indexed_kinds():
        last = 0
        while True:
            with unit_of_work():
                ids = _next_ids(name, last)
                written += _write(name, ids) if ids else 0
            if not ids:
                break
            last = ids[-1]
    with unit_of_work():
        _forget_other_kinds()
    vocabulary.recount()
    return written


def _next_ids(name: str, after: int) -> list[int]:
    ids = select(Subject.id).where(Subject.kind == name, Subject.id > after).order_by(Subject.id)
    return list(db.session.scalars(ids.limit(BATCH)))


@command
def _write(name: str, ids: list[int]) -> int:
    index = registry.indexer(name)
    public = registry.load_many(GUEST, ids)
    with textindex.in_bulk():
        for thing in public.values():
            index(thing)
    for subject_id in set(ids) - public.keys():
        textindex.remove(subject_id)
    return len(public)


@command
def _forget_other_kinds() -> None:
    db.session.execute(delete(textindex.Document).where(textindex.Document.kind.not_in(registry.indexed_kinds())))
