"""Walking through a list of ideas page by page: which ideas stand on a page, and where the next one begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import contains, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, select, text

from app.ideas.models import Idea, IdeaState
from app.ideas.queries import fair
from app.ideas.queries.filters import IdeaFilter, Values, values_of
from app.ideas.queries.ranges import EVERYTHING, WINDOW, Bounds, Ranges, behind_row
from app.kit.actor import Actor
from app.kit.fetching import Together, ids_among, ids_listed, moment_of
from app.kit.offers import Doubts
from app.kit.paging import read_key, write_key
from app.kit.searching import Hit, Search

SORTS = {
    "newest": "published_at",
    "supported": "listed_supporters",
    "discussed": "listed_comments",
    "active": "listed_change",
    "fair": fair.KEY,
}
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ideas of one page. `total` is cut where `is_more`; None where `number`, a column, would say it.

    is_short: the page is not full, but further ideas may follow: too many had to be looked at.
    began_anew: the order was mixed since the page before, so this is the first page.
    offers: queries that may be meant.
    """

    ids: Sequence[int]
    after: str | None
    is_first: bool
    total: int | None = None
    is_more: bool = False
    is_short: bool = False
    began_anew: bool = False
    number: Any = None
    offers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is walked: `parts` one after the other, each in the order of `key`; `place` sorts rows alike."""

    key: str
    down: bool
    parts: Sequence[Bounds]
    place: Callable[[Any], Key]
    write: Callable[[Any], str]
    seen: Key | None
    began_anew: bool = False


@dataclass(frozen=True, slots=True)
class Walked:
    """What was read of a list: those that fit, in their order; `stopped_at` where reading ended before all was seen.

    whole: from the list's beginning, not from the page that was asked for.
    """

    order: Order
    rows: Sequence[Row[Any]]
    stopped_at: Row[Any] | None
    ranges: Ranges
    whole: bool

    def page(self, size: int) -> Stretch | None:
        """The page that was asked for; None if what was read ends before it does."""
        seen, rows = self.order.seen, self.rows
        if not self.whole or seen is None:
            return self._stretch(rows, size, is_first=seen is None)
        ahead = [row for row in rows if self.order.place(row) > seen]
        return self._stretch(ahead, size, is_first=False) if len(ahead) > size or self._is_all else None

    def beginning(self, size: int) -> Stretch:
        """The first ideas of what was read."""
        return self._stretch(self.rows, size, is_first=True)

    @property
    def _is_all(self) -> bool:
        return self.stopped_at is None

    def _stretch(self, rows: Sequence[Row[Any]], size: int, *, is_first: bool) -> Stretch:
        order, is_cut = self.order, len(rows) > size
        last = rows[size - 1] if is_cut else self.stopped_at
        total, is_more, number = self._counted(is_first)
        return Stretch(
            [row.id for row in rows[:size]],
            order.write(last) if last is not None else None,
            is_first,
            total,
            is_more,
            bool(self.ranges.left) and not self._is_all and not is_cut,
            order.began_anew,
            number,
        )

    def _counted(self, is_first: bool) -> tuple[int | None, bool, Any]:
        """How many ideas the whole list has, whether there are more than that; or the column that says it."""
        if self.whole or is_first:
            if self._is_all:
                return len(self.rows), False, None
            if self.ranges.left:
                return len(self.rows), True, None
        if not self.ranges.left:
            return None, False, self.ranges.number
        rows = self.ranges.rows("published_at", WINDOW)
        return sum(map(self.ranges.fit, rows)), len(rows) == WINDOW, None


def walk(chosen: IdeaFilter, *, sort: str, after: str | None, size: int, reader: Actor, whole: bool = False) -> Walked:
    """At least a page of what comes behind the key `after`; a key that cannot be read counts as none.

    whole: of the list that the key belongs to, from its beginning.
    """
    ranges = Ranges(values_of(chosen))
    most = WINDOW if ranges.left else size + 1
    read = _fair if sort == "fair" else _falling
    order, rows = read(ranges, most, SORTS[sort], after, reader, whole)
    seen = sorted(rows, key=order.place)
    stopped_at = seen[-1] if len(seen) == most else None
    return Walked(order, [row for row in seen if ranges.fit(row)], stopped_at, ranges, whole)


class Listed(NamedTuple):
    """An idea and what it is sorted by."""

    id: int
    sort_key: Any


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found and fits, in its order."""

    order: Order
    rows: Sequence[Listed]
    is_capped: bool
    doubts: Doubts

    def page(self, size: int) -> Stretch:
        """The page that was asked for."""
        seen = self.order.seen
        ahead = self.rows if seen is None else [row for row in self.rows if self.order.place(row) > seen]
        return self._stretch(ahead, size, is_first=seen is None)

    def beginning(self, size: int) -> Stretch:
        """The first ideas."""
        return self._stretch(self.rows, size, is_first=True)

    def _stretch(self, rows: Sequence[Listed], size: int, *, is_first: bool) -> Stretch:
        after, ids = self.order.write(rows[size - 1]) if len(rows) > size else None, [row.id for row in rows[:size]]
        total, offers = len(self.rows), self.doubts.offers(len(self.rows))
        return Stretch(ids, after, is_first, total, self.is_capped, began_anew=self.order.began_anew, offers=offers)


