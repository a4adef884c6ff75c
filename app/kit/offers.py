"""What the search offers by itself: "did you mean", and words and titles while somebody types.

The vocabulary may know words of what has been hidden since, so every word is looked up in the documents, as it is
written, before anybody sees it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.kit import vocabulary
from app.kit.clauses import Clause
from app.kit.fetching import Beside, Part, parts_of
from app.kit.frequency import Counts, counts_of
from app.kit.german import fold, words
from app.kit.kindred import Known, look
from app.kit.matching import CANDIDATES, source
from app.kit.searching import RELATED_OF_EACH, Search
from app.kit.textquery import Term, parse

OFFERS = 3
NEAR = 12
LOOKED_AT = 3
FEW = 3
MUCH_MORE = 10
SHORTEST_START = 2
STARTS = 40
WORDS = 4
TITLES = 5
Meant = list[tuple[tuple[int, int], Known]]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may complete the words typed so far: ids of documents by their titles, and whole queries."""

    subject_ids: Sequence[int]
    queries: Sequence[str]


class Doubts:
    """What else may be meant by a search: `beside` is what to ask the documents for, along with the hits.

    A word nobody wrote is doubted, and so are compounds that begin with none; else, where the whole query finds very
    little, a word that is written almost like one ten times as frequent.
    """

    def __init__(self, search: Search, kinds: Collection[str] = ()) -> None:
        self.search, self.kinds = search, kinds
        self.unknown = [term for term in search.query.terms if term.word and self._is_unknown(term)]
        self.meant = {} if search.is_empty else self._meant()
        self.beside = Beside()
        if self.meant:
            self._ask()

    def offers(self, found: int) -> list[str]:
        """Up to three queries with slips mended, the nearest first; each stands in a document that can be found.

        Args:
            found: how much the query finds as it is.
        """
        if not self.meant or found >= FEW or not (found or self.unknown):
            return []
        if not self.beside.found:
            self.beside.found = parts_of(self.beside.parts, self.beside.values)
        mended = list(islice(self._mended(), OFFERS))
        is_narrowed = len(self.search.query.terms) > 1 or self.kinds
        is_wider_worth_it = self.unknown and is_narrowed and not self.search.tags
        return mended or (list(islice(self._mended_by_compounds(), OFFERS)) if is_wider_worth_it else [])

    def _is_unknown(self, term: Term) -> bool:
        known = self.search.words
        return not known.documents.get(term.word) and not known.compounds.get(term.word)

    def _meant(self) -> dict[Term, Meant]:
        """By doubted term the words it may be a slip of, one for each stem."""
        known = self.search.words
        least = dict.fromkeys(self.unknown, 1) or {
            term: MUCH_MORE * max(1, known.documents.get(term.word, 0)) for term in self.search.query.terms if term.word
        }
        found = {term: _one_of_each_stem(known.meant[term.word][:NEAR], term, number) for term, number in least.items()}
        if self.unknown and not all(found.values()):
            return {}
        return {term: some for term, some in found.items() if some}

    def _ask(self) -> None:
        """For each word that may be meant by the first doubted term the newest documents with the whole query."""
        (first, candidates), *others = self.meant.items()
        stems = {term: [known.stem for _far, known in some] for term, some in others}
        for n, (_far, known) in enumerate(candidates):
            clauses = self.search.clauses_with(stems | {first: [known.stem]}, self.kinds)
            self.beside.parts[f"offer {n}"], values = _newest_texts(clauses, f"o{n}", self.search.words.counts)
            self.beside.values |= values

    def _mended(self) -> Iterator[str]:
        """Whole queries; only those that are equally near."""
        (first, candidates), *others = self.meant.items()
        nearest = None
        for n, (far, known) in enumerate(candidates):
            for text in self.beside.found[f"offer {n}"]:
                held = set(words(" ".join(text)))
                chosen = {term: _held(some, held) for term, some in others} | {first: _held([(far, known)], held)}
                if all(chosen.values()) and nearest in (None, far):
                    nearest = far
                    yield self._with(chosen)
                    break

    def _mended_by_compounds(self) -> Iterator[str]:
        """Queries for which only compounds with the words that are meant are found."""
        (first, candidates), *others = self.meant.items()
        fixed = {term: some[0][1] for term, some in others}
        meant = [known for _far, known in candidates]
        beside = _texts_with([known.stem for known in (*meant, *fixed.values())])
        wider = look(
            [], often={known.stem: CANDIDATES for known in (*meant, *fixed.values())}, most=RELATED_OF_EACH
        ).compounds
        for n, known in enumerate(meant):
            stems = {term: [one.stem, *wider.get(one.stem, ())] for term, one in (fixed | {first: known}).items()}
            found, values = source(
                self.search.clauses_with(stems, self.kinds), 1, f"f{n}", counts=self.search.words.counts
            )
            beside.parts[f"finds {n}"] = Part(found, ("subject_id",))
            beside.values |= values
        rows = parts_of(beside.parts, beside.values)
        stand = [_stands_in(one.word, rows[f"word {n}"]) for n, one in enumerate((*meant, *fixed.values()))]
        nearest = None
        for n, (far, known) in enumerate(candidates):
            if stand[n] and all(stand[len(meant) :]) and rows[f"finds {n}"] and nearest in (None, far):
                nearest = far
                yield self._with({term: one.word for term, one in (fixed | {first: known}).items()})

    def _with(self, chosen: Mapping[Term, str]) -> str:
        query = self.search.query
        for term in sorted(chosen, key=lambda term: -term.start):  # from the end, so that places before stay true
            query = parse(query.with_word(term, chosen[term]))
        return query.text


