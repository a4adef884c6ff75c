"""How common words are, and how far back one looks for documents with them.

Ids are taken to be in the order of time, documents to lie evenly among them, words to be as frequent at all times and
independent of each other. Where they are not, more is read; what is found does not depend on it, but for `behind`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.kit.clauses import Clause, in_titles
from app.kit.db import is_sqlite
from app.kit.fetching import Part, among, listed, parts_of

TITLES_OF = 50_000
"""Of a word in more documents than this, hints (and on SQLite searches) look for titles among the newest so many: in
one in ten of them it stands in the title."""
RARELY = 0.1
A_HIT, CHEAP = 8, 4000
"""PostgreSQL looks up a hit in the time in which it goes past eight places in the list of a word; so many are cheap."""
DEVIATIONS, GUESSED, FURTHER = 3, 1.5, 8
"""Else it looks first where so many more hits than are wanted are to be expected (standard deviations of their number)
that there are hardly ever too few; half as many again where that is a guess, of titles and of words in a row. Then it
looks eight times as far back."""
BLOCK_BITS = (10, 13, 16)
"""Ids whose higher bits are the same lie in one block, eight of these in a larger one, eight of these in a still larger
one. The numbers of all three stand in PostgreSQL's index of words, four times as high and with their size added."""
MOST_BLOCKS, FAR = 60, 0.3
"""For each place in a list GIN goes through all blocks that are asked for; of a greater share all takes no longer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many documents each stem was when last counted, how many there are, and the newest one's id.

    total: 0 on SQLite, where nothing depends on it.
    """

    documents: Mapping[str, int]
    total: int
    newest: int


def counts_of(clauses: Sequence[Clause]) -> Counts:
    """Counts of all stems that stand in the clauses."""
    stems = {one for clause in clauses if not clause.is_tag for row in clause.alternatives for one in row}
    parts = {"each": Part(each_count(), ("stem", "documents")), "all": all_there_is()}
    found = parts_of(parts, {"stems": listed(stems)})
    total, newest = found["all"][0]
    return Counts(dict(found["each"]), total, newest)


def each_count() -> str:
    """A select of `:stems` that stand in documents, and in how many."""
    return _COUNTS.format(among=among("stems"))


def all_there_is() -> Part:
    """A select of how many documents there are (0 on SQLite), and the newest one's id."""
    return Part(_NEWEST if is_sqlite() else _TOTAL, ("documents", "newest"))


def behind(clauses: Sequence[Clause], counts: Counts, read: int) -> int:
    """The id behind which about `read` of the documents lie that hold the rarest of the words; 0 where no more do.

    Of titles the newest are enough where little is to be read, and on SQLite always.
    """
    most = TITLES_OF if in_titles(clauses) and (read or is_sqlite()) else read
    number = _at_most(clauses, counts)
    return int(counts.newest * (1 - most / number)) if 0 < most < number else 0


def blocks_with(clauses: Sequence[Clause], most: int, counts: Counts) -> list[list[int]]:
    """The newest blocks, in which `most` documents that fulfil the clauses may well be, and more of them, if need be.

    None: all have to be asked.
    """
    listed_ = _at_most(clauses, counts) * (RARELY if in_titles(clauses) else 1)
    expected = _expected(clauses, counts)
    if listed_ + A_HIT * expected <= CHEAP:
        return []
    share = _wanted(clauses, most) / max(expected, 1)
    nearer = [_newest(counts.newest, share * times) for times in (1, FURTHER) if share * times < FAR]
    return [blocks for blocks in nearer if blocks and len(blocks) <= MOST_BLOCKS]


def _wanted(clauses: Sequence[Clause], most: int) -> float:
    """How many hits are to be expected where `most` are to be found."""
    is_guess = in_titles(clauses) or any(len(row) > 1 for clause in clauses for row in clause.alternatives)
    return (most + DEVIATIONS * math.sqrt(most)) * (GUESSED if is_guess else 1)


def _newest(newest: int, share: float) -> list[int]:
    """The blocks of this share of all ids, small ones at its beginning; none where they are all there are."""
    first, blocks = int(newest * (1 - share)) >> BLOCK_BITS[0], []
    if not first:
        return []
    for size, (bits, larger) in enumerate(pairwise(BLOCK_BITS)):
        end = (first >> (larger - bits)) + 1
        blocks += [block * 4 + size for block in range(first, end << (larger - bits))]
        first = end
    # What was written a moment ago may have begun a new one.
    last = max(first, newest >> BLOCK_BITS[-1]) + 1
    return [*blocks, *(block * 4 + len(BLOCK_BITS) - 1 for block in range(first, last + 1))]


def _at_most(clauses: Sequence[Clause], counts: Counts) -> int:
    """In how many documents all clauses can be fulfilled at most."""
    words = [clause.alternatives for clause in clauses if not clause.is_tag]
    return min((sum(min(counts.documents.get(one, 0) for one in row) for row in rows) for rows in words), default=0)


def _expected(clauses: Sequence[Clause], counts: Counts) -> float:
    """How many documents may fulfil the clauses.

    One in ten words stands in the title, one in ten pairs in a row, and a filter leaves one document in ten.
    """
    number = float(counts.total)
    for clause in clauses:
        share = sum(_share(row, counts) for row in clause.alternatives)
        number *= RARELY if clause.is_tag else min(1.0, share * (RARELY if clause.title_only else 1.0))
    return number


def _share(row: Sequence[str], counts: Counts) -> float:
    return math.prod(counts.documents.get(one, 0) / max(counts.total, 1) for one in row) * RARELY ** (len(row) - 1)


_COUNTS = "SELECT stem, max(documents) AS documents FROM vocabulary WHERE stem {among} GROUP BY stem"
_NEWEST = "SELECT 0 AS documents, coalesce(max(subject_id), 0) AS newest FROM documents"
_TOTAL = """
    SELECT greatest(reltuples, 0)::bigint AS documents, (SELECT coalesce(max(subject_id), 0) FROM documents) AS newest
    FROM pg_class WHERE oid = 'documents'::regclass"""
