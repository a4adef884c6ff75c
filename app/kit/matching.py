"""Clauses a document must fulfil, in the words of FTS5 and of tsquery, and how their newest hits are found.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.kit.db import is_sqlite
from app.kit.fetching import Beside, Part, among, listed, parts_of, rows_of
from app.kit.textindex import NUMEROUS, tag

CANDIDATES = 300
LOOKED_AT_MOST = 25_000
"""How many of the newest documents are looked through for words that are common: 300 of them hold one in eighty."""
TITLES_OF = 50_000
"""Of a word in more documents than this, on SQLite, titles with it are looked for among the newest so many: in one in
ten of them it stands in the title."""
READ_FOR_SOME = 5000
"""Through so many documents with the rarest of several words SQLite goes for the few that hints compare."""
RARELY = 0.1
INDEXED, LOOKED_THROUGH, ENOUGH = 1500, 400, 5
"""Up to so many documents are asked of PostgreSQL's index; else so many of the newest are looked through first, and
where fewer than these few are found, words are rarer than they seemed (they seldom stand in titles)."""
TITLES = ("subject_id", "title")
COVERED = {"kind", "at"}
"""Columns the index of documents holds; SQLite would read the long rows themselves for them."""
Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One of these alternatives must stand in the document (or in its title); each is a row of stems, or a tag.

    kind: the only one the documents may be of, where it is numerous.
    """

    alternatives: Alternatives
    is_tag: bool = False
    title_only: bool = False
    kind: str = ""


def of_kinds(kinds: Collection[str]) -> list[Clause]:
    """That a document is of one of these kinds; nothing where none is named."""
    if not kinds:
        return []
    only = next(iter(kinds)) if len(kinds) == 1 else ""
    tags = tuple((tag("kind", kind),) for kind in sorted(kinds))
    return [Clause(tags, is_tag=True, kind=only if only in NUMEROUS else "")]


def fts5(clauses: Sequence[Clause]) -> str:
    """The clauses as an FTS5 query: `("rad" OR "fahrrad") AND ("_topic_7")`."""
    return " AND ".join(f"({' OR '.join(_quoted(row) for row in clause.alternatives)})" for clause in clauses)


def tsquery(clauses: Sequence[Clause]) -> str:
    """The clauses as a tsquery; words of the title stand in the index once more with = before them, and weigh A."""
    return " & ".join(f"({' | '.join(_lexemes(row, clause) for row in clause.alternatives)})" for clause in clauses)


def _quoted(row: Sequence[str]) -> str:
    return f'"{" ".join(row)}"'


def _lexemes(row: Sequence[str], clause: Clause) -> str:
    if clause.title_only:
        titles = " & ".join(f"'={stem}'" for stem in row)
        return titles if len(row) == 1 else f"({titles} & ({_in_a_row(row, ':A')}))"
    if len(row) == 1:
        return _in_a_row(row, "")
    # A row never begins in the title and ends in the text.
    return f"(({_in_a_row(row, ':A')}) | ({_in_a_row(row, ':D')}))"


def _in_a_row(row: Sequence[str], weight: str) -> str:
    return " <-> ".join(f"'{stem}'{weight}" for stem in row)


def source(
    clauses: Sequence[Clause],
    most: int,
    name: str = "a",
    *,
    columns: Sequence[str] = (),
    counts: Mapping[str, int],
    read: int = 0,
) -> tuple[str, dict[str, Any]]:
    """A select of the newest `most` documents that fulfil all clauses, and its values.

    Args:
        columns: which of the documents' own it gives beside their ids.
        counts: what `document_counts` said of the clauses.
        read: through about so many documents with the rarest of the words FTS5 goes, the newest ones; 0: all. Of titles
            it is bounded anyway.
    """
    words, kind, values = _told(clauses, most, name)
    if is_sqlite():
        values |= {f"{name}_words": fts5(words), f"{name}_behind": _behind(words, counts, read)}
        index = "titles_fts" if in_titles(words) else "documents_fts"
        return _by_fts5(index, name, tuple(columns), kind), values
    plan = _LOOKED_THROUGH if _are_common(words, most, counts) else _BY_INDEX
    found = plan.format(
        name=name, columns=", ".join(("subject_id", *columns)), kind=kind, looked_at_most=LOOKED_AT_MOST
    )
    return found, values | {f"{name}_words": tsquery(words)}


