"""What a document must hold, in the words of FTS5 and of tsquery.

Stems are ASCII letters and digits, tags besides have underscores; nothing of what people type gets here as it is.
FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax; tsquery: PostgreSQL's documentation, 8.11.2.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Alternatives = tuple[tuple[str, ...], ...]
NUMEROUS: set[str] = set()


@dataclass(frozen=True, slots=True)
class Clause:
    """One of these alternatives must stand in the document (or in its title); each is a row of stems, or a tag.

    kind: the only one the documents may be of, where it is numerous.
    """

    alternatives: Alternatives
    is_tag: bool = False
    title_only: bool = False
    kind: str = ""


def tag(name: str, value: int | str) -> str:
    """Something to filter by, such as `tag("topic", 7)`: letters and digits only; no word of a text is a tag."""
    return f"_{name}_{value}"


def expect_many(kind: str) -> None:
    """Say that most documents are of a kind: of each hit it is looked up whether it is one, where reading all the
    places of its tag would take longer than finding the words.
    """
    NUMEROUS.add(kind)


def of_kinds(kinds: Collection[str]) -> list[Clause]:
    """That a document is of one of these kinds; nothing where none is named."""
    if not kinds:
        return []
    only = next(iter(kinds)) if len(kinds) == 1 else ""
    tags = tuple((tag("kind", kind),) for kind in sorted(kinds))
    return [Clause(tags, is_tag=True, kind=only if only in NUMEROUS else "")]


def in_titles(clauses: Sequence[Clause]) -> bool:
    """Whether words are looked for in titles: all of them or none."""
    return any(clause.title_only for clause in clauses)


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
