"""Clauses a document must fulfil, in the words of FTS5 and of tsquery, and how their newest hits are found.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kit.db import is_sqlite
from app.kit.fetching import Beside, Part, among, listed, parts_of, rows_of
from app.kit.textindex import NUMEROUS, tag

CANDIDATES = 400
LOOKED_AT_MOST = 25_000
"""How many of the newest documents are looked through for words that are common: 400 of them hold one in sixty."""
TITLES_OF = 10_000
"""Of a word in more documents than this, on SQLite, only the newest so many are looked at for titles with it."""
RARELY = 0.1
READ_FOR_SOME, READ_FOR_NEWEST = 5000, 50_000
"""The same for the few that hints compare, in titles and texts; and for titles that are offered while typing."""
INDEXED, LOOKED_THROUGH, ENOUGH = 1500, 400, 5
"""Up to so many documents are asked of PostgreSQL's index; else so many of the newest are looked through first, and
where fewer than these few are found, words are rarer than they seemed (they seldom stand in titles)."""
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
    clauses: Sequence[Clause], most: int, name: str = "a", *, counts: Mapping[str, int], read: int = 0
) -> tuple[str, dict[str, Any]]:
    """A select of the newest `most` ids of documents that fulfil all clauses, and its values.

    Args:
        counts: what `document_counts` said of the clauses.
        read: through about so many documents with the rarest of the words FTS5 goes, the newest ones; titles hold few
            of the words that are in many texts, so that of them it is bounded anyway.
    """
    values: dict[str, Any] = {f"{name}_most": most}
    if is_sqlite():
        kinds = [clause.kind for clause in clauses if clause.kind]
        values[f"{name}_words"] = fts5([clause for clause in clauses if not clause.kind])
        values |= {f"{name}_kind": kinds[0]} if kinds else {}
        values[f"{name}_behind"] = _behind(clauses, counts, read)
        return _BY_FTS5.format(name=name, kind=_OF_KIND.format(name=name) if kinds else ""), values
    plan = _LOOKED_THROUGH if _are_common(clauses, most, counts) else _BY_INDEX
    return plan.format(name=name, looked_at_most=LOOKED_AT_MOST), values | {f"{name}_words": tsquery(clauses)}


def newest(clauses: Sequence[Clause], most: int, beside: Beside | None = None) -> list[int]:
    """The newest `most` ids of documents that fulfil all clauses, by one statement, in which `beside` is asked, too."""
    found, values = source(clauses, most, counts=document_counts(clauses), read=READ_FOR_NEWEST)
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
        parts[str(place)] = Part(_TITLES.format(found=found), ("subject_id", "title"))
        values |= own
    return [dict(rows or ()) for rows in parts_of(parts, values).values()]


def _some(clauses: Sequence[Clause], most: int, name: str, counts: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
    if is_sqlite():
        return source(clauses, most, name, counts=counts, read=READ_FOR_SOME)
    values = {f"{name}_most": most, f"{name}_words": tsquery(clauses)}
    if _at_most(clauses, counts) <= INDEXED:
        return _BY_INDEX.format(name=name), values
    return _NEWEST_FIRST.format(name=name, looked=LOOKED_THROUGH), values | {f"{name}_few": ENOUGH}


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
    most = read or (TITLES_OF if any(clause.title_only for clause in clauses) else 0)
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
    SELECT rowid AS subject_id FROM documents_fts
    WHERE documents_fts MATCH :{name}_words AND rowid > :{name}_behind {kind}
    ORDER BY rowid DESC LIMIT :{name}_most"""
_OF_KIND = """
    AND EXISTS (SELECT 1 FROM documents AS of_kind INDEXED BY ix_documents_subject_id_kind_at
                WHERE of_kind.subject_id = documents_fts.rowid AND of_kind.kind = :{name}_kind)"""
_TITLES = """
    SELECT documents.subject_id, documents.title FROM ({found}) AS found
    JOIN documents ON documents.subject_id = found.subject_id"""
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