def _told(clauses: Sequence[Clause], most: int, name: str) -> tuple[list[Clause], str, dict[str, Any]]:
    """What is to be looked for, a condition about the kind where that is a numerous one, and the values so far."""
    kinds = [clause.kind for clause in clauses if clause.kind]
    values = {f"{name}_most": most} | ({f"{name}_kind": kinds[0]} if kinds else {})
    return [one for one in clauses if not one.kind], f"AND documents.kind = :{name}_kind" if kinds else "", values


def in_titles(clauses: Sequence[Clause]) -> bool:
    """Whether words are looked for in titles: all of them or none."""
    return any(clause.title_only for clause in clauses)


@lru_cache(maxsize=200)
def _by_fts5(index: str, name: str, columns: tuple[str, ...], kind: str) -> str:
    """FTS5 finds, and each hit is looked up once, for its kind and its columns; in the index where that holds them."""
    if not columns and not kind:
        return _BY_FTS5.format(index=index, name=name, columns="rowid AS subject_id", beside="", kind="")
    covered = "INDEXED BY ix_documents_subject_id_kind_at" if COVERED.issuperset(columns) else "NOT INDEXED"
    beside = _BESIDE.format(index=index, covered=covered)
    shown = ", ".join(f"documents.{column}" for column in ("subject_id", *columns))
    return _BY_FTS5.format(index=index, name=name, columns=shown, beside=beside, kind=kind)


def newest(clauses: Sequence[Clause], most: int, beside: Beside | None = None) -> list[int]:
    """The newest `most` ids of documents that fulfil all clauses, by one statement, in which `beside` is asked, too."""
    found, values = source(clauses, most, counts=document_counts(clauses))
    further = beside or Beside()
    further.found = parts_of({"newest": Part(found, ("subject_id",))} | further.parts, values | further.values)
    return [row[0] for row in further.found["newest"]]


def some_titles_of_each(
    asked: Sequence[Sequence[Clause]], most: int, *, counts: Mapping[str, int]
) -> list[dict[int, str]]:
    """For each list of clauses new documents that fulfil all of it, about `most`: ids and the stems of their titles.

    As many as a hint needs, at a cost that is known: PostgreSQL takes its index where no word is in many documents;
    else the newest few are looked through first.
    """
    parts: dict[str, Part] = {}
    values: dict[str, Any] = {}
    for place, clauses in enumerate(asked):
        found, own = _some(clauses, most, f"a{place}", counts)
        parts[str(place)] = Part(found, TITLES)
        values |= own
    return [dict(rows or ()) for rows in parts_of(parts, values).values()]


