"""The words of all documents: for parts of compounds, words while typing, and "did you mean".

`documents` is how many documents held the word's stem when they were last counted (`recount`, once a day and
after a reindex); it orders words and chooses plans, nothing else rests on it. This table may know words of what
is hidden by now: what is offered to a reader is checked against the documents first (`kit.offers`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from rapidfuzz.distance import OSA, Indel
from sqlalchemy import Index, String, bindparam, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import jobs
from app.kit.db import UNSEEN, Base, command, db, is_sqlite, unit_of_work
from app.kit.fetching import rows_of
from app.kit.german import STOP_WORDS, fold, stem
from app.kit.inserting import insert_all_once

# Compared letter by letter, whatever language the database sorts by.
PLAIN = String().with_variant(String(collation="C"), "postgresql")
SHORTEST = 3
SHORT_PART = 4
JOINTS = ("s", "n", "en", "er", "e", "es")
# What may stand behind the first part of a compound: a joining sound or none, and what a German word begins with.
JOINED = re.compile(
    "(?:s|n|en|er|e|es)?(?:pf[lr]?|ph|qu|sch[lmnrw]?|s[pt]r|sp|st|tsch|th|[bfgkp]l|[bdfgkpt]r|[gk]n|kw|[dz]w|wr|ch|"
    "[bcdfghjklmnprstvwxz])?[aeiouy]"
)
BATCH = 500
MERGED_PAGES = 500
SHORT = 6
LAST_LETTER = "\U0010ffff"
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


@dataclass(frozen=True, slots=True)
class Known:
    """A word of the vocabulary."""

    word: str
    stem: str
    documents: int


def learn(some: Iterable[str]) -> None:
    """Add words that are not known yet, as `german.words` gives them; in the writer's transaction."""
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": PRUNING})
    found = sorted(word for word in some if _is_learnt(word))
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        known = set(db.session.scalars(select(Word.word).where(Word.word.in_(some))))
        insert_all_once(Word, [_row(word) for word in some if word not in known])


def is_part(stem_: str) -> bool:
    """Whether compounds are looked for that hold this stem: one of at least three letters, without digits."""
    return len(stem_) >= SHORTEST and stem_.isalpha()


def holds(whole: str, part: str) -> bool:
    """Whether a stem is a compound with another (or begins with one that is not written to its end yet).

    A part has at least three letters before it (`beweg` holds no `weg`); one of three letters stands at the end.
    What follows it begins as German words begin: `schuldner` is no compound with `schul`.
    """
    if whole.startswith(part):
        return JOINED.match(whole, len(part)) is not None
    return whole.endswith(part, SHORTEST) if len(part) == SHORTEST else whole.find(part, SHORTEST) >= 0


def related(stems: Collection[str], most: int) -> dict[str, list[str]]:
    """For each stem those that begin with it, or are compounds with it, the most frequent first. Two queries for all.

    Of a word that documents hold as it is, compounds alone; a short one's other part must be known as well
    (`hausverwalt` is none with `alt`). Of a word nobody has written yet, all that begins with it.
    """
    parts = [one for one in dict.fromkeys(stems) if is_part(one)]
    found = _related(parts, 2 * most)
    rests = {rest for one in parts if len(one) <= SHORT_PART for other in found[one] for rest in _rests(other, one)}
    known = documents_with({*parts, *rests}) if any(found.values()) else {}
    return {one: _fitting(one, found[one], known)[:most] for one in parts}


def _fitting(stem_: str, found: list[str], known: Mapping[str, int]) -> list[str]:
    if not known.get(stem_):
        return found
    compounds = [one for one in found if holds(one, stem_)]
    if len(stem_) > SHORT_PART:
        return compounds
    return [one for one in compounds if any(rest in known for rest in _rests(one, stem_))]


def _rests(whole: str, part: str) -> set[str]:
    """What a compound may consist of beside a part, with and without a joining sound."""
    if whole.startswith(part):
        rest = whole[len(part) :]
        return {rest, *(rest.removeprefix(one) for one in JOINTS)}
    rest = whole[: whole.find(part, SHORTEST)]
    return {rest, *(rest.removesuffix(one) for one in JOINTS)}


def _related(stems: Sequence[str], most: int) -> dict[str, list[str]]:
    where = "id IN (SELECT rowid FROM vocabulary_fts WHERE vocabulary_fts MATCH :quoted_{n})"
    where = where if is_sqlite() else "stem LIKE :anywhere_{n}"
    one = (
        f"SELECT {{n}} AS place, stem FROM (SELECT stem FROM vocabulary WHERE {where}"  # noqa: S608
        " AND (stem LIKE :ahead_{n} OR stem LIKE :inside_{n}) AND stem <> :stem_{n}"
        " GROUP BY stem ORDER BY max(documents) DESC, stem LIMIT :most) AS part_{n}"
    )
    values: dict[str, Any] = {"most": most}
    for n, stem_ in enumerate(stems):
        inside = f"___%{stem_}" if len(stem_) == SHORTEST else f"___%{stem_}%"
        values |= {f"stem_{n}": stem_, f"ahead_{n}": f"{stem_}%", f"inside_{n}": inside}
        values |= {f"quoted_{n}": f'"{stem_}"'} if is_sqlite() else {f"anywhere_{n}": f"%{stem_}%"}
    found: dict[str, list[str]] = {stem_: [] for stem_ in stems}
    statement = " UNION ALL ".join(one.format(n=n) for n in range(len(stems)))
    for place, other in rows_of(statement, values, "place", "stem") if stems else ():
        found[stems[place]].append(other)
    return found


