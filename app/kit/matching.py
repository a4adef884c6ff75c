"""Clauses a document must fulfil, in the words of FTS5 and of tsquery, and how their newest hits are found.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.kit import vocabulary
from app.kit.db import db, is_sqlite

CANDIDATES = 400
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
    """The clauses as a tsquery; words of the title have the weight A there."""
    return " & ".join(f"({' | '.join(_lexemes(row, clause) for row in clause.alternatives)})" for clause in clauses)


def _quoted(row: Sequence[str]) -> str:
    return f'"{" ".join(row)}"'


def _lexemes(row: Sequence[str], clause: Clause) -> str:
    if clause.title_only:
        return _in_a_row(row, ":A")
    if len(row) == 1:
        return _in_a_row(row, "")
    # A row never begins in the title and ends in the text.
    return f"(({_in_a_row(row, ':A')}) | ({_in_a_row(row, ':D')}))"


def _in_a_row(row: Sequence[str], weight: str) -> str:
    return " <-> ".join(f"'{stem}'{weight}" for stem in row)


def newest(clauses: Sequence[Clause], most: int) -> list[int]:
    """The newest `most` ids of documents that fulfil all clauses."""
    found, values = source(clauses, most)
    return list(db.session.scalars(text(found), values))


def source(clauses: Sequence[Clause], most: int, name: str = "a") -> tuple[str, dict[str, Any]]:
    """A select of the newest `most` ids that fulfil all clauses, and its values."""
    values = {f"{name}_most": most}
    if is_sqlite():
        where = f"documents_fts MATCH :{name}_words ORDER BY rowid DESC LIMIT :{name}_most"
        return f"SELECT rowid AS subject_id FROM documents_fts WHERE {where}", values | {  # noqa: S608
            f"{name}_words": fts5(clauses)
        }
    return _newest_first(clauses).format(name=name), values | {f"{name}_words": tsquery(clauses)}


def _newest_first(clauses: Sequence[Clause]) -> str:
    """PostgreSQL: rare words through their index; common ones by looking at documents, the newest first.

    The index finds all n documents before they can be sorted; looking through them ends after about
    CANDIDATES * N / n of all N. The two cost the same where n² = CANDIDATES * N.
    """
    rare = {part for clause in clauses if not clause.is_tag for row in clause.alternatives for part in row}
    counts = vocabulary.documents_with(rare)
    total = db.session.scalar(text("SELECT reltuples FROM pg_class WHERE oid = 'documents'::regclass")) or 0
    share = 1.0
    for clause in clauses:
        if not clause.is_tag:
            of_clause = sum(min((counts.get(part, 0) for part in row), default=0) for row in clause.alternatives)
            share *= min(1.0, of_clause / max(total, 1.0))
    return _LOOKED_THROUGH if (share * total) ** 2 > CANDIDATES * total else _BY_INDEX


# Fenced by MATERIALIZED and OFFSET 0, so that each is carried out as its name says.
_BY_INDEX = """
    WITH {name}_found AS MATERIALIZED (
        SELECT subject_id FROM documents WHERE words @@ CAST(:{name}_words AS tsquery))
    SELECT subject_id FROM {name}_found ORDER BY subject_id DESC LIMIT :{name}_most"""
_LOOKED_THROUGH = """
    SELECT subject_id FROM (SELECT subject_id, words FROM documents ORDER BY subject_id DESC OFFSET 0) AS {name}_all
    WHERE words @@ CAST(:{name}_words AS tsquery) LIMIT :{name}_most"""