def did_you_mean(text: str, *, tags: Collection[str] = (), kinds: Collection[str] = (), found: int = 0) -> list[str]:
    """Up to three queries with slips mended, each of which finds something; the nearest first.

    Args:
        found: how much the query finds as it is.
    """
    search = Search(text, tags=tags)
    return [] if search.is_empty or found >= FEW else Doubts(search, kinds).offers(found)


def suggestions(text: str) -> Suggestions:
    """Words and titles for what somebody types: its last word is taken for the beginning of one."""
    search = Search(text)
    query = search.query
    last = query.terms[-1] if query.terms else None
    if last is None or not last.word or last.joined or last.end < len(query.text):
        return Suggestions(search.titles(TITLES) if last else [], [])
    start = fold(query.typed(last))
    if len(start) < SHORTEST_START:
        return Suggestions([], [])
    known = vocabulary.beginning_with(start, STARTS)
    shown, beside = [word.word for word in known[: 2 * WORDS]], _texts_with([word.stem for word in known[: 2 * WORDS]])
    titles = search.titles(TITLES, beginnings=[word.stem for word in known], beside=beside)
    public = (word for n, word in enumerate(shown) if _stands_in(word, beside.found[f"word {n}"]))
    return Suggestions(titles, [query.with_word(last, word) for word in islice(public, WORDS)])


def _one_of_each_stem(meant: Meant, term: Term, least: int) -> Meant:
    first: dict[str, tuple[tuple[int, int], Known]] = {}
    for far, known in meant:
        if known.documents >= least and known.stem != term.word:
            first.setdefault(known.stem, (far, known))
    return list(first.values())


def _texts_with(stems: Sequence[str]) -> Beside:
    """What to ask for to see whether words with these stems stand anywhere."""
    clauses, beside = [Clause(((stem,),)) for stem in stems], Beside()
    counts = counts_of(clauses)
    for n, clause in enumerate(clauses):
        beside.parts[f"word {n}"], values = _newest_texts([clause], f"o{n}", counts)
        beside.values |= values
    return beside


def _newest_texts(clauses: Sequence[Clause], name: str, counts: Counts) -> tuple[Part, dict[str, Any]]:
    """What the newest documents say that fulfil clauses, for seeing whether a word stands there as it is written."""
    said = ("heading", "shown")
    found, values = source(clauses, LOOKED_AT, name, columns=said, counts=counts)
    return Part(found, said), values


def _stands_in(word: str, texts: Sequence[Sequence[str]]) -> bool:
    return any(word in words(" ".join(text)) for text in texts)


def _held(meant: Meant, held: Collection[str]) -> str:
    """The first of several words that stands in a text."""
    return next((known.word for _far, known in meant if known.word in held), "")
