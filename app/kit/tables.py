"""Reading tables that people bring: CSV as their programs write it, XLSX and JSON lines.

Every value comes as the text it was, unchanged; what it means is the caller's business. Columns are found by name
(trimmed, case aside, by synonyms). A row knows its number as people see it: the line it begins on in an editor or the
row of the sheet. A file that is no table, or whose quotes do not fit, raises `TableError`; a row that cannot be read
carries its `error` and spoils no other.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice, repeat
from typing import Any

from app.kit.said import joined
from app.kit.said import say as _

MOST_ROWS = 100_000
MOST_COLUMNS = 200
UNPACKED_MB = 100
DELIMITERS = ",;\t"
MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x7fELF")
# How a spreadsheet writes characters that XML cannot hold: ECMA-376, part 1, 22.9.2.19 (ST_Xstring).
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
SEPARATOR = re.compile(r'"?sep=([,;\t])"?[,;\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
Names = Mapping[str, Collection[str]]
Lines = Iterator[tuple[int, Sequence[str], str]]  # number, cells, what is wrong


class TableError(Exception):
    """The file cannot be read as a table; the text says why, in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as people see it, its values by the caller's column names, and why it cannot be read.

    `of_sheet`: it stood in a spreadsheet, which keeps dates as numbers.
    """

    number: int
    values: Mapping[str, str]
    error: str = ""
    of_sheet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns that are known, the headings nobody asked for, and the rows, read as they are asked for."""

    columns: Collection[str]
    ignored: Sequence[str]
    rows: Iterable[Row]


@dataclass(slots=True)
class _Header:
    """Which column of the caller's each heading means."""

    names: Names
    exact: Collection[str] = ()
    columns: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    of_sheet: bool = False

    def column_of(self, heading: str) -> str:
        """The caller's name of a heading; empty for one nobody asked for, or a synonym beside the name itself."""
        wanted = plain(heading)
        if wanted in self.exact:
            return wanted
        return next((n for n, others in self.names.items() if n not in self.exact and wanted in map(plain, others)), "")

    def meet(self, headings: Iterable[str]) -> None:
        self.exact = {plain(heading) for heading in headings} & set(self.names)

    def take(self, headings: Sequence[str]) -> None:
        self.meet(headings)
        self.columns = [self.column_of(heading) for heading in headings]
        self.ignored = [h.strip() for h, column in zip(headings, self.columns, strict=True) if not column and h.strip()]
        for column in set(self.columns) - {""}:
            if self.columns.count(column) > 1:
                raise TableError(_("Die Spalte „%(name)s“ kommt zweimal vor.", name=column))

    def row(self, number: int, cells: Sequence[str], error: str) -> Row:
        values = {column: cell for column, cell in zip(self.columns, cells, strict=False) if column}
        surplus = any(cell.strip() for cell in cells[len(self.columns) :])
        error = error or (_("Die Zeile hat mehr Felder als die Kopfzeile.") if surplus else "")
        return Row(number, values, error, self.of_sheet)


