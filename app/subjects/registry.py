"""The kinds of subjects: each package registers its own at start-up, so that comments, supports and
moderation can ask about any subject without knowing ideas or challenges.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, Select, bindparam, select, union_all

from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.i18n import gettext as _
from app.kit.prepared import Prepared
from app.subjects.acts import Act
from app.subjects.models import Subject


class Thing(Protocol):
    """The content behind a subject, as every package may see it."""

    id: int
    title: str
    state: str
    author_id: int | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """Votes that are counted together: each person has `most` of them among the subjects `of` selects the ids of;
    `page` tells the address where they see theirs.
    """

    of: Any
    most: int
    page: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words people wrote of a thing, under their heading; `file_id`: the file these words name."""

    label: str
    text: str
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """How to deal with one kind of subject.

    load: the thing as this reader may see it (raises NotFound or Gone).
    short: no more of a public one than the rules about acts ask, by id; None if there is none of this kind.
    foresee_short: tells that this will be asked in the transaction.
    many: several at once, in any order, only those the reader may see.
    names: a select of id and name of those the reader may see, where it speaks, from the ids, the reader's own (both
        bound later) and whether that is staff; no name: it has left.
    headings: a select of id, title, slug and perhaps the id of what it is about, of those the reader may see, from
        the ids (bound later), for which `address` needs no more. titled: the title made of that.
    address: the address of its page.
    word: the German word for it, translated when shown.
    allows: whether an act is open on it now.
    previewed: the id of what a preview link's token shows before it is public, or None.
    hold: read anew what `allows` rests on, and keep it so until the transaction ends (PostgreSQL).
    ballot: the votes it shares with others; None where any number can be given.
    set_state: put it in a state ("published", "hidden") with the public reason.
    words: every text people wrote of it beside its title, for whoever moderates it; nothing is left out.
    index: write what the search finds of it (`kit.textindex.put`); kinds without are not found.
    """

    name: str
    load: Callable[[Actor, int], Any]
    many: Callable[[Actor, Collection[int]], Sequence[Any]]
    address: Callable[[Any], str]
    word: Callable[[], str]
    allows: Callable[[Any, Act], bool] = lambda thing, act: False
    previewed: Callable[[str], int | None] = lambda token: None
    hold: Callable[[Any], object] = lambda thing: None
    ballot: Callable[[Any], Ballot | None] = lambda thing: None
    set_state: Callable[[Any, str, str], None] | None = None
    words: Callable[[Any], Sequence[Passage]] = lambda thing: ()
    index: Callable[[Any], None] | None = None
    names: Callable[[Any, Any, bool], Select[Any]] | None = None
    short: Callable[[int], Any] | None = None
    foresee_short: Callable[[int], None] | None = None
    headings: Callable[[Actor, Any], Select[Any]] | None = None
    titled: Callable[[str], str] = str


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Register a kind at start-up; again with the same name replaces it."""
    _kinds[kind.name] = kind


def indexed_kinds() -> tuple[str, ...]:
    """The names of the kinds the search finds, in the order they were registered: along the chain."""
    return tuple(name for name, kind in _kinds.items() if kind.index is not None)


def kinds() -> Collection[Kind]:
    """Every kind."""
    return _kinds.values()


def indexer(name: str) -> Callable[[Any], None]:
    """What writes the search's document of a thing of this kind."""
    index = _kinds[name].index
    assert index is not None
    return index


def kind_of(thing: Any) -> Kind:
    """The kind of a loaded thing, whose class names it (`kind = "idea"`)."""
    return _kinds[thing.kind]


def load(reader: Actor, subject_id: int) -> Any:
    """Any subject as this reader may see it.

    Raises:
        NotFound: no such subject, or never public for this reader.
        Gone: once public.
    """
    return _kind_of_id(subject_id).load(reader, subject_id)


