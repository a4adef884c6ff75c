"""How the newest documents are found that fulfil some clauses (`kit.clauses`)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from app.kit.clauses import Clause, fts5, in_titles, tsquery
from app.kit.db import is_sqlite
from app.kit.fetching import Beside, Part, parts_of, rows_of
from app.kit.frequency import Counts, behind, blocks_with, counts_of

CANDIDATES = 200
READ_FOR_SOME = 5000
"""Through so many documents with the rarest of several words one goes for the few that hints compare."""
TITLES = ("subject_id", "title")
COVERED = {"kind", "at"}
"""Columns the index of documents holds; SQLite would read the long rows themselves for them."""
_ID = "documents.subject_id"
BLOCK = f"ARRAY[({_ID} >> 10) * 4, ({_ID} >> 13) * 4 + 1, ({_ID} >> 16) * 4 + 2]"
"""As PostgreSQL's index of words has it (`frequency.BLOCK_BITS`)."""


def source(
    clauses: Sequence[Clause],
    most: int,
    name: str = "a",
    *,
    columns: Sequence[str] = (),
    counts: Counts,
    read: int = 0,
) -> tuple[str, dict[str, Any]]:
    """A select of the newest `most` documents that fulfil all clauses, and its values.

    Args:
        columns: which of the documents' own it gives beside their ids.
        counts: how common the words of the clauses are.
        read: through about so many documents with the rarest of the words it goes, the newest ones; 0: all. Of titles
            see `frequency.behind`.
    """
    words, kind, values = _told(clauses, most, name)
    values[f"{name}_behind"] = behind(words, counts, read)
    if is_sqlite():
        values[f"{name}_words"] = fts5(words)
        return _by_fts5("titles_fts" if in_titles(words) else "documents_fts", name, tuple(columns), kind), values
    blocks = blocks_with(words, most, counts)
    values |= {f"{name}_words": tsquery(words)} | {f"{name}_blocks_{n}": some for n, some in enumerate(blocks)}
    return _by_gin(f":{name}_", name, tuple(columns), kind, len(blocks)), values


def _told(clauses: Sequence[Clause], most: int, name: str) -> tuple[list[Clause], str, dict[str, Any]]:
    """What is to be looked for, a condition about the kind where that is a numerous one, and the values so far."""
    kinds = [clause.kind for clause in clauses if clause.kind]
    values = {f"{name}_most": most} | ({f"{name}_kind": kinds[0]} if kinds else {})
    return [one for one in clauses if not one.kind], f"AND documents.kind = :{name}_kind" if kinds else "", values


@lru_cache(maxsize=200)
def _by_fts5(index: str, name: str, columns: tuple[str, ...], kind: str) -> str:
    """FTS5 finds, and each hit is looked up once, for its kind and its columns; in the index where that holds them."""
    if not columns and not kind:
        return _BY_FTS5.format(index=index, name=name, columns="rowid AS subject_id", beside="", kind="")
    covered = "INDEXED BY ix_documents_subject_id_kind_at" if COVERED.issuperset(columns) else "NOT INDEXED"
    beside = _BESIDE.format(index=index, covered=covered)
    shown = ", ".join(f"documents.{column}" for column in ("subject_id", *columns))
    return _BY_FTS5.format(index=index, name=name, columns=shown, beside=beside, kind=kind)


@lru_cache(maxsize=200)
def _by_gin(value: str, name: str, columns: tuple[str, ...], kind: str, nearer: int) -> str:
    """The nearest blocks come first: GIN leaps there in the list of each word. More only where they hold too few.

    Parts are fenced by MATERIALIZED, so that each is carried out as its name says. `value`: how values' names begin.
    """
    shown = ", ".join(("subject_id", *columns))
    asked, parts, few = _BY_GIN.format(value=value, columns=shown, kind=kind), [], ""
    for n in range(nearer + 1):
        near = f"AND {BLOCK} && CAST({value}blocks_{n} AS bigint[])" if n < nearer else ""
        parts.append(f"{name}_{n} AS MATERIALIZED ({asked} {near} {few})")
        few += f" AND (SELECT count(*) FROM {name}_{n}) < {value}most"  # noqa: S608
    found = " UNION ".join(f"SELECT * FROM {name}_{n}" for n in range(nearer + 1))  # noqa: S608
    newest_ = f"SELECT {shown} FROM ({found}) AS {name}_found ORDER BY subject_id DESC LIMIT {value}most"  # noqa: S608
    return f"WITH {', '.join(parts)} {newest_}"


