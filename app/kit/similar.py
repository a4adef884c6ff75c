"""What was published before under a similar title: for hints while somebody types one of their own.

A title says the same with other words of the same family: stems meet ("Bänke", "Bank"), compounds meet their parts
in both directions ("Fahrradstraße", "Straße für Fahrräder"), and a slip meets the word that was meant. A rare word
says more than a frequent one. Candidates are few by construction: the newest titles with one of the rarest words,
and the newest texts with two of them; only these are compared.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from operator import mul

from app.kit.clauses import Clause, of_kinds
from app.kit.frequency import Counts
from app.kit.german import STOP_WORDS, fold, stem, words
from app.kit.kindred import Look, Slip, look
from app.kit.matching import some_titles_of_each

MOST_TERMS = 6
ASKED = 3
CANDIDATES = 20
COMPOUNDS = 12
OFTEN = 200
"""A word in more documents than this is in enough titles itself: compounds with it are not asked for."""
SHORTEST_PART = 4
SLIPS = 2
LIKENESS = 0.45
"""From which share of what a title says another one counts as similar; found by reading pairs of real titles."""
FAMILY = 0.75
ELSEWHERE = 0.48
UNHEARD = 0.2
"""What a word says that nothing like it was ever written with."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a title: how much it says, and the stems that may stand for it, each with how well it does."""

    weight: float
    stems: Mapping[str, float]


def similar(title: str, *, kind: str, most: int = 5, without: int = 0) -> list[int]:
    """The subjects of a kind whose titles say most of what `title` says, the most similar first.

    Args:
        without: a subject that is not compared, such as the one that is edited.
    """
    terms, counts = _terms(title)
    if not terms:
        return []
    every = sum(term.weight for term in terms)
    pairs = _candidates(terms, every * LIKENESS, kind, counts)
    titles = {one: stems for found in pairs.values() for one, stems in found.items()}
    titles.pop(without, None)
    scores = {one: score / every for one, score in _scores(terms, titles, pairs).items()}
    alike = [one for one, score in scores.items() if score >= LIKENESS]
    return sorted(alike, key=lambda one: (-round(scores[one], 3), len({*titles[one].split()}), -one))[:most]


def _scores(
    terms: Sequence[Term], titles: Mapping[int, str], pairs: Mapping[tuple[int, ...], Mapping[int, str]]
) -> dict[int, float]:
    """What each title says of the terms; a pair that stands in the text below it counts for less.

    Most words of most titles say nothing of them: what a word says is looked up, not asked of each term.
    """
    said = {one: [0.0] * len(terms) for one in titles}
    for places in pairs:
        for one in said.keys() & pairs[places] if len(places) == 2 else ():
            for place in places:
                said[one][place] = ELSEWHERE
    saying = _saying(terms)
    for one, stems in titles.items():
        for place, share in chain.from_iterable(saying[stem_] for stem_ in saying.keys() & stems.split()):
            said[one][place] = max(said[one][place], share)
    weights = [term.weight for term in terms]
    return {one: sum(map(mul, shares, weights)) for one, shares in said.items()}


def _saying(terms: Sequence[Term]) -> dict[str, list[tuple[int, float]]]:
    """By stem the places of the terms it says, each with how well it does."""
    saying: dict[str, list[tuple[int, float]]] = {}
    for place, term in enumerate(terms):
        for stem_, share in term.stems.items():
            saying.setdefault(stem_, []).append((place, share))
    return saying


def _terms(title: str) -> tuple[list[Term], Counts]:
    """The words of a title that say something, those that say most first, and how common their stems are."""
    typed = dict.fromkeys(word for word in words(title) if word not in STOP_WORDS and stem(word))
    own = {word: stem(word) for word in list(typed)[: 2 * MOST_TERMS]}
    if not own:
        return [], Counts({}, 0, 0)
    parts = {one: [*_parts(one)] for one in own.values()}
    found = look(
        {*own.values(), *(part for some in parts.values() for part in some)},
        often=dict.fromkeys(own.values(), OFTEN),
        most=COMPOUNDS,
        slips={one: Slip(fold(word)) for word, one in own.items()},
    )
    terms = [_term(one, parts[one], found) for one in own.values()]
    return sorted(terms, key=lambda term: -term.weight)[:MOST_TERMS], found.counts


def _term(own: str, parts: Sequence[str], found: Look) -> Term:
    counts = found.documents
    number = counts.get(own, 0)
    stems = dict.fromkeys(found.compounds.get(own, ()), FAMILY)
    known = sorted((part for part in parts if part in counts), key=len, reverse=True)
    begins, ends = [part for part in known if own.startswith(part)], [part for part in known if own.endswith(part)]
    stems |= dict.fromkeys([*begins[:1], *ends[:1]], FAMILY)
    if not number and (meant := [near for _far, near in found.meant[own][:SLIPS]]):
        number = max(near.documents for near in meant)
        stems |= dict.fromkeys((near.stem for near in meant), FAMILY)
    weight = 1 / math.log(math.e + number) if number or stems else UNHEARD
    return Term(weight, stems | {own: 1.0})


def _parts(whole: str) -> Iterator[str]:
    """What a compound may begin or end with."""
    if whole.isalpha():
        for place in range(SHORTEST_PART, len(whole) - SHORTEST_PART + 1):
            yield from (whole[:place], whole[place:])


def _candidates(
    terms: Sequence[Term], enough: float, kind: str, counts: Counts
) -> dict[tuple[int, ...], dict[int, str]]:
    """The newest texts with two of the rarest terms, and the newest titles with one or all of them, by their places.

    One that does not say enough by itself is looked for alone only where what it lacks may be in terms nobody asks for.
    """
    only = of_kinds([kind])
    rarest, is_all = terms[:ASKED], len(terms) <= ASKED
    texts = [Clause(tuple((one,) for one in term.stems)) for term in rarest]
    titles = [replace(clause, title_only=True) for clause in texts]
    asked: dict[tuple[int, ...], list[Clause]] = {
        (place,): [titles[place], *only] for place, term in enumerate(rarest) if term.weight >= enough or not is_all
    }
    asked |= {pair: [texts[pair[0]], texts[pair[1]], *only] for pair in combinations(range(len(rarest)), 2)}
    if len(rarest) == ASKED:
        asked[*range(ASKED)] = [*titles, *only]
    return dict(zip(asked, some_titles_of_each([*asked.values()], CANDIDATES, counts=counts), strict=True))
