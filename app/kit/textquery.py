"""What a person typed into a search field, as terms: words, words with hyphens, phrases in quotation marks.

Everything else they may type (minus signs, stars, brackets, operators) means nothing here, and nothing of it
reaches a database.
"""

import re
from dataclasses import dataclass

from app.kit.german import HYPHENATED, STOP_WORDS, WORD, fold, plain, spelling, stem, stems
from app.kit.remembering import remembered

MAX_TERMS = 8
MAX_LETTERS = 200
MAX_PHRASE = 12
QUOTED = re.compile(r'["„“”«»]([^"„“”«»]+)["„“”«»]')
ITEM = re.compile(f"(?P<quoted>{QUOTED.pattern})|(?P<hyphenated>{HYPHENATED.pattern})|(?P<word>{WORD.pattern})")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a text must hold: these stems in a row, or (of a word with hyphens) the one stem `joined`.

    `start` and `end` are where it stands in the query; a literal term (quoted) is not looked for in compounds.
    """

    stems: tuple[str, ...]
    start: int
    end: int
    joined: str = ""
    literal: bool = False

    @property
    def word(self) -> str:
        """The single stem that compounds and other spellings may be found for; empty if there is none."""
        if self.literal:
            return ""
        return self.joined or (self.stems[0] if len(self.stems) == 1 else "")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every term. `has_only_stop_words`: words were typed, but none that says anything."""

    text: str
    terms: tuple[Term, ...]
    has_only_stop_words: bool = False

    def with_word(self, term: Term, word: str) -> str:
        """The query's text with one term written differently."""
        return f"{self.text[: term.start]}{word}{self.text[term.end :]}"

    def typed(self, term: Term) -> str:
        """A term as it was typed."""
        return self.text[term.start : term.end]


@remembered(300)
def parse(text: str) -> Query:
    """Read a query; of a very long one its first 200 characters and eight terms."""
    line = plain(" ".join(text[:MAX_LETTERS].split()))
    terms: dict[tuple[str, ...], Term] = {}
    for match in ITEM.finditer(line):
        term = _term(match)
        if term is not None and len(terms) < MAX_TERMS:
            terms.setdefault(term.stems, term)
    return Query(line, tuple(terms.values()), not terms and any(c.isalnum() for c in line))


def folded(query: Query, term: Term) -> str:
    """A term as typed, folded for comparing it with other spellings."""
    return fold(query.typed(term))


def _term(match: re.Match[str]) -> Term | None:
    start, end = match.span()
    if match["quoted"]:
        found = tuple(stems(match[0])[:MAX_PHRASE])
        return Term(found, start, end, literal=True) if found else None
    if match["hyphenated"]:
        found = tuple(stems(match[0])[:MAX_PHRASE])
        return Term(found, start, end, joined=stem(match[0])) if found else None
    word = spelling(match["word"])
    found = (stem(word),) if word not in STOP_WORDS and stem(word) else ()
    return Term(found, start, end) if found else None
