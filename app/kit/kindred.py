"""What the vocabulary says of some words: how common they are, compounds with them, words they may be slips of.

All of it comes in one statement (`look`). Counts are those of the last `vocabulary.recount`: they order words and
decide what is worth asking, so that nobody waits for the compounds of a word that is in enough texts itself.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA, Indel

from app.kit.db import is_sqlite
from app.kit.fetching import Part, listed, parts_of
from app.kit.frequency import Counts, all_there_is, each_count

SHORTEST = 3
SHORT_PART = 4
SHORT = 6
PIECE = 3
ENOUGH_PIECES = 2
MOST_PIECES = 6
LAST_LETTER = "\U0010ffff"
JOINTS = ("s", "n", "en", "er", "e", "es")
# What may stand behind the first part of a compound: a joining sound or none, and what a German word begins with.
JOINED = re.compile(
    "(?:s|n|en|er|e|es)?(?:pf[lr]?|ph|qu|sch[lmnrw]?|s[pt]r|sp|st|tsch|th|[bfgkp]l|[bdfgkpt]r|[gk]n|kw|[dz]w|wr|ch|"
    "[bcdfghjklmnprstvwxz])?[aeiouy]"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A word of the vocabulary."""

    word: str
    stem: str
    documents: int


@dataclass(frozen=True, slots=True)
class Slip:
    """Compounds of a stem are asked for where no more documents hold it, slips of `typed` (folded) where fewer do."""

    typed: str
    below: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `counts`: of each stem asked for and of all that was found; one that is missing is in none.

    compounds: by stem, the most frequent first; a stem that is missing was too common to be asked for.
    meant: by stem the words it may be a slip of, each with how far it is, the nearest first.
    """

    counts: Counts
    compounds: Mapping[str, list[str]]
    meant: Mapping[str, list[tuple[tuple[int, int], Known]]]

    @property
    def documents(self) -> Mapping[str, int]:
        return self.counts.documents


def is_part(stem: str) -> bool:
    """Whether compounds are looked for that hold this stem: one of at least three letters, without digits."""
    return len(stem) >= SHORTEST and stem.isalpha()


def holds(whole: str, part: str) -> bool:
    """Whether a stem is a compound with another (or begins with one that is not written to its end yet).

    A part has at least three letters before it (`beweg` holds no `weg`); one of three letters stands at the end.
    What follows it begins as German words begin: `schuldner` is no compound with `schul`.
    """
    if whole.startswith(part):
        return JOINED.match(whole, len(part)) is not None
    return whole.endswith(part, SHORTEST) if len(part) == SHORTEST else whole.find(part, SHORTEST) >= 0


def look(
    stems: Collection[str], *, often: Mapping[str, int | None], most: int, slips: Mapping[str, Slip] | None = None
) -> Look:
    """Ask for all of it.

    Of a word that documents hold as it is, compounds alone are found; a short one's other part must be known as well
    (`hausverwalt` is none with `alt`). Of a word nobody has written yet, all that begins with it.

    Args:
        stems: those to count.
        often: the stems to find compounds with, each with the most documents that may hold it (None: any number).
        most: how many compounds with each.
        slips: by their stem, words that may be slips.
    """
    parts, values = {"": Part(each_count(), ("stem", "documents"))}, {"stems": listed(stems)}
    values["most"] = 2 * most
    asked = [one for one in often if is_part(one)]
    for n, stem in enumerate(asked):
        parts[stem] = _compounds(n, stem, often[stem])
        values |= _values(n, stem, often[stem])
    for n, (stem, slip) in enumerate((slips or {}).items()):
        if mistakes := slips_forgiven(slip.typed):
            parts[f"~{stem}"], more = _resembling(n, slip, stem, mistakes)
            values |= more
    parts["*"] = all_there_is()
    return _said(parts_of(parts, values), asked, slips or {}, most)


def _said(found: Mapping[str, Any], asked: Sequence[str], slips: Mapping[str, Slip], most: int) -> Look:
    documents = dict(found[""])
    compounds = {one: _fitting(one, rows, documents)[:most] for one in asked if (rows := found[one]) is not None}
    meant = {one: nearest(slip.typed, found.get(f"~{one}") or ()) for one, slip in slips.items()}
    others = {known.stem: known.documents for some in meant.values() for _far, known in some}
    others |= {row[0]: row[1] for one in asked for row in found[one] or ()}
    return Look(Counts(others | documents, *found["*"][0]), compounds, meant)


def nearest(typed: str, rows: Iterable[Sequence[Any]]) -> list[tuple[tuple[int, int], Known]]:
    """Of (folded, word, stem, documents) those that differ from `typed` by a slip or two, the nearest first.

    A slip is a letter too many, too few, another one, or two that changed places (Damerau 1964). Among words equally
    near those come first that keep all letters typed, then frequent ones.
    """
    slips = slips_forgiven(typed)
    ranked = sorted(
        (distance, Indel.distance(typed, folded), -documents, word, stem)
        for folded, word, stem, documents in rows
        if 0 < (distance := OSA.distance(typed, folded, score_cutoff=slips)) <= slips
    )
    return [((far, others), Known(word, stem, -number)) for far, others, number, word, stem in ranked]


def slips_forgiven(word: str) -> int:
    """How many slips a word is forgiven."""
    if len(word) <= SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) <= 5 else 2


def _fitting(stem: str, found: Sequence[Sequence[Any]], documents: Mapping[str, int]) -> list[str]:
    if not documents.get(stem):
        return [other for other, _number, _has_rest in found]
    return [other for other, _number, has_rest in found if has_rest and holds(other, stem)]


def _compounds(n: int, stem: str, often: int | None) -> Part:
    """A select of stems that hold another, in how many documents each is, and whether what is left of it is known."""
    return _compounds_of(n, len(stem) <= SHORT_PART, often is not None, is_sqlite())


@lru_cache(maxsize=200)
def _compounds_of(n: int, is_short: bool, is_bounded: bool, for_sqlite: bool) -> Part:
    matched = "id IN (SELECT rowid FROM vocabulary_fts WHERE vocabulary_fts MATCH :quoted_{n})"
    where = matched if for_sqlite else "stem LIKE :anywhere_{n}"
    rest = _REST.format(n=n, place="instr" if for_sqlite else "strpos") if is_short else "1"
    only_if = f"coalesce((SELECT max(documents) FROM vocabulary WHERE stem = :stem_{n}), 0) <= :often_{n}"  # noqa: S608
    statement = _COMPOUNDS.format(n=n, where=where.format(n=n), rest=rest)
    return Part(statement, ("stem", "documents", "has_rest"), only_if if is_bounded else "")


def _values(n: int, stem: str, often: int | None) -> dict[str, Any]:
    inside = f"___%{stem}" if len(stem) == SHORTEST else f"___%{stem}%"
    values: dict[str, Any] = {f"stem_{n}": stem, f"ahead_{n}": f"{stem}%", f"inside_{n}": inside}
    values |= {f"quoted_{n}": _some_trigrams(stem)} if is_sqlite() else {f"anywhere_{n}": f"%{stem}%"}
    return values if often is None else values | {f"often_{n}": often}


def _some_trigrams(stem: str) -> str:
    """What FTS5 looks up to find a stem within others: as a phrase each of its trigrams would be read, of which the
    first, the one in the middle and the last leave few others; LIKE looks at these few.
    """
    middle = len(stem) // 2 - 1
    some = dict.fromkeys((stem[:PIECE], stem[middle : middle + PIECE], stem[-PIECE:]))
    return " AND ".join(f'"{piece}"' for piece in some)


def _resembling(n: int, slip: Slip, stem: str, mistakes: int) -> tuple[Part, dict[str, Any]]:
    """A select of words that may be meant, and its values.

    A slip or two leave the first two or the last three letters alone (of a short word the last two), so only words
    that share either are looked at. Of a long word cut into pieces they also leave some alone: each slip spoils one,
    or two where it stands between them.
    """
    typed = slip.typed
    ahead, behind = typed[:2], typed[::-1][: 2 if len(typed) <= SHORT else 3]
    pieces = [typed[place : place + PIECE] for place in range(0, len(typed) - PIECE + 1, PIECE)][:MOST_PIECES]
    whole = len(pieces) - mistakes - 1
    # As many for each word, since a statement that is known need not be prepared: everything holds an empty piece.
    pieces = [*(pieces if whole >= ENOUGH_PIECES else ()), *[""] * MOST_PIECES][:MOST_PIECES]
    values: dict[str, Any] = {
        f"ahead_of_{n}": ahead,
        f"ahead_end_{n}": ahead + LAST_LETTER,
        f"behind_of_{n}": behind,
        f"behind_end_{n}": behind + LAST_LETTER,
        f"least_{n}": len(typed) - mistakes,
        f"longest_{n}": len(typed) + mistakes,
        f"meant_{n}": stem,
        f"below_{n}": slip.below,
        f"whole_{n}": MOST_PIECES - (mistakes + 1 if whole >= ENOUGH_PIECES else 0),
    }
    for one, piece in enumerate(pieces):
        values |= {f"piece_{n}_{one}": piece, f"eceip_{n}_{one}": piece[::-1]}
    return _resembling_part(n, is_sqlite()), values


@lru_cache(maxsize=200)
def _resembling_part(n: int, for_sqlite: bool) -> Part:
    find = "instr" if for_sqlite else "strpos"
    ahead_has, behind_has = (_has(find, column, f"{name}_{n}", f"whole_{n}") for column, name in _COLUMNS.items())
    statement = _RESEMBLING.format(n=n, ahead_has=ahead_has, behind_has=behind_has)
    only_if = f"coalesce((SELECT max(documents) FROM vocabulary WHERE stem = :meant_{n}), 0) < :below_{n}"  # noqa: S608
    return Part(statement, ("folded", "word", "stem", "documents"), only_if)


def _has(find: str, column: str, name: str, least: str) -> str:
    """A condition: a column holds at least so many of some pieces."""
    each = (f"CASE WHEN {find}({column}, :{name}_{one}) > 0 THEN 1 ELSE 0 END" for one in range(MOST_PIECES))
    return f"AND {' + '.join(each)} >= :{least}"


_COLUMNS = {"folded": "piece", "backwards": "eceip"}
# For each value that stands behind LIKE by itself SQLite plans anew, which took five times as long as asking.
_COMPOUNDS = """
    SELECT stem, documents, {rest} AS has_rest FROM (
        SELECT stem, max(documents) AS documents FROM vocabulary
        WHERE {where} AND (stem LIKE (:ahead_{n} || '') OR stem LIKE (:inside_{n} || '')) AND stem <> :stem_{n}
        GROUP BY stem ORDER BY max(documents) DESC, stem LIMIT :most) AS compound
    ORDER BY documents DESC, stem"""
# What stands beside a part, with and without a joining sound: one of these must be a word itself.
_AHEAD = "substr(compound.stem, length(:stem_{n}) + 1)"
_BEHIND = "substr(compound.stem, 1, {place}(substr(compound.stem, 4), :stem_{n}) + 2)"
_REST = "CASE WHEN EXISTS (SELECT 1 FROM vocabulary AS other WHERE other.stem IN ({each})) THEN 1 ELSE 0 END"
_RESTS = [
    f"CASE WHEN compound.stem LIKE (:ahead_{{n}} || '') THEN {_AHEAD} ELSE {_BEHIND} END",
    *(
        f"CASE WHEN compound.stem LIKE (:ahead_{{n}} || '') AND {_AHEAD} LIKE '{one}%' "
        f"THEN substr(compound.stem, length(:stem_{{n}}) + {len(one) + 1}) "
        f"WHEN compound.stem NOT LIKE (:ahead_{{n}} || '') AND {_BEHIND} LIKE '%{one}' "
        f"THEN substr(compound.stem, 1, {{place}}(substr(compound.stem, 4), :stem_{{n}}) + {2 - len(one)}) END"
        for one in JOINTS
    ),
]
_REST = _REST.format(each=", ".join(_RESTS))
_RESEMBLING = """
    SELECT folded, word, stem, documents FROM vocabulary
    WHERE folded >= :ahead_of_{n} AND folded < :ahead_end_{n}
        AND length(folded) BETWEEN :least_{n} AND :longest_{n} {ahead_has}
    UNION
    SELECT folded, word, stem, documents FROM vocabulary
    WHERE backwards >= :behind_of_{n} AND backwards < :behind_end_{n}
        AND length(backwards) BETWEEN :least_{n} AND :longest_{n} {behind_has}"""