def load_in_short(reader: Actor, subject_id: int) -> Any:
    """The same for acts that change little about it; raises as `load` does."""
    shorts = (kind.short(subject_id) for kind in _kinds.values() if kind.short)
    return next(filter(None, shorts), None) or load(reader, subject_id)


def foresee_in_short(subject_id: int) -> None:
    """Tell that `load_in_short` will be asked in this transaction."""
    for kind in _kinds.values():
        if kind.foresee_short:
            kind.foresee_short(subject_id)


def require_visible(reader: Actor, subject_id: int, preview: str) -> None:
    """Stop unless this reader may see a subject, or has the token of a preview link that shows it.

    Raises:
        NotFound, Gone: as for `load`.
    """
    kind = _kind_of_id(subject_id)
    if not preview or kind.previewed(preview) != subject_id:
        kind.load(reader, subject_id)


def load_many(reader: Actor, subject_ids: Collection[int]) -> dict[int, Any]:
    """Several subjects of any kinds by id: one query for the kinds and one for each kind present."""
    if not subject_ids:
        return {}
    rows = db.session.execute(select(Subject.id, Subject.kind).where(Subject.id.in_(subject_ids)))
    return load_known(reader, {row.id: row.kind for row in rows})


def load_known(reader: Actor, kinds: Mapping[int, str]) -> dict[int, Any]:
    """As `load_many`, where somebody has asked for the kinds already."""
    by_kind: dict[str, list[int]] = {}
    for subject_id, name in kinds.items():
        by_kind.setdefault(name, []).append(subject_id)
    found = [thing for name, ids in by_kind.items() if name in _kinds for thing in _kinds[name].many(reader, ids)]
    return {thing.id: thing for thing in found}


@dataclass(frozen=True, slots=True)
class Named:
    """Who spoke: a person or an organisation, by name alone."""

    name: str


def named(reader: Actor, ids: Collection[int]) -> dict[int, Named]:
    """The names of people and organisations, those the reader may see, by id; one query for all kinds."""
    values = {"ids": list(ids), "reader_id": reader.id or -1}
    rows = _names.rows(values, is_staff(reader)) if ids else []
    return {row[0]: name_of(row[1]) for row in rows}


def name_of(name: str | None) -> Named:
    """A name as a statement said it; none: it has left."""
    return Named(name if name is not None else str(_("Gelöschte Person")))


def _named(for_staff: bool) -> Any:
    ids: Any = bindparam("ids", expanding=True)
    reader_id = bindparam("reader_id", type_=BigInteger)
    return union_all(*(kind.names(ids, reader_id, for_staff) for kind in _kinds.values() if kind.names))


_names = Prepared(_named)


def url_of(thing: Any) -> str:
    """The address of a thing's page."""
    return kind_of(thing).address(thing)


def titled(kind: str, text: str) -> str:
    """The title that a kind makes of what its `headings` say."""
    return _kinds[kind].titled(text)


def word_for(thing: Any) -> str:
    """What a thing is, in the reader's language."""
    return kind_of(thing).word()


def words_of(thing: Any) -> Sequence[Passage]:
    """Every text people wrote of a thing beside its title; what is empty is left out."""
    return [passage for passage in kind_of(thing).words(thing) if passage.text.strip()]


def allows(thing: Any, act: Act) -> bool:
    """Whether an act is open on a thing now."""
    return kind_of(thing).allows(thing, act)


def hold(thing: Any) -> None:
    """Let what opens and closes acts on a thing wait until this transaction ends."""
    kind_of(thing).hold(thing)


def ballot_of(thing: Any) -> Ballot | None:
    """The votes a thing shares with others."""
    return kind_of(thing).ballot(thing)


def _kind_of_id(subject_id: int) -> Kind:
    rows = _kind.rows({"of": subject_id})
    kind = _kinds.get(rows[0].kind) if rows else None
    if kind is None:
        raise NotFound
    return kind


def _kind_of() -> Select[str]:
    return select(Subject.kind).where(Subject.id == bindparam("of", type_=BigInteger))


_kind = Prepared(_kind_of)
