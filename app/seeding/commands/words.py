"""Texts that nobody wrote, of words of our own (`data/words.toml`) and of compounds made of them, always the same ones.

How often words are used falls with their rank (Zipf 1935), as in real texts: a few are in every tenth idea, most in a
handful.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from app.kit.german import words

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


@dataclass(frozen=True)
class Lexicon:
    """Every word with how often it is used."""

    words: list[str]
    weights: list[float]

    def some(self, dice: Random, number: int) -> list[str]:
        return dice.choices(self.words, cum_weights=self.weights, k=number)


@dataclass(frozen=True)
class IdeaWords:
    """The texts of an idea."""

    title: str
    summary: str
    problem: str
    solution: str
    benefit: str


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
    some = book.some(dice, WORDS_IN_IDEA)
    title = dice.choice(TITLES).format(*some)
    said = [_sentence(dice, some[start : start + 5]) for start in range(3, 33, 5)]
    return IdeaWords(title, said[0], " ".join(said[1:3]), " ".join(said[3:5]), said[5])


def all_words(book: Lexicon) -> set[str]:
    """Every word that texts can hold, as the vocabulary keeps them."""
    return {word for text in (*PLANS, *TITLES, *book.words) for word in words(text)}


def comment_words(book: Lexicon, dice: Random) -> str:
    """One to three sentences."""
    number = dice.choice((1, 1, 2, 3))
    some = book.some(dice, 5 * number)
    return " ".join(_sentence(dice, some[start : start + 5]) for start in range(0, 5 * number, 5))


def person_name(dice: Random) -> str:
    """A given name and a family name, by chance."""
    return f"{dice.choice(listed('given_names'))} {dice.choice(listed('family_names'))}"


def _sentence(dice: Random, some: list[str]) -> str:
    return f"{dice.choice(PLANS).format(*some)}."