def _some(clauses: Sequence[Clause], most: int, name: str, counts: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
    if is_sqlite():
        return source(clauses, most, name, columns=["title"], counts=counts, read=READ_FOR_SOME)
    words, kind, values = _told(clauses, most, name)
    values[f"{name}_words"] = tsquery(words)
    shown = ", ".join(TITLES)
    if _at_most(words, counts) <= INDEXED:
        return _BY_INDEX.format(name=name, columns=shown, kind=kind), values
    newest_first = _NEWEST_FIRST.format(name=name, columns=shown, kind=kind, looked=LOOKED_THROUGH)
    return newest_first, values | {f"{name}_few": ENOUGH}


def document_counts(clauses: Sequence[Clause]) -> dict[str, int]:
    """In how many documents each stem was when last counted, and how many there are, or FTS5's newest id ("")."""
    stems = {one for clause in clauses if not clause.is_tag for row in clause.alternatives for one in row}
    last = _NEWEST_ID if is_sqlite() else _TOTAL
    counted = _COUNTS.format(among=among("stems"), last=last)
    return dict(rows_of(counted, {"stems": listed(stems)}, "stem", "documents"))


def _behind(clauses: Sequence[Clause], counts: Mapping[str, int], read: int) -> int:
    """The id behind which about `read` of the documents lie that hold the rarest of the words; 0 where no more do.

    Ids are taken to be in the order of time, documents to lie evenly among them, and words to be as frequent at all
    times. Where much else was written since, fewer are looked at, the newest.
    """
    most = TITLES_OF if in_titles(clauses) else read
    number = _at_most(clauses, counts)
    return int(counts.get("", 0) * (1 - most / number)) if 0 < most < number else 0


def _at_most(clauses: Sequence[Clause], counts: Mapping[str, int]) -> int:
    """In how many documents all clauses can be fulfilled at most."""
    words = [clause.alternatives for clause in clauses if not clause.is_tag]
    return min((sum(min(counts.get(one, 0) for one in row) for row in rows) for rows in words), default=0)


def _are_common(clauses: Sequence[Clause], most: int, counts: Mapping[str, int]) -> bool:
    """Whether so many documents fulfil the clauses that PostgreSQL better looks through the newest ones.

    Its index finds all n documents before they can be sorted; looking through them ends after about most * N / n of
    all N. The two cost the same where n² = most * N. Words are taken to be independent of each other; one in ten
    stands in the title, one in ten pairs in a row, and a filter leaves one document in ten.
    """
    total = max(counts.get("", 0), 1)
    number = float(total)
    for clause in clauses:
        share = sum(_share(row, counts, total) for row in clause.alternatives)
        number *= RARELY if clause.is_tag else min(1.0, share * (RARELY if clause.title_only else 1.0))
    return number**2 > most * total


def _share(row: Sequence[str], counts: Mapping[str, int], total: int) -> float:
    return math.prod(counts.get(one, 0) / total for one in row) * RARELY ** (len(row) - 1)


_COUNTS = """
    SELECT stem, max(documents) AS documents FROM vocabulary WHERE stem {among} GROUP BY stem UNION ALL {last}"""
_TOTAL = "SELECT '', greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'documents'::regclass"
_NEWEST_ID = "SELECT '', coalesce(max(subject_id), 0) FROM documents"
_BY_FTS5 = """
    SELECT {columns} FROM {index} {beside}
    WHERE {index} MATCH :{name}_words AND {index}.rowid > :{name}_behind {kind}
    ORDER BY {index}.rowid DESC LIMIT :{name}_most"""
_BESIDE = "CROSS JOIN documents {covered} ON documents.subject_id = {index}.rowid"  # FTS5 first, in its order
# Fenced by MATERIALIZED and LIMIT, so that each is carried out as its name says (without a limit PostgreSQL sorts all).
_BY_INDEX = """
    WITH {name}_found AS MATERIALIZED (
        SELECT {columns} FROM documents WHERE words @@ CAST(:{name}_words AS tsquery) {kind})
    SELECT {columns} FROM {name}_found ORDER BY subject_id DESC LIMIT :{name}_most"""
_NEWEST_FIRST = """
    WITH {name}_looked AS MATERIALIZED (
        SELECT {columns} FROM (SELECT * FROM documents ORDER BY subject_id DESC LIMIT {looked}) AS documents
        WHERE words @@ CAST(:{name}_words AS tsquery) {kind} LIMIT :{name}_most),
    {name}_found AS MATERIALIZED (
        SELECT {columns} FROM documents
        WHERE (SELECT count(*) FROM {name}_looked) < :{name}_few AND words @@ CAST(:{name}_words AS tsquery) {kind})
    SELECT {columns} FROM {name}_looked
    UNION ALL (SELECT {columns} FROM {name}_found ORDER BY subject_id DESC LIMIT :{name}_most)"""
_LOOKED_THROUGH = """
    SELECT {columns} FROM (SELECT * FROM documents ORDER BY subject_id DESC LIMIT {looked_at_most}) AS documents
    WHERE words @@ CAST(:{name}_words AS tsquery) {kind} LIMIT :{name}_most"""
