"""What the search offers by itself: "did you mean", and words and titles while somebody types.

The vocabulary may know words of what has been hidden since, so every word is looked up in the documents, as it is
written, before anybody sees it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.kit import vocabulary
from app.kit.german import fold, words
from app.kit.textindex import Search, documents
from app.kit.textquery import Query, Term, parse

OFFERS = 3
NEAR = 12
LOOKED_AT = 3
FEW = 3
MUCH_MORE = 10
SHORTEST_START = 2
STARTS = 40
WORDS = 4
TITLES = 5


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may complete the words typed so far: ids of documents by their titles, and whole queries."""

    subject_ids: Sequence[int]
    queries: Sequence[str]


def did_you_mean(text: str, *, tags: Collection[str] = (), kinds: Collection[str] = (), found: int = 0) -> list[str]:
    """Up to three queries with slips mended, each of which finds something; the nearest first.

    Args:
        found: how much the query finds as it is. A word that finds nothing is doubted; where the whole query
            finds very little, also one that is written almost like a word ten times as frequent.
    """
    query = parse(text)
    doubted = [(term, least) for term in query.terms if (least := _doubt(query, term, found))]
    for term, least in reversed(doubted[1:]):  # from the end, so that the places of those before stay true
        if word := next(_mended(query, term, least), None):
            query = parse(query.with_word(term, word))
    if not doubted:
        return []
    first, least = doubted[0]
    offers = (query.with_word(first, word) for word in _mended(query, first, least))
    return list(islice((offer for offer in offers if Search(offer, tags=tags).hits(kinds=kinds, most=1).items), OFFERS))


def suggestions(text: str) -> Suggestions:
    """Words and titles for what somebody types: its last word is taken for the beginning of one."""
    query = parse(text)
    last = query.terms[-1] if query.terms else None
    if last is None or not last.word or last.joined or last.end < len(query.text):
        return Suggestions(Search(text).titles(TITLES) if last else [], [])
    start = fold(query.typed(last))
    if len(start) < SHORTEST_START:
        return Suggestions([], [])
    known = vocabulary.beginning_with(start, STARTS)
    titles = Search(text).titles(TITLES, beginnings=[word.stem for word in known])
    public = (word.word for word in known[: 2 * WORDS] if _is_public(word.word))
    return Suggestions(titles, [query.with_word(last, word) for word in islice(public, WORDS)])


def _doubt(query: Query, term: Term, found: int) -> int:
    """In how many documents another word must be to be offered instead; 0 for a word nobody doubts."""
    if not term.word or found >= FEW:
        return 0
    if not Search(query.typed(term)).hits(most=1).items:
        return 1
    return MUCH_MORE * max(1, vocabulary.documents_with([term.word]).get(term.word, 0)) if found else 0


def _mended(query: Query, term: Term, least: int) -> Iterator[str]:
    """Words a term may be a slip of, one for each stem; only those that are equally near."""
    seen, nearest = {term.word}, None
    for slips, known in vocabulary.resembling(fold(query.typed(term)), NEAR):
        if nearest not in (None, slips):
            return
        if known.documents >= least and known.stem not in seen and _is_public(known.word):
            seen.add(known.stem)
            nearest = slips
            yield known.word


def _is_public(word: str) -> bool:
    """Whether a document that everybody may read holds the word as it is written."""
    found = Search(f'"{word}"').newest(LOOKED_AT)
    return any(word in words(f"{row.heading} {row.shown}") for row in documents(found).values())