def beginning_with(start: str, most: int) -> list[Known]:
    """Words that begin like this (folded), the most frequent first; one for each stem, its shortest."""
    values = {"start": start, "end": start + LAST_LETTER, "most": most * 4}
    first: dict[str, Known] = {}
    for known in starmap(Known, rows_of(_BEGINNING, values, "word", "stem", "documents")):
        best = first.setdefault(known.stem, known)
        if (len(known.word), known.word) < (len(best.word), best.word):
            first[known.stem] = known
    return list(first.values())[:most]


def resembling(typed: str, most: int) -> list[tuple[tuple[int, int], Known]]:
    """Words that differ from `typed` (folded) by a slip or two, each with how far it is, the nearest first.

    A slip is a letter too many, too few, another one, or two that changed places (Damerau 1964). A slip or two
    leave the first two or the last three letters alone (of a short word the last two), so only words that share
    either are looked at. Among
    words equally near those come first that keep all letters typed, then frequent ones.
    """
    slips = _slips_forgiven(typed)
    if not slips:
        return []
    rows = rows_of(_RESEMBLING, _around(typed, slips), "folded", "word", "stem", "documents")
    ranked = sorted(
        (distance, Indel.distance(typed, folded), -documents, word, stem_)
        for folded, word, stem_, documents in rows
        if 0 < (distance := OSA.distance(typed, folded, score_cutoff=slips)) <= slips
    )
    return [((far, others), Known(word, stem_, -number)) for far, others, number, word, stem_ in ranked[:most]]


def documents_with(stems: Collection[str]) -> dict[str, int]:
    """In how many documents each stem was when last counted; a stem that is missing was in none."""
    rows = db.session.execute(select(Word.stem, Word.documents).where(Word.stem.in_(stems)))
    return {row.stem: row.documents for row in rows}


@jobs.daily
def recount() -> None:
    """Count again in how many documents each stem is, forget words that are in none, and tidy the index."""
    with unit_of_work(writes=False):
        counts: dict[str, int] = {
            row.term: row.number for row in db.session.execute(text(_COUNTS_SQLITE if is_sqlite() else _COUNTS))
        }
        stored = db.session.execute(select(Word.stem, Word.documents).distinct()).all()
    changed = [{"of": row.stem, "now": counts.get(row.stem, 0)} for row in stored]
    changed = [row for row, old in zip(changed, stored, strict=True) if row["now"] != old.documents]
    for start in range(0, len(changed), BATCH):
        with unit_of_work():
            _set_counts(changed[start : start + BATCH])
    if is_sqlite():
        _merge()
    gone = sorted({row.stem for row in stored if not counts.get(row.stem)})
    for start in range(0, len(gone), BATCH):
        with unit_of_work():
            _forget(gone[start : start + BATCH])


def _merge() -> None:
    """Join the pieces FTS5 wrote its index in, a few pages at a time: looking up a word costs once for each piece."""
    for table in ("documents_fts", "vocabulary_fts"):
        pages = -MERGED_PAGES
        while pages:
            with unit_of_work():
                pages = _merge_some(table, pages)


@command
def _merge_some(table: str, pages: int) -> int:
    before = db.session.scalar(text("SELECT total_changes()"))
    db.session.execute(text(f"INSERT INTO {table}({table}, rank) VALUES ('merge', :pages)"), {"pages": pages})  # noqa: S608
    changes = (db.session.scalar(text("SELECT total_changes()")) or 0) - (before or 0)
    return MERGED_PAGES if changes > 1 else 0  # https://www.sqlite.org/fts5.html#the_merge_command


@command
def _set_counts(rows: Sequence[dict[str, Any]]) -> None:
    counted = update(Word).where(Word.stem == bindparam("of")).values(documents=bindparam("now"))
    db.session.connection().execute(counted, list(rows))


@command
def _forget(stems: Sequence[str]) -> None:
    """Forget words, unless a document holds them by now; who writes one at this moment keeps them all."""
    if not is_sqlite() and not db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": PRUNING}):
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


def _slips_forgiven(word: str) -> int:
    if len(word) <= SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) <= 5 else 2


def _around(typed: str, slips: int) -> dict[str, Any]:
    ahead, behind = typed[:2], typed[::-1][: 2 if len(typed) <= SHORT else 3]
    return {
        "ahead": ahead,
        "ahead_end": ahead + LAST_LETTER,
        "behind": behind,
        "behind_end": behind + LAST_LETTER,
        "least": len(typed) - slips,
        "most": len(typed) + slips,
    }


_BEGINNING = """
    SELECT word, stem, documents FROM vocabulary WHERE folded >= :start AND folded < :end
    ORDER BY documents DESC, stem, folded, word LIMIT :most"""
_RESEMBLING = """
    SELECT folded, word, stem, documents FROM vocabulary
    WHERE folded >= :ahead AND folded < :ahead_end AND length(folded) BETWEEN :least AND :most
    UNION
    SELECT folded, word, stem, documents FROM vocabulary
    WHERE backwards >= :behind AND backwards < :behind_end AND length(backwards) BETWEEN :least AND :most"""
_COUNTS_SQLITE = "SELECT term, doc AS number FROM documents_fts_terms"
_COUNTS = "SELECT word AS term, ndoc AS number FROM ts_stat('SELECT words FROM documents')"
