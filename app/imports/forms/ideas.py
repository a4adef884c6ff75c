"""Rows that hold ideas: parsed, checked against the region, ready to come in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.imports.forms.cells import Cells, Problem
from app.imports.forms.columns import PUBLIC, status_of
from app.imports.forms.region import Region
from app.kit.said import joined
from app.kit.said import say as _
from app.kit.tables import Row
from app.kit.text import excerpt
from app.subjects.former import is_ours, path_of

LONGEST_ID, LONGEST_LINE, LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_TEXT = 200, 200, 300, 2000, 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRow:
    """An idea on its way in; texts are unchanged. `place_id` is where it happens as far as the row says."""

    row: int
    source: str
    external_id: str
    title: str
    text: str
    summary: str
    solution: str
    benefit: str
    category: str
    created_at: datetime
    source_url: str
    author_name: str
    place: str
    place_id: int | None
    point: tuple[float, float] | None
    support: int | None
    status: str
    answer: str


@dataclass(slots=True)
class IdeaPlan:
    """What a file of ideas would bring: rows in their order, problems, categories and how often each occurs."""

    items: list[IdeaRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    left_out: int = 0


def plan_ideas(rows: Iterable[Row], region: Region, zone: ZoneInfo, source: str) -> IdeaPlan:
    """Read every row; one that cannot come in spoils no other.

    Args:
        source: where rows come from that do not say it themselves.

    Raises:
        TableError: the file cannot be read any further.
    """
    plan, seen, addresses = IdeaPlan(), dict[tuple[str, str], int](), dict[str, int]()
    for row in rows:
        plan.rows += 1
        cells = Cells(row, zone)
        idea = _idea(cells, region, source)
        key = idea.source, idea.external_id
        if idea.external_id and (first := seen.setdefault(key, row.number)) != row.number:
            cells.refuse("external_id", _("Die Kennung steht schon in Zeile %(row)s.", row=first))
        if not cells.is_left_out:
            plan.items.append(idea)
            plan.categories.update([idea.category.strip()] if idea.category.strip() else [])
            _check_address(cells, idea.source_url, addresses)
        plan.left_out += cells.is_left_out
        plan.problems += cells.problems("external_id")
    return plan


def _check_address(cells: Cells, url: str, addresses: dict[str, int]) -> None:
    """One path can lead to one idea only."""
    path = path_of(url) if url else ""
    first = addresses.setdefault(path, cells.row.number)
    if path and first != cells.row.number and not is_ours(path):
        words = _("Diese Adresse hat schon Zeile %(row)s. Der alte Link führt zu der Idee von dort.", row=first)
        cells.remark("source_url", words)


def _idea(cells: Cells, region: Region, source: str) -> IdeaRow:
    cells.check()
    point = _point(cells, region)
    place = cells.text("place", most=LONGEST_LINE)
    return IdeaRow(
        row=cells.row.number,
        source=cells.text("source", most=LONGEST_LINE).strip() or source,
        external_id=cells.text("external_id", most=LONGEST_ID, required=True).strip(),
        title=_title(cells),
        text=cells.text("text", most=LONGEST_TEXT),
        summary=cells.text("summary", most=LONGEST_SUMMARY),
        solution=cells.text("solution", most=LONGEST_TEXT),
        benefit=cells.text("benefit", most=LONGEST_TEXT),
        category=cells.text("category", most=LONGEST_LINE),
        created_at=cells.moment("created_at"),
        source_url=cells.address("source_url"),
        author_name=cells.text("author_name", most=LONGEST_LINE),
        place=place,
        place_id=_place(cells, place, point, region),
        point=point,
        support=cells.count("support"),
        status=_status(cells),
        answer=_answer(cells),
    )


def _title(cells: Cells) -> str:
    title = cells.text("title", most=LONGEST_TITLE, required=True)
    if len(title.strip().splitlines()) > 1:
        cells.remark("title", _("Der Titel hat mehrere Zeilen. Vielleicht fehlt ein Anführungszeichen."))
    return title


def _point(cells: Cells, region: Region) -> tuple[float, float] | None:
    """A point within the region; any other is reported and never stored."""
    before = cells.remarks
    lat, lon = cells.number("lat"), cells.number("lon")
    without = _("Die Idee kommt ohne Punkt.")
    if lat is None or lon is None:
        if cells.remarks == before and (lat is None) != (lon is None):
            column = "lat" if lat is None else "lon"
            cells.remark(column, _("Zu einem Punkt gehören Breite und Länge. Eine fehlt."), without)
        return None
    if region.holds(lat, lon):
        return lat, lon
    if region.holds(lon, lat):
        cells.remark("lat", _("Breite und Länge sind vertauscht."), without)
    elif not -90 <= lat <= 90:
        cells.remark("lat", _not_on_earth(cells, "lat", _("Breite"), 90), without)
    elif not -180 <= lon <= 180:
        cells.remark("lon", _not_on_earth(cells, "lon", _("Länge"), 180), without)
    else:
        cells.remark("lat", _("Der Punkt liegt nicht in der Region."), without)
    return None


def _not_on_earth(cells: Cells, column: str, name: str, most: int) -> str:
    value = excerpt(cells.row.values[column].strip(), 40)
    first = _(
        "„%(value)s“ kann keine %(name)s sein: Sie liegt zwischen −%(m)s und %(m)s.", value=value, name=name, m=most
    )
    return joined(first, _("Vermutlich fehlt das Komma."))


def _place(cells: Cells, text: str, point: tuple[float, float] | None, region: Region) -> int | None:
    """The place the row names, else the municipality its point lies in."""
    found, words = region.place_named(text)
    if words:
        cells.remark("place", _("„%(value)s“: %(words)s", value=excerpt(text, 60), words=words))
    return found or (region.place_at(*point) if point else None)


def _status(cells: Cells) -> str:
    text = cells.text("status", most=LONGEST_LINE).strip()
    status = status_of(text) if text else ""
    if text and not status:
        words = _("Den Stand „%(value)s“ kennen wir nicht.", value=excerpt(text, 60))
        cells.remark("status", words, _("Die Idee steht „in Diskussion“."))
    return status


def _answer(cells: Cells) -> str:
    if cells.row.values.get("visibility", "").strip().casefold() not in PUBLIC:
        cells.refuse("visibility", _("Die Idee war nicht öffentlich."))
    answer = cells.text("answer", most=LONGEST_TEXT)
    return answer if answer.strip() else ""
