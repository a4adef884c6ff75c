"""Rows that hold comments: the whole tree is known before the first comes in, so children may stand before parents."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.imports.forms.cells import Cells, Problem
from app.kit.said import say as _
from app.kit.tables import Row

LONGEST_ID, LONGEST_NAME, LONGEST_TEXT = 200, 200, 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """A comment on its way in; `parent_id` is the source's own id of what it answers, empty for none."""

    row: int
    external_id: str
    parent_id: str
    text: str
    author_name: str
    created_at: datetime
    up: int
    down: int


@dataclass(slots=True)
class CommentPlan:
    """What a file of comments would bring: by time, but parents before their children."""

    items: list[CommentRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    left_out: int = 0


def plan_comments(rows: Iterable[Row], zone: ZoneInfo) -> CommentPlan:
    """Read every row and put them into the order they come in.

    Raises:
        TableError: the file cannot be read any further.
    """
    plan, found = CommentPlan(), dict[str, CommentRow]()
    for row in rows:
        plan.rows += 1
        cells = Cells(row, zone)
        comment = _comment(cells)
        if comment.external_id in found and not cells.is_left_out:
            first = found[comment.external_id].row
            cells.refuse("id", _("Die Kennung steht schon in Zeile %(row)s.", row=first))
        plan.problems += cells.problems("id")
        if cells.is_left_out:
            plan.left_out += 1
        else:
            found[comment.external_id] = comment
    plan.problems += _open_circles(found)
    plan.items = _in_order(found)
    return plan


def _comment(cells: Cells) -> CommentRow:
    cells.check()
    return CommentRow(
        row=cells.row.number,
        external_id=cells.text("id", most=LONGEST_ID, required=True).strip(),
        parent_id=cells.text("parent_id", most=LONGEST_ID).strip(),
        text=cells.text("text", most=LONGEST_TEXT, required=True),
        author_name=cells.text("author_name", most=LONGEST_NAME),
        created_at=cells.moment("created_at"),
        up=cells.count("up") or 0,
        down=cells.count("down") or 0,
    )


def _open_circles(found: dict[str, CommentRow]) -> list[Problem]:
    """Where comments answer each other in a circle, the oldest of them becomes a beginning."""
    problems, settled = [], set[str]()
    for begin in list(found):
        path: dict[str, None] = {}
        here = begin
        while here in found and here not in settled and here not in path:
            path[here] = None
            here = found[here].parent_id
        if here in path:
            ring = list(path)[list(path).index(here) :]
            oldest = min((found[name] for name in ring), key=lambda row: (row.created_at, row.row))
            found[oldest.external_id] = replace(oldest, parent_id="")
            problems.append(Problem(oldest.row, "parent_id", _circle(ring), external_id=oldest.external_id))
        settled.update(path)
    return problems


def _circle(ring: list[str]) -> str:
    if len(ring) == 1:
        return str(_("Der Kommentar antwortet auf sich selbst. Er steht jetzt am Anfang eines Gesprächs."))
    way = " → ".join([*ring[:5], "…"] if len(ring) > 5 else [*ring, ring[0]])
    return str(_("Diese Kommentare antworten im Kreis: %(way)s. Der älteste steht jetzt am Anfang.", way=way))


def _in_order(found: dict[str, CommentRow]) -> list[CommentRow]:
    ordered: list[CommentRow] = []
    placed: set[str] = set()
    for row in sorted(found.values(), key=lambda row: (row.created_at, row.row)):
        chain: list[CommentRow] = []
        here: CommentRow | None = row
        while here is not None and here.external_id not in placed:
            placed.add(here.external_id)
            chain.append(here)
            here = found.get(here.parent_id)
        ordered += reversed(chain)
    return ordered
