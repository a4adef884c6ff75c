"""Texts that nobody wrote, of words of our own (`data/words.toml`) and of compounds made of them, always the same ones.

How often words are used falls with their rank (Zipf 1935), as in real texts: a few are in every tenth idea, most in a
handful.
"""

import tomllib
from bisect import bisect
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

from app.kit.german import stems, words

DATA = Path(__file__).parents[1] / "data" / "words.toml"
WORDS_IN_IDEA = 33
TITLES = ("{} und {} für {}", "{} und {} für {}", "{}: {}")
PLANS = (
    "Wir wollen {} und {}: Dazu gehören {} und {}, und auch an {} denken wir",
    "Mit {} und {} wird es {} und {}, gerade dort, wo {} fehlt",
    "Wer {} oder {} will, braucht {} und {}, am besten zusammen mit {}",
    "Es gibt hier {} und {}, aber kaum {}, {} oder {}",
    "Gemeinsam können wir {} und {}; {}, {} und {} gehören dazu",
)
HINTS = 1 << 16


@dataclass(frozen=True)
class Lexicon:
    """Every word with how often it is used."""

    words: list[str]
    weights: list[float]

    def some(self, dice: Random, number: int) -> list[str]:
        """Words by chance, frequent ones often."""
        return [self.words[place] for place in self.places(dice, number)]

    def places(self, dice: Random, number: int) -> list[int]:
        """Where such words stand: what `dice.choices` would give, found faster (the method of guide tables).

        A search among a hundred thousand weights begins in the middle of them; here it begins beside the word.
        """
        weights, hints, total, draw = self.weights, self._hints, self.weights[-1], dice.random
        found = []
        for _ in range(number):
            share = draw()
            hint = int(share * HINTS)
            first, last = hints[hint], hints[hint + 1]
            found.append(first if first == last else bisect(weights, share * total, first, last))
        return found

    @cached_property
    def stemmed(self) -> list[tuple[str, str]]:
        """Each word, and as an index of words keeps it, with a space behind; nothing for a word it leaves out."""
        return [(word, _stemmed(word)) for word in self.words]

    @cached_property
    def _hints(self) -> list[int]:
        last = len(self.words) - 1
        return [*(bisect(self.weights, self.weights[-1] * n / HINTS, 0, last) for n in range(HINTS)), last]


@dataclass(frozen=True, slots=True)
class IdeaWords:
    """The texts of an idea, and what an index of words keeps of its title and of all the rest."""

    title: str
    summary: str
    problem: str
    solution: str
    benefit: str
    title_stems: str
    text_stems: str


@cache
def listed(name: str) -> list[str]:
    """One of the lists of the data file."""
    found: str = tomllib.loads(DATA.read_text(encoding="utf-8"))[name]
    return found.split()


def lexicon(dice: Random, most: int = 1_000_000) -> Lexicon:
    """Words and compounds, in an order of frequency that `dice` mixes; the `most` frequent."""
    first, last = listed("first"), listed("last")
    compounds = [f"{one}{end}" for one in first for end in last]
    longer = [f"{one}{second.lower()}{end}" for one in first[:60] for second in first[60:] for end in last[::4]]
    dice.shuffle(compounds)
    dice.shuffle(longer)
    known = [*listed("common"), *listed("adjectives"), *listed("verbs"), *compounds, *longer[:60_000]][:most]
    return Lexicon(known, list(accumulate(1 / (rank + 20) for rank in range(len(known)))))


def idea_words(book: Lexicon, dice: Random) -> IdeaWords:
    """One idea: three questions, three answers."""
    known = book.stemmed
    some, stemmed = zip(*[known[place] for place in book.places(dice, WORDS_IN_IDEA)], strict=True)
    title, title_stems, number = dice.choice(_patterns(TITLES))
    plans, said, kept = _patterns(PLANS), [], []
    for start in range(3, WORDS_IN_IDEA, 5):
        text, stems_, _number = dice.choice(plans)
        said.append(text % some[start : start + 5] + ".")
        kept.append(stems_ % stemmed[start : start + 5])
    texts = (said[0], f"{said[1]} {said[2]}", f"{said[3]} {said[4]}", said[5])
    found = (title_stems % stemmed[:number]).rstrip(), "".join(kept).rstrip()
    return IdeaWords(title % some[:number], *texts, *found)


def all_words(book: Lexicon) -> set[str]:
    """Every word that texts can hold, as the vocabulary keeps them."""
    return {word for text in (*PLANS, *TITLES, *book.words) for word in words(text)}


def comment_words(book: Lexicon, dice: Random) -> str:
    """One to three sentences."""
    number = dice.choice((1, 1, 2, 3))
    some = tuple(book.some(dice, 5 * number))
    plans = _patterns(PLANS)
    return " ".join([f"{dice.choice(plans)[0] % some[start : start + 5]}." for start in range(0, 5 * number, 5)])


def person_name(dice: Random) -> str:
    """A given name and a family name, by chance."""
    return f"{dice.choice(listed('given_names'))} {dice.choice(listed('family_names'))}"


@cache
def _patterns(some: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Each pattern, the one that its words' stems are put into, and for how many; both for %, which fills fastest."""
    return [
        (one.replace("{}", "%s"), "%s".join(_stemmed(piece) for piece in one.split("{}")), one.count("{}"))
        for one in some
    ]


def _stemmed(text: str) -> str:
    return "".join(f"{one} " for one in stems(text))
