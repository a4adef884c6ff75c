"""Finding documents: `Search("fahrradstraße", tags=[…])` over what `kit.textindex` wrote.

A text is found when it holds every term: the word itself, a word that begins so, or a compound with it. Order: first
all words in the title, then the words themselves anywhere, then beginnings and compounds; in each group the newest.
Only the newest 200 of each group are looked at: ranking all hits of a common word took 160 ms at 100,000 documents.
And of words that are in more than 50,000 documents titles are looked for among the newest of these (`kit.frequency`).
Tags stand in the index, so that a filter loses nothing to this limit. Both databases compare ASCII stems, so they
find and sort alike. A search takes two statements: what the vocabulary says of its words, and the hits.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, starmap
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, TextualSelect, column, text

from app.kit.clauses import Alternatives, Clause, fts5, of_kinds, tsquery
from app.kit.db import is_sqlite
from app.kit.fetching import Beside, Part, parts_of
from app.kit.kindred import Look, Slip, look
from app.kit.matching import CANDIDATES, newest, source
from app.kit.textquery import Query, Term, folded, parse

RELATED = 150
RELATED_OF_EACH = 40
ENOUGH = 60
"""Hits of several whole words from which on nobody is helped by compounds with each of them."""
COMMON = 2 * CANDIDATES
"""A word in more documents than this finds enough by itself; should it not, compounds are asked for afterwards."""
SELDOM, SELDOM_AMONG_SEVERAL = 3, 20
"""A word that fewer documents hold may be a slip."""


class Hit(NamedTuple):
    """A subject that was found; `at`: when it was published, as the database writes it, where that was asked for."""

    subject_id: int
    kind: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, best first; when `is_capped` there is more than this."""

    items: Sequence[Hit]
    is_capped: bool


