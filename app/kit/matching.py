"""Clauses a document must fulfil, in the words of FTS5 and of tsquery, and how their newest hits are found.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.kit.db import db, is_sqlite
from app.kit.fetching import column_of, rows_of

CANDIDATES = 400
LOOKED_AT_MOST = 25_000
"""How many of the newest documents are looked through for words that are common: 400 of them hold one in sixty."""
RARELY = 0.1
INDEXED, LOOKED_THROUGH, ENOUGH = 1500, 400, 5
"""Up to so many documents are asked of PostgreSQL's index; else so many of the newest are looked through first, and
where fewer than these few are found, words are rarer than they seemed (they seldom stand in titles)."""
Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One of these alternatives must stand in the document (or in its title); each is a row of stems, or a tag."""

    alternatives: Alternatives
    is_tag: bool = False
    title_only: bool = False


def fts5(clauses: Sequence[Clause]) -> str:
    """The clauses as an FTS5 query: `title : ("rad" OR "fahrrad") AND ("_kind_idea")`."""
    return " AND ".join(
        f"{'title : ' if clause.title_only else ''}({' OR '.join(_quoted(row) for row in clause.alternatives)})"
        for clause in clauses
    )


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
    clauses: Sequence[Clause], most: int, name: str = "a", *, counts: Mapping[str, int]
) -> tuple[str, dict[str, Any]]:
    """A select of the newest `most` ids of documents that fulfil all clauses, and its values.

    Args:
        counts: what `document_counts` said of the clauses.
    """
    values: dict[str, Any] = {f"{name}_most": most}
    if is_sqlite():
        where = f"documents_fts MATCH :{name}_words ORDER BY rowid DESC LIMIT :{name}_most"
        found = f"SELECT rowid AS subject_id FROM documents_fts WHERE {where}"  # noqa: S608
        return found, values | {f"{name}_words": fts5(clauses)}
    plan = _LOOKED_THROUGH if _are_common(clauses, most, counts) else _BY_INDEX
    return plan.format(name=name, looked_at_most=LOOKED_AT_MOST), values | {f"{name}_words": tsquery(clauses)}


def newest(clauses: Sequence[Clause], most: int) -> list[int]:
    """The newest `most` ids of documents that fulfil all clauses."""
    found, values = source(clauses, most, counts=document_counts(clauses))
    return column_of(found, values, "subject_id")


def some_of_each(asked: Sequence[Sequence[Clause]], most: int, *, counts: Mapping[str, int]) -> list[list[int]]:
    """For each list of clauses ids of new documents that fulfil all of it, about `most`.

    As many as a hint needs, at a cost that is known: PostgreSQL is asked for one list after the other, by its index
    where no word is in many documents; else the newest few are looked through first. SQLite is asked for all at once.
    """
    if not is_sqlite():
        return [_some(clauses, most, counts) for clauses in asked]
    parts: list[str] = []
    values: dict[str, Any] = {}
    for place, clauses in enumerate(asked):
        found, own = source(clauses, most, f"a{place}", counts=counts)
        parts.append(f"SELECT {place} AS place, subject_id FROM ({found}) AS part_{place}")  # noqa: S608
        values |= own
    ids: list[list[int]] = [[] for _clauses in asked]
    for place, subject_id in rows_of(" UNION ALL ".join(parts), values, "place", "subject_id") if parts else ():
        ids[place].append(subject_id)
    return ids


def _some(clauses: Sequence[Clause], most: int, counts: Mapping[str, int]) -> list[int]:
    values = {"a_most": most, "a_words": tsquery(clauses), "a_few": ENOUGH}
    plan = _BY_INDEX if _at_most(clauses, counts) <= INDEXED else _NEWEST_FIRST
    return list(dict.fromkeys(column_of(plan.format(name="a", looked=LOOKED_THROUGH), values, "subject_id")))


def document_counts(clauses: Sequence[Clause]) -> dict[str, int]:
    """In how many documents each stem was when last counted, and how many there are (""); FTS5 needs none of it."""
    if is_sqlite():
        return {}
    stems = {one for clause in clauses if not clause.is_tag for row in clause.alternatives for one in row}
    return {row.stem: row.documents for row in db.session.execute(text(_COUNTS), {"stems": list(stems)})}


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
    SELECT stem, max(documents) AS documents FROM vocabulary WHERE stem = ANY(:stems) GROUP BY stem
    UNION ALL SELECT '', greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'documents'::regclass"""
# Fenced by MATERIALIZED and LIMIT, so that each is carried out as its name says (without a limit PostgreSQL sorts all).
_BY_INDEX = """
    WITH {name}_found AS MATERIALIZED (
        SELECT subject_id FROM documents WHERE words @@ CAST(:{name}_words AS tsquery))
    SELECT subject_id FROM {name}_found ORDER BY subject_id DESC LIMIT :{name}_most"""
_NEWEST_FIRST = """
    WITH {name}_looked AS MATERIALIZED (
        SELECT subject_id
        FROM (SELECT subject_id, words FROM documents ORDER BY subject_id DESC LIMIT {looked}) AS newest
        WHERE words @@ CAST(:{name}_words AS tsquery) LIMIT :{name}_most),
    {name}_found AS MATERIALIZED (
        SELECT subject_id FROM documents
        WHERE (SELECT count(*) FROM {name}_looked) < :{name}_few AND words @@ CAST(:{name}_words AS tsquery))
    SELECT subject_id FROM {name}_looked
    UNION ALL (SELECT subject_id FROM {name}_found ORDER BY subject_id DESC LIMIT :{name}_most)"""
_LOOKED_THROUGH = """
    SELECT subject_id
    FROM (SELECT subject_id, words FROM documents ORDER BY subject_id DESC LIMIT {looked_at_most}) AS {name}_all
    WHERE words @@ CAST(:{name}_words AS tsquery) LIMIT :{name}_most"""
