"""Clauses a document must fulfil, in the words of FTS5 and of tsquery.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
