"""The words of all documents: for parts of compounds and slips (`kit.kindred`), and words while typing.

`documents` is how many documents held the word's stem when they were last counted (`recount`, once a day and
after a reindex); it orders words and chooses plans, nothing else rests on it. This table may know words of what
is hidden by now: what is offered to a reader is checked against the documents first (`kit.offers`).
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, starmap
from operator import itemgetter
from typing import Any

from sqlalchemy import Index, String, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import jobs
from app.kit.base import UNSEEN, Base
from app.kit.db import command, db, is_sqlite, unit_of_work
from app.kit.fetching import rows_of
from app.kit.german import STOP_WORDS, fold, stem
from app.kit.inserting import insert_all_once
from app.kit.kindred import LAST_LETTER, SHORTEST, Known

# Compared letter by letter, whatever language the database sorts by.
PLAIN = String().with_variant(String(collation="C"), "postgresql")
BATCH = 500
MERGED_PAGES = 500
PRUNING = 7_420_001
"""PostgreSQL's advisory lock: whoever writes documents shares it, pruning takes it alone."""


class Word(Base):
    """A word as it is written in lower case, folded forwards and backwards, its stem, and in how many documents."""

    __tablename__ = "vocabulary"
    __table_args__ = (
        Index("ix_vocabulary_folded", "folded"),
        Index("ix_vocabulary_backwards", "backwards"),
        Index("ix_vocabulary_stem_documents", "stem", "documents"),
        {"info": UNSEEN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(PLAIN, unique=True)
    folded: Mapped[str] = mapped_column(PLAIN)
    backwards: Mapped[str] = mapped_column(PLAIN)
    stem: Mapped[str] = mapped_column(PLAIN)
    documents: Mapped[int]


def learn(some: Iterable[str]) -> None:
    """Add words that are not known yet, as `german.words` gives them; in the writer's transaction."""
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": PRUNING})
    found = sorted(word for word in some if _is_learnt(word))
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        known = set(db.session.scalars(select(Word.word).where(Word.word.in_(some))))
        insert_all_once(Word, [_row(word) for word in some if word not in known])


def beginning_with(start: str, most: int) -> list[Known]:
    """Words that begin like this (folded), the most frequent first; one for each stem, its shortest."""
    values = {"start": start, "end": start + LAST_LETTER, "most": most * 4}
    first: dict[str, Known] = {}
    for known in starmap(Known, rows_of(_BEGINNING, values, "word", "stem", "documents")):
        best = first.setdefault(known.stem, known)
        if (len(known.word), known.word) < (len(best.word), best.word):
            first[known.stem] = known
    return list(first.values())[:most]


@jobs.daily
def recount() -> None:
    """Count again in how many documents each stem is, forget words that are in none, and tidy the index."""
    with unit_of_work(writes=False):
        counts: dict[str, int] = {
            row.term: row.number for row in db.session.execute(text(_COUNTS_SQLITE if is_sqlite() else _COUNTS))
        }
        stored = db.session.execute(select(Word.stem, Word.documents).distinct()).all()
    counted = [(counts.get(row.stem, 0), row) for row in stored]
    changed = sorted((number, row.stem) for number, row in counted if number not in (0, row.documents))
    for start in range(0, len(changed), BATCH):
        with jobs.in_between():
            _set_counts(changed[start : start + BATCH])
    if is_sqlite():
        _merge()
    gone = sorted({row.stem for number, row in counted if not number})
    for start in range(0, len(gone), BATCH):
        with jobs.in_between():
            _forget(gone[start : start + BATCH])


def _merge() -> None:
    """Join the pieces FTS5 wrote its index in, a few pages at a time: looking up a word costs once for each piece."""
    for table in ("documents_fts", "titles_fts", "vocabulary_fts"):
        pages = -MERGED_PAGES
        while pages:
            with jobs.in_between():
                pages = _merge_some(table, pages)


@command
def _merge_some(table: str, pages: int) -> int:
    before = db.session.scalar(text("SELECT total_changes()"))
    db.session.execute(text(f"INSERT INTO {table}({table}, rank) VALUES ('merge', :pages)"), {"pages": pages})  # noqa: S608
    changes = (db.session.scalar(text("SELECT total_changes()")) or 0) - (before or 0)
    return MERGED_PAGES if changes > 1 else 0  # https://www.sqlite.org/fts5.html#the_merge_command


@command
def _set_counts(counted: Sequence[tuple[int, str]]) -> None:
    """Those with the same number, which most have, in one statement."""
    for number, rows in groupby(counted, key=itemgetter(0)):
        stems = [name for _number, name in rows]
        db.session.execute(update(Word).where(Word.stem.in_(stems)).values(documents=number))


@command
def _forget(stems: Sequence[str]) -> None:
    """Forget words, unless a document holds them by now; who writes one at this moment keeps them all."""
    if not is_sqlite() and not db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": PRUNING}):
        _set_counts([(0, name) for name in stems])
        return
    used = text(
        "SELECT 1 FROM documents_fts WHERE documents_fts MATCH :quoted LIMIT 1"
        if is_sqlite()
        else "SELECT 1 FROM documents WHERE words @@ CAST(:lexeme AS tsquery) LIMIT 1"
    )
    unused = [name for name in stems if not db.session.scalar(used, {"quoted": f'"{name}"', "lexeme": f"'{name}'"})]
    db.session.execute(delete(Word).where(Word.stem.in_(unused)))


def _is_learnt(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and word not in STOP_WORDS and bool(stem(word))


def _row(word: str) -> dict[str, Any]:
    folded = fold(word)
    return {"word": word, "folded": folded, "backwards": folded[::-1], "stem": stem(word), "documents": 1}


_BEGINNING = """
    SELECT word, stem, documents FROM vocabulary WHERE folded >= :start AND folded < :end
    ORDER BY documents DESC, stem, folded, word LIMIT :most"""
_COUNTS_SQLITE = "SELECT term, doc AS number FROM documents_fts_terms"
_COUNTS = "SELECT word AS term, ndoc AS number FROM ts_stat('SELECT words FROM documents')"