def read(content: bytes, file_name: str, names: Names, *, required: Collection[str] = ()) -> Table:
    """Read a file by what it is, whatever it is called; only JSON lines are known by their name or their first sign.

    Args:
        names: the columns the caller knows, each with its synonyms.
        required: columns that must be there.

    Raises:
        TableError: no table, or one without a required column; also while its rows are read (too many rows).
    """
    if not content.strip():
        raise TableError(_("Die Datei ist leer."))
    if content.startswith(b"PK"):
        table = _from_cells(_sheet(content), names, of_sheet=True)
    else:
        text = decode(content)
        table = _from_lines(text, names) if _is_json(text, file_name) else _from_cells(_csv(text), names)
    if missing := [name for name in required if name not in table.columns]:
        raise TableError(_("Diese Spalten fehlen in der Kopfzeile: %(names)s.", names=", ".join(missing)))
    return Table(table.columns, table.ignored, _limited(table.rows))


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 (a byte order mark is left out), UTF-16 with one, else Windows-1252.

    Raises:
        TableError: no text, or one in another encoding.
    """
    if content.startswith(MAGIC):
        raise TableError(_("Das ist keine Tabelle. Lesbar sind CSV, XLSX und JSON-Zeilen."))
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    known = next((name for mark, name in marked.items() if content.startswith(mark)), "")
    for encoding in (known,) if known else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(_("Die Zeichen der Datei sind weder UTF-8 noch Windows-1252."))


def plain(heading: str) -> str:
    """A heading for comparing: trimmed, case aside, blanks and hyphens as underscores."""
    return re.sub(r"[\s\-]+", "_", heading.strip().strip("\ufeff").casefold())


def _is_json(text: str, file_name: str) -> bool:
    named, text = file_name.lower().endswith((".jsonl", ".ndjson", ".json")), text.lstrip()
    if text.startswith("[") and (named or text[1:].lstrip()[:1] in ("{", "]")):
        raise TableError(_("Das ist eine JSON-Liste. Lesbar sind JSON-Zeilen: in jeder Zeile ein Objekt, ohne Liste."))
    return text.startswith("{") and (named or '":' in text)


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == MOST_ROWS:
            raise TableError(_("Die Datei hat mehr als %(most)s Zeilen. Bitte teilen Sie sie.", most=MOST_ROWS))
        yield row


def _from_cells(lines: Lines, names: Names, *, of_sheet: bool = False) -> Table:
    header = _Header(names, of_sheet=of_sheet)
    first = next((cells for _number, cells, _error in lines if any(cell.strip() for cell in cells)), None)
    if first is None:
        raise TableError(_("Die Datei ist leer."))
    if len(first) > MOST_COLUMNS:
        raise TableError(_("Die Datei hat mehr als %(most)s Spalten.", most=MOST_COLUMNS))
    header.take(first)
    rows = (header.row(*line) for line in lines if line[2] or any(cell.strip() for cell in line[1]))
    return Table([column for column in header.columns if column], header.ignored, rows)


def _csv(text: str) -> Lines:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    said = SEPARATOR.match(text)
    stream, skipped = io.StringIO(text[said.end() :] if said else text, newline=""), 1 if said else 0
    reader = csv.reader(stream, delimiter=said[1] if said else _delimiter(text), strict=True)
    begins = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(_unreadable(begins, str(error))) from error
        yield begins, cells, ""
        begins = reader.line_num + 1 + skipped


def _unreadable(begins: int, cause: str) -> str:
    if "unexpected end" in cause:
        return str(_("In Zeile %(row)s öffnet sich ein Anführungszeichen, das sich nie schließt.", row=begins))
    return str(_("Ab Zeile %(row)s passen die Anführungszeichen nicht zusammen.", row=begins))


def _delimiter(text: str) -> str:
    """The sign that cuts the heading line into most pieces; a comma where none does."""
    line = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))


def _sheet(content: bytes) -> Lines:
    try:
        _refuse_bombs(content)
        results = _cells_of(content, results=True)
        written = _cells_of(content, results=False) if _has_formulas(content) else repeat(())
        for number, (cells, formulas) in enumerate(zip(results, written, strict=False), 1):
            yield number, _trimmed([_as_text(cell) for cell in cells]), _without_result(number, cells, formulas)
    except TableError:
        raise
    except Exception as error:  # openpyxl names no common error: a broken file may raise anything
        raise TableError(_("Die XLSX-Datei lässt sich nicht lesen.")) from error


def _cells_of(content: bytes, *, results: bool) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet, formulas as what they last gave or as they are written."""
    from openpyxl import load_workbook  # noqa: PLC0415 (heavy: loaded on first use)

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
    book.worksheets[0].reset_dimensions()  # what the file says of its size may be wrong
    yield from book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=results)


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = (archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
        return any(re.search(rb"<(?:\w+:)?f[ />]", sheet) for sheet in sheets)


def _without_result(number: int, cells: Sequence[Any], formulas: Sequence[Any]) -> str:
    """What is wrong with a row that holds a formula no program ever computed."""
    for cell, formula in zip(cells, formulas, strict=False):
        if cell is None and formula.data_type == "f":
            words = _("Zelle %(cell)s ist eine Formel ohne Ergebnis.", cell=f"{formula.column_letter}{number}")
            return joined(words, _("Öffnen und speichern Sie die Datei einmal im Tabellenprogramm."))
    return ""


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise TableError(_("Das ist keine Tabelle. Lesbar sind CSV, XLSX und JSON-Zeilen."))
    if sum(part.file_size for part in parts) > UNPACKED_MB * 1024 * 1024 or len(parts) > 1000:
        raise TableError(_("Die XLSX-Datei ist entpackt größer als %(most)s MB.", most=UNPACKED_MB))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _from_lines(text: str, names: Names) -> Table:
    """JSON lines: one object a line. The columns are those of the first hundred; all of them may be absent later."""
    header = _Header(names)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    found = dict.fromkeys(key for _number, line in lines[:100] for key in _object(line)[0])
    header.meet(found)
    columns = dict.fromkeys(column for key in found if (column := header.column_of(key)))
    header.ignored = [key for key in found if not header.column_of(key)]
    return Table(list(columns), header.ignored, (_line(*line, header) for line in lines))


def _line(number: int, line: str, header: _Header) -> Row:
    values, error = _object(line)
    named: dict[str, str] = {}
    for key, value in values.items():
        column = header.column_of(key)
        if column in named:
            error = error or _("Die Spalte „%(name)s“ kommt zweimal vor.", name=column)
        if column:
            named[column] = value
    return Row(number, named, error)


def _object(line: str) -> tuple[dict[str, str], str]:
    """The texts of one object, numbers as they are written; and what is wrong with the line."""
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}, _("Die Zeile ist kein gültiges JSON.")
    if not isinstance(found, dict):
        return {}, _("Die Zeile ist kein JSON-Objekt.")
    texts = {}
    for key, value in islice(found.items(), MOST_COLUMNS):
        if isinstance(value, list | dict):
            return {}, _("„%(name)s“ enthält mehrere Werte statt eines Textes.", name=key)
        texts[key] = value if isinstance(value, str) else {None: "", True: "true", False: "false"}[value]
    return texts, ""