def found_among(chosen: IdeaFilter, *, sort: str, after: str | None, reader: Actor) -> Found:
    """Among what the search finds for the words: the best few hundred.

    Hits are public and say when they were published: for the newest of all of them ideas are not asked.
    """
    values = values_of(chosen)
    is_said = SORTS[sort] == "published_at" and not values
    search = Search(chosen.words, tags=chosen.tags, dated=is_said)
    doubts = Doubts(search, ["idea"])
    (hits,) = search.hits_of([["idea"]], beside=doubts.beside)
    if is_said:
        order, rows = _by(SORTS[sort], after), [Listed(hit.subject_id, moment_of(hit.at)) for hit in hits.items]
        rows.sort(key=itemgetter(1, 0), reverse=True)
    else:
        order, rows = _fitting(hits.items, values, sort, after, reader)
    return Found(order, rows, hits.is_capped, doubts)


def _fitting(
    hits: Sequence[Hit], values: Values, sort: str, after: str | None, reader: Actor
) -> tuple[Order, list[Listed]]:
    asked, ids = _among_found(sort, tuple(values), ids_among("found")), ids_listed(hit.subject_id for hit in hits)
    rows = asked.lists({"found": ids}) if hits else {"found": [], "round": []}
    fitting = [Listed(*row[:2]) for row in rows["found"] if all(map(contains, values.values(), row[2:]))]
    if sort != "fair":
        return _by(SORTS[sort], after), fitting
    order = _in_round(fair.round_of(asked.named("round", rows["round"])), after, reader)
    return order, sorted(fitting, key=order.place)


@lru_cache(maxsize=400)
def _among_found(sort: str, filters: tuple[str, ...], among: str) -> Together:
    """Of what the search found the public ideas, the greatest first, and what they are filtered by; and the round."""
    key = getattr(Idea, SORTS[sort])
    shown = select(Idea.id, key.label("sort_key"), *(getattr(Idea, name) for name in filters))
    public = Idea.state == IdeaState.PUBLISHED.value, text(f"ideas.id {among}")
    parts = {"found": shown.where(*public).order_by(key.desc(), Idea.id.desc())}
    return Together(parts | ({"round": select(*fair.columns())} if sort == "fair" else {}))


def _falling(
    ranges: Ranges, most: int, key: str, after: str | None, _reader: Actor, whole: bool
) -> tuple[Order, Sequence[Row[Any]]]:
    order = _by(key, after)
    return order, ranges.rows(key, most, (EVERYTHING,) if whole else order.parts)


def _by(key: str, after: str | None) -> Order:
    """The greatest value first."""
    is_moment = key in ("published_at", "listed_change")
    values = read_key(after, [datetime if is_moment else int, int])
    parts = behind_row(values[0], values[1], down=True) if values else [EVERYTHING]

    def place(row: Any) -> Key:
        value = row.sort_key.timestamp() if is_moment else row.sort_key
        return -value, -row.id

    seen = (-(values[0].timestamp() if is_moment else values[0]), -values[1]) if values else None
    return Order(key, True, parts, place, lambda row: write_key([row.sort_key, row.id]), seen)


def _fair(
    ranges: Ranges, most: int, key: str, after: str | None, reader: Actor, whole: bool
) -> tuple[Order, Sequence[Row[Any]]]:
    """The rows and the round they stand in come in one statement, unless a page was of an older round."""
    place, beside = fair.place_in(after), fair.columns()
    entry: Any = place.entry if place else fair.entry_sql(fair.share_of(reader))
    rows = ranges.rows(key, most, _parts(None if whole else place, entry), down=False, beside=beside)
    order = _in_round(fair.round_of(rows), after, reader)
    if order.began_anew:
        rows = ranges.rows(key, most, order.parts, down=False, beside=beside)
    return order, rows


def _in_round(now: fair.Round, after: str | None, reader: Actor) -> Order:
    """From where the reader enters the round to its end, then from its beginning."""
    place, is_old = fair.place_in(after), False
    if place and (place.round != now.number or now.is_mixing):
        place, is_old = None, True
    entry = place.entry if place else now.entry(fair.share_of(reader))

    def position(row: Any) -> Key:
        return row.sort_key < entry, row.sort_key, row.id

    def write(row: Any) -> str:
        return fair.Place(now.number, entry, row.sort_key, row.id).key

    seen = (place.rank < entry, place.rank, place.idea_id) if place else None
    return Order(fair.KEY, False, _parts(place, entry), position, write, seen, is_old)


def _parts(place: fair.Place | None, entry: Any) -> list[Bounds]:
    begun = Bounds(below=entry)
    if place is None:
        return [Bounds(least=entry), begun]
    if place.rank < place.entry:
        return behind_row(place.rank, place.idea_id, down=False, below=entry)
    return [*behind_row(place.rank, place.idea_id, down=False), begun]
