"""The words around a hit, with marks: `… am <mark>Radweg</mark> fehlt Licht …`."""

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from app.kit.german import WORD, plain, stem
from app.kit.kindred import holds, is_part
from app.kit.textquery import Query

AROUND = 90
LENGTH = 220
# How a stem's letters may be written: it has neither umlauts nor ß.
SPELLINGS = {
    "a": "[aäáàâ]e?",
    "o": "[oöóòôø]e?",
    "u": "[uüúùû]e?",
    "e": "[eéèêë]",
    "ß": "(?:ss|ß)",
    "c": "[cçčć]",
    "n": "[nñń]",
}


def snippet(line: str, query: Query) -> Markup:
    """About 220 characters of one plain line around the first hit, with every hit in them marked."""
    first = next((match.start() for match in _found(line, query)), 0)
    begin = line.rfind(" ", 0, first - AROUND) + 1 if first > AROUND else 0
    piece = line[begin : begin + LENGTH]
    if len(line) > begin + LENGTH:
        piece = piece.rsplit(" ", 1)[0].rstrip(",.;:") + " …"
    return marked(f"… {piece}" if begin else piece, query)


def marked(text: str, query: Query) -> Markup:
    """A text with every hit marked."""
    line = plain(text)
    pieces, end = [], 0
    for match in _found(line, query):
        pieces += [str(escape(line[end : match.start()])), f"<mark>{escape(match[0])}</mark>"]
        end = match.end()
    return Markup("".join([*pieces, str(escape(line[end:]))]))  # noqa: S704 (every piece is escaped above)


def _found(line: str, query: Query) -> Iterator[re.Match[str]]:
    """The words of a line that a query asks for: of those that look like one, the ones with a stem that is."""
    wanted = _wanted(query)
    end = 0
    lower = line.lower()
    if len(lower) != len(line):  # a Turkish İ becomes two characters; places must fit
        lower = "".join(c.lower()[:1] for c in line)
    while wanted and (near := _looks_like(wanted).search(lower, end)):
        match = WORD.match(line, _start_of_word(line, near.start(), end))
        end = max(near.end(), match.end() if match else 0)
        if match and _is_wanted(stem(match[0]), wanted):
            yield match


def _start_of_word(line: str, place: int, least: int) -> int:
    while place > least and line[place - 1].isalnum():
        place -= 1
    return place


@lru_cache(maxsize=200)
def _wanted(query: Query) -> tuple[tuple[str, bool], ...]:
    """The stems to mark, each with whether compounds with it are marked too."""
    inside = {term.word for term in query.terms if is_part(term.word)}
    whole = {one for term in query.terms for one in term.stems} - inside
    return tuple(sorted([*((one, True) for one in inside), *((one, False) for one in whole)]))


@lru_cache(maxsize=200)
def _looks_like(wanted: tuple[tuple[str, bool], ...]) -> re.Pattern[str]:
    return re.compile("|".join(_written(one, inside) for one, inside in wanted))


def _written(stem_: str, inside: bool) -> str:
    letters = "".join(SPELLINGS.get(letter, letter) for letter in stem_.replace("ss", "ß"))
    return letters if inside else rf"(?<![^\W_]){letters}"


def _is_wanted(found: str, wanted: tuple[tuple[str, bool], ...]) -> bool:
    return any(found == one or (inside and holds(found, one)) for one, inside in wanted)