def newest(clauses: Sequence[Clause], most: int, beside: Beside | None = None) -> list[int]:
    """The newest `most` ids of documents that fulfil all clauses, by one statement, in which `beside` is asked, too."""
    found, values = source(clauses, most, counts=counts_of(clauses))
    further = beside or Beside()
    further.found = parts_of({"newest": Part(found, ("subject_id",))} | further.parts, values | further.values)
    return [row[0] for row in further.found["newest"]]


def some_titles_of_each(asked: Sequence[Sequence[Clause]], most: int, *, counts: Counts) -> list[dict[int, str]]:
    """For each list of clauses new documents that fulfil all of it, `most`: ids and the stems of their titles."""
    if not is_sqlite():
        return _by_gin_for_each(asked, most, counts)
    parts: dict[str, Part] = {}
    values: dict[str, Any] = {}
    for place, clauses in enumerate(asked):
        found, own = source(clauses, most, f"a{place}", columns=["title"], counts=counts, read=READ_FOR_SOME)
        parts[str(place)] = Part(found, TITLES)
        values |= own
    return [dict(rows) for rows in parts_of(parts, values).values()]


def _by_gin_for_each(asked: Sequence[Sequence[Clause]], most: int, counts: Counts) -> list[dict[int, str]]:
    """The same for documents of one kind, by a statement that is the same for whatever is asked: it is planned once."""
    told = [_told(clauses, most, "a") for clauses in asked]
    if not told:
        return []
    _words, kind, values = told[0]
    blocks = [[*blocks_with(words, most, counts), [], []] for words, _kind, _values in told]
    values["a_words"] = [tsquery(words) for words, _kind, _values in told]
    values["a_behind"] = [behind(words, counts, READ_FOR_SOME) for words, _kind, _values in told]
    values |= {f"a_blocks_{n}": [f"{{{','.join(map(str, some[n]))}}}" for some in blocks] for n in range(2)}
    found: list[dict[int, str]] = [{} for _clauses in asked]
    for place, subject_id, title in rows_of(_for_each(kind), values, "place", *TITLES):
        found[place - 1][subject_id] = title
    return found


@lru_cache(maxsize=10)
def _for_each(kind: str) -> str:
    return _FOR_EACH.format(found=_by_gin("asked.", "a", ("title",), kind, 2))


_BY_FTS5 = """
    SELECT {columns} FROM {index} {beside}
    WHERE {index} MATCH :{name}_words AND {index}.rowid > :{name}_behind {kind}
    ORDER BY {index}.rowid DESC LIMIT :{name}_most"""
_BESIDE = "CROSS JOIN documents {covered} ON documents.subject_id = {index}.rowid"  # FTS5 first, in its order
# With + 0 no index of ids comes to mind; not knowing the value, PostgreSQL takes it to leave a third of all documents.
_BY_GIN = """
    SELECT {columns} FROM documents
    WHERE words @@ CAST({value}words AS tsquery) AND documents.subject_id + 0 > {value}behind {kind}"""
_FOR_EACH = """
    SELECT asked.place, found.subject_id, found.title FROM (
        SELECT each.*, CAST(:a_most AS bigint) AS most
        FROM unnest(CAST(:a_words AS text[]), CAST(:a_behind AS bigint[]), CAST(:a_blocks_0 AS text[]),
            CAST(:a_blocks_1 AS text[])) WITH ORDINALITY AS each(words, behind, blocks_0, blocks_1, place)) AS asked
    CROSS JOIN LATERAL ({found}) AS found"""
