"""German words: what counts as one, its stem, and how different spellings of it meet.

A stem is made by Snowball's German algorithm (https://snowballstem.org/algorithms/german/stemmer.html), which
also reads "ae", "oe" and "ue" as umlauts where they are, takes "-innen" off, and ends without umlauts; what is
left of other alphabets is written in ASCII, so that both databases compare plain letters and find the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from threading import Lock

from Stemmer import Stemmer

from app.kit.remembering import remembered

LONGEST = 64
MANY_OF_THEM = 9  # letters from which on "-innen" means people: Ärztinnen, but not beginnen
# "Schüler:innen", "Schüler*in", "Schüler_innen", "Schüler/-innen", "Schüler(innen)" are one word each.
WORD = re.compile(r"[^\W_]+(?:[:*_·]in(?:nen[^\W_]*)?(?![^\W_])|/-?innen[^\W_]*|/-in(?![^\W_])|\((?:innen|in)\))?")
HYPHENATED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
SIGNS = re.compile(r"[^\w]|_")
# What a sign of gender stands before is left out where the rest is a word: "Ärzt:in", "Lehrer(in)".
ONE_OF_THEM = re.compile(r"(?:[:*_·]|/-|\()in\)?$")
# Soft hyphens and characters without width stand inside words and mean nothing.
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# Accents of other languages; umlauts are the stemmer's work.
ACCENTS = str.maketrans("áàâãåéèêëíìîïóòôõúùûçćčñńšśžźżřěůý", "aaaaaeeeeiiiioooouuucccnnsszzzreuy")
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "a", "œ": "o", "þ": "th", "ð": "d", "ı": "i"})
UE = re.compile(r"(?<![aeq])ue")
STOP_WORDS = frozenset(
    "aber als am an auch auf aus bei bin bis da das dass dem den der des die doch du ein eine einem einen einer eines "
    "er es für fuer hat ich ihr im in ist ja man mit nach nicht noch nur oder sich sie sind so um und uns vom von vor "
    "war was wegen wenn wer wie wir zu zum zur über ueber the a of and to in is for on".split()
)
# A stemmer holds the word it works at: threads take turns (PyStemmer's documentation, "not re-entrant").
_stemmer = Stemmer("german", 0)
_turn = Lock()


def plain(text: str) -> str:
    """A text as the search reads it: composed (NFC), without invisible characters; marks point into this one."""
    return text if text.isascii() else INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def words(text: str) -> Iterator[str]:
    """The words of a text in order, in lower case and without gender signs; words cut at LONGEST letters."""
    return map(spelling, WORD.findall(plain(text)))


def spelling(word: str) -> str:
    """One word as the vocabulary keeps it: `SchülerInnen` and `Schüler:innen` are `schülerinnen`."""
    lower = word.lower()
    return (lower if lower.isalnum() else SIGNS.sub("", ONE_OF_THEM.sub("", lower)))[:LONGEST]


@remembered(20_000, longest=LONGEST)
def stem(word: str) -> str:
    """The stem of one word, in ASCII letters and digits; empty where nothing of it is either."""
    text = spelling(word).replace("ß", "ss").translate(ACCENTS)
    if len(text) >= MANY_OF_THEM:
        text = text.removesuffix("innen")  # Kolleginnen are found by Kollege
    with _turn:
        found = str(_stemmer.stemWord(text))
    if found.endswith("buss") and "ß" not in word:
        found = found[:-1]  # Busse and Schulbusse are found by Bus; the stemmer knows no plural of -us
    return _ascii(found)[:LONGEST]


def stems(text: str) -> list[str]:
    """The stems of a text in order, without stop words."""
    return stems_of(words(text))


def stems_of(some: Iterable[str]) -> list[str]:
    """The stems of words in order, without stop words."""
    return [found for word in some if word not in STOP_WORDS and (found := stem(word))]


def joined_stems(text: str) -> list[str]:
    """The stems of words with hyphens as if they had none: `Rad-Weg` also is `radweg`."""
    return [stem(SIGNS.sub("", match[0])) for match in HYPHENATED.finditer(plain(text))]


@remembered(20_000, longest=LONGEST)
def fold(word: str) -> str:
    """A word for comparing spellings: `fussgaenger` and `Fußgänger` are alike."""
    text = spelling(word).replace("ß", "ss").replace("ae", "a").replace("oe", "o")
    return _without_accents(UE.sub("u", text))


def _ascii(word: str) -> str:
    if word.isascii():
        return word
    return "".join(c if c.isascii() else f"u{ord(c):x}" for c in _without_accents(word) if c.isalnum())


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c)).lower()