class Search:
    """One query over the documents with all `tags`. Finding is lazy: each method asks the database.

    dated: hits say when they were published.
    """

    def __init__(self, text_: str, *, tags: Collection[str] = (), dated: bool = False) -> None:
        self.query: Query = parse(text_)
        self._said = ("kind", "at") if dated else ("kind",)
        self.tags = tuple(sorted(tags))
        self._whole = tuple(_whole(term) for term in self.query.terms)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.query.terms

    @cached_property
    def words(self) -> Look:
        """What the vocabulary says of the words; among several, one that is common is not asked for compounds."""
        asked = [term for term in self.query.terms if term.word]
        often = CANDIDATES if self._several else None if self.tags else COMMON
        below = SELDOM_AMONG_SEVERAL if self._several else SELDOM
        return look(
            [stem for whole in self._whole for row in whole for stem in row],
            often={term.word: often for term in asked},
            most=RELATED_OF_EACH if self._several else RELATED,
            slips={term.word: Slip(folded(self.query, term), below) for term in asked},
        )

    def hits(self, *, kinds: Collection[str] = (), most: int = CANDIDATES) -> Hits:
        """What is found of these kinds (of all when none is named), best first."""
        return self.hits_of([kinds], most=most)[0]

    def hits_of(
        self, each: Sequence[Collection[str]], *, most: int = CANDIDATES, beside: Beside | None = None
    ) -> list[Hits]:
        """The same of several choices of kinds, by one statement, in which `beside` is asked, too."""
        if self.is_empty:
            return [Hits([], is_capped=False) for _kinds in each]
        parts, values = self._asked(each, most + 1)
        further = beside or Beside()
        further.found = found = parts_of(parts | further.parts, values | further.values)
        return [self._joined(found, n, kinds, most) for n, kinds in enumerate(each)]

    def titles(self, most: int, *, beginnings: Collection[str] = (), beside: Beside | None = None) -> list[int]:
        """The newest documents with all terms in their title; for the last term one of `beginnings` will do."""
        if self.is_empty:
            return []
        *terms, last = self._whole
        clauses = [Clause(term, title_only=True) for term in (*terms, (*last, *((one,) for one in beginnings)))]
        return newest([*clauses, *self._clauses((), ())], most, beside)

    def all_ids(self, kind: str) -> TextualSelect:
        """A select of the ids of everything of a kind that is found, for lists with an order of their own."""
        clauses = self._clauses(self._widened, [kind])
        if is_sqlite():
            statement = text("SELECT rowid FROM documents_fts WHERE documents_fts MATCH :found_by")
        else:
            statement = text("SELECT subject_id FROM documents WHERE words @@ CAST(:found_by AS tsquery)")
        if self.is_empty:
            statement = text("SELECT subject_id FROM documents WHERE subject_id < :found_by AND subject_id > 0")
        found_by: Any = 0 if self.is_empty else fts5(clauses) if is_sqlite() else tsquery(clauses)
        return statement.bindparams(found_by=found_by).columns(column("subject_id", BigInteger))

    def clauses_with(self, stems: Mapping[Term, Collection[str]], kinds: Collection[str]) -> list[Clause]:
        """What a document must hold where one of these stems stands for each of some terms."""
        own = zip(self.query.terms, self._widened_by(self.words), strict=True)
        terms = [tuple((one,) for one in stems[term]) if term in stems else alternatives for term, alternatives in own]
        return self._clauses(terms, kinds)

    @property
    def _several(self) -> bool:
        return len(self.query.terms) > 1

    @cached_property
    def _widened(self) -> tuple[Alternatives, ...]:
        """Beginnings and compounds too, of a single word even if it is common."""
        (term, *others) = self.query.terms or [None]
        if term is None or others or not term.word or term.word in self.words.compounds:
            return self._widened_by(self.words)
        return self._widened_by(look([], often={term.word: None}, most=RELATED))

    def _widened_by(self, words: Look) -> tuple[Alternatives, ...]:
        return tuple(
            (*whole, *((other,) for other in words.compounds.get(term.word, ())))
            for term, whole in zip(self.query.terms, self._whole, strict=True)
        )

    def _asked(self, each: Sequence[Collection[str]], most: int) -> tuple[dict[str, Part], dict[str, Any]]:
        """Whole words, those in the title first, and all where titles are too few; where known, compounds too."""
        parts: dict[str, Part] = {}
        values: dict[str, Any] = {}
        wider = self._widened_by(self.words)
        for n, kinds in enumerate(each):
            clauses = self._clauses(self._whole, kinds)
            in_title = [replace(clause, title_only=not clause.is_tag) for clause in clauses]
            asked = {"titles": in_title, "texts": clauses}
            asked |= {"wider": self._clauses(wider, kinds)} if wider != self._whole else {}
            for name, some in asked.items():
                parts[f"{name} {n}"], own = self._newest(some, most, f"{name}_{n}")
                values |= own
            too_few = f"(SELECT count(*) FROM titles_{n}) < :titles_{n}_most"  # noqa: S608
            parts[f"titles {n}"] = replace(parts[f"titles {n}"], named=f"titles_{n}")
            parts[f"texts {n}"] = replace(parts[f"texts {n}"], only_if=too_few)
        return parts, values

    def _joined(self, found: Mapping[str, Any], n: int, kinds: Collection[str], most: int) -> Hits:
        whole = {row[0]: row for row in chain(found[f"titles {n}"], found[f"texts {n}"] or ())}
        hits = [*starmap(Hit, islice(whole.values(), most + 1))]
        if len(hits) < (ENOUGH if self._several else most + 1):
            known = {hit.subject_id for hit in hits}
            wider = found[f"wider {n}"] if f"wider {n}" in found else self._wider(kinds, most + 1)
            hits += [Hit(*row) for row in wider if row[0] not in known]
        return Hits(hits[:most], len(hits) > most)

    def _wider(self, kinds: Collection[str], most: int) -> list[list[Any]]:
        """The compounds of a word that was thought to be common."""
        if self._widened == self._whole:
            return []
        part, values = self._newest(self._clauses(self._widened, kinds), most, "w")
        wider: list[list[Any]] = parts_of({"": part}, values)[""]
        return wider

    def _newest(self, clauses: Sequence[Clause], most: int, name: str) -> tuple[Part, dict[str, Any]]:
        """The newest first: ids are nearly in that order, but what came from elsewhere may be older."""
        found, values = source(clauses, most, name, columns=("kind", "at"), counts=self.words.counts)
        return Part(_NEWEST.format(found=found), ("subject_id", *self._said)), values

    def _clauses(self, terms: Sequence[Alternatives], kinds: Collection[str]) -> list[Clause]:
        tags = [Clause(((one,),), is_tag=True) for one in self.tags]
        return [*(Clause(term) for term in terms), *tags, *of_kinds(kinds)]


def search(text_: str, *, kinds: Collection[str] = (), tags: Collection[str] = ()) -> Sequence[Hit]:
    """The best 200 subjects of these kinds for a query, best first."""
    return Search(text_, tags=tags).hits(kinds=kinds).items


def _whole(term: Term) -> Alternatives:
    joined = ((term.joined,),) if term.joined else ()
    return (term.stems, *joined)


_NEWEST = "SELECT subject_id, kind, at FROM ({found}) AS found ORDER BY at DESC, subject_id DESC"
