"""Walking through a list of ideas page by page: which ideas stand on a page, and where the next one begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.ideas.models import Idea, IdeaState
from app.ideas.models.listing import FILTERS
from app.ideas.queries import fair
from app.ideas.queries.filters import IdeaFilter, values_of
from app.ideas.queries.ranges import COUNTED, EVERYTHING, WINDOW, Bounds, Ranges, behind_row
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.paging import read_key, write_key
from app.kit.textindex import Search

SORTS = {
    "newest": "published_at",
    "supported": "supporters_count",
    "discussed": "comments_count",
    "active": "changed_at",
    "fair": "fair_rank",
}
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ideas of one page. `total` is cut where `is_more`; None if nobody asked for it.

    is_short: the page is not full, but further ideas may follow: too many had to be looked at.
    began_anew: the order was mixed since the page before, so this is the first page.
    """

    ids: Sequence[int]
    after: str | None
    is_first: bool
    total: int | None
    is_more: bool
    is_short: bool = False
    began_anew: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is walked: `parts` one after the other, each in the order of `key`; `place` sorts rows alike."""

    key: str
    down: bool
    parts: Sequence[Bounds]
    place: Callable[[Row[Any]], Key]
    write: Callable[[Row[Any]], str]
    seen: Key | None
    began_anew: bool = False

    def rows(self, ranges: Ranges, most: int) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        for part in self.parts:
            if len(found) < most:
                found += ranges.rows(self.key, most - len(found), part, down=self.down)
        return found


def walk(
    chosen: IdeaFilter, *, sort: str, after: str | None, size: int, reader: Actor, counted: bool = True
) -> Stretch:
    """The page behind the key `after`; a key that cannot be read counts as none."""
    order = _fair(after, reader) if sort == "fair" else _falling(SORTS[sort], after)
    if chosen.words:
        return _among_found(chosen, order, size)
    ranges = Ranges(values_of(chosen))
    most = WINDOW if ranges.left else size + 1
    seen = order.rows(ranges, most)
    fitting = [row for row in seen if ranges.fit(row)]
    is_cut = bool(ranges.left) and len(seen) == most
    last = fitting[size - 1] if len(fitting) > size else seen[-1] if is_cut else None
    total, is_more = _total(ranges, order, len(fitting), size, is_cut) if counted else (None, False)
    return Stretch(
        [row.id for row in fitting[:size]],
        order.write(last) if last is not None else None,
        order.seen is None,
        total,
        is_more,
        is_cut and len(fitting) <= size,
        order.began_anew,
    )


def _total(ranges: Ranges, order: Order, fitting: int, size: int, is_cut: bool) -> tuple[int, bool]:
    """How many ideas the whole list has, and whether there are more than that."""
    if ranges.left:
        if order.seen is None:
            return fitting, is_cut
        rows = ranges.rows("published_at", WINDOW)
        return sum(map(ranges.fit, rows)), len(rows) == WINDOW
    if order.seen is None and fitting <= size:
        return fitting, False
    number = ranges.count()
    return min(number, COUNTED), number > COUNTED


def _among_found(chosen: IdeaFilter, order: Order, size: int) -> Stretch:
    """Among what the search finds for the words: the best few hundred."""
    hits = Search(chosen.words, tags=chosen.tags).hits(kinds=["idea"])
    ranges, columns = Ranges(values_of(chosen)), [getattr(Idea, name) for name in FILTERS]
    shown = select(Idea.id, getattr(Idea, order.key).label("sort_key"), *columns).where(
        Idea.state == IdeaState.PUBLISHED.value
    )
    rows = db.session.execute(shown.where(Idea.id.in_([hit.subject_id for hit in hits.items]))).all()
    fitting = [row for row in rows if all(getattr(row, name) in values for name, values in ranges.values.items())]
    ahead = sorted((row for row in fitting if order.seen is None or order.place(row) > order.seen), key=order.place)
    after = order.write(ahead[size - 1]) if len(ahead) > size else None
    ids = [row.id for row in ahead[:size]]
    return Stretch(ids, after, order.seen is None, len(fitting), hits.is_capped, began_anew=order.began_anew)


def _falling(key: str, after: str | None) -> Order:
    """The greatest value first."""
    is_moment = key in ("published_at", "changed_at")
    values = read_key(after, [datetime if is_moment else int, int])
    parts = behind_row(values[0], values[1], down=True) if values else [EVERYTHING]

    def place(row: Any) -> Key:
        value = row.sort_key.timestamp() if is_moment else row.sort_key
        return -value, -row.id

    seen = (-(values[0].timestamp() if is_moment else values[0]), -values[1]) if values else None
    return Order(key, True, parts, place, lambda row: write_key([row.sort_key, row.id]), seen)


def _fair(after: str | None, reader: Actor) -> Order:
    """From where the reader enters the round to its end, then from its beginning."""
    now, place = fair.current_round(), fair.place_in(after)
    if place and (place.round != now.number or now.is_mixing):
        place, is_old = None, True
    else:
        is_old = False
    entry = place.entry if place else now.entry(reader)

    def position(row: Any) -> Key:
        return row.sort_key < entry, row.sort_key, row.id

    def write(row: Any) -> str:
        return fair.Place(now.number, entry, row.sort_key, row.id).key

    seen = (place.rank < entry, place.rank, place.idea_id) if place else None
    return Order("fair_rank", False, _parts(place, entry), position, write, seen, is_old)


def _parts(place: fair.Place | None, entry: int) -> list[Bounds]:
    begun = Bounds(below=entry)
    if place is None:
        return [Bounds(least=entry), begun]
    if place.rank < entry:
        return behind_row(place.rank, place.idea_id, down=False, below=entry)
    return [*behind_row(place.rank, place.idea_id, down=False), begun]
