"""Writing tables: CSV, XLSX and JSON lines, so that `kit.tables` reads the same texts again.

Formulas: a text that begins with "=" is written to XLSX as a text, so no spreadsheet takes it for a formula. CSV has no
types: it holds the very bytes, and is made for programs; for a spreadsheet take XLSX.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from app.kit.errors import Conflict
from app.kit.i18n import gettext as _

FORMATS = ("csv", "xlsx", "jsonl")
LONGEST_CELL = 32_767  # what a spreadsheet holds in one cell
PIECE = 64 * 1024
# XML cannot hold these, and what looks like their escape must not become one (ECMA-376, ST_Xstring).
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Values = Mapping[str, str]


class TooLong(Conflict, ValueError):
    """A text does not fit into the file asked for (409)."""


def for_eyes(values: Values) -> Values:
    """The same values for a file that people open in a spreadsheet and nothing reads back: none begins a formula."""
    return {name: f"'{text}" if text.startswith(FORMULA) else text for name, text in values.items()}


def write(rows: Iterable[Values], columns: Sequence[str], kind: str) -> Iterator[bytes]:
    """The bytes of a file of this kind, in pieces.

    Raises:
        TooLong: a text is longer than a cell of XLSX may be.
    """
    if kind == "xlsx":
        return _xlsx(rows, columns)
    lines = _csv(rows, columns) if kind == "csv" else _jsonl(rows, columns)
    return (line.encode() for line in lines)


def write_for_eyes(rows: Iterable[Values], columns: Mapping[str, str]) -> Iterator[bytes]:
    """A CSV that a spreadsheet opens as it is: with a byte order mark, semicolons, and no formulas.

    Args:
        columns: the heading of each column of the rows, in their order.
    """
    named = ({heading: row.get(name, "") for name, heading in columns.items()} for row in rows)
    yield codecs.BOM_UTF8
    yield from (line.encode() for line in _csv(map(for_eyes, named), list(columns.values()), delimiter=";"))


def _csv(rows: Iterable[Values], columns: Sequence[str], delimiter: str = ",") -> Iterator[str]:
    """RFC 4180: commas, quotes where needed, CRLF; UTF-8 without a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(column, "") for column in columns])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _jsonl(rows: Iterable[Values], columns: Sequence[str]) -> Iterator[str]:
    for row in rows:
        yield json.dumps({column: row.get(column, "") for column in columns}, ensure_ascii=False) + "\n"


def _xlsx(rows: Iterable[Values], columns: Sequence[str]) -> Iterator[bytes]:
    from openpyxl import Workbook  # noqa: PLC0415 (heavy: loaded on first use)

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tabelle")
    sheet.append([_text_cell(sheet, column) for column in columns])
    try:
        for row in rows:
            sheet.append([_text_cell(sheet, row.get(column, "")) for column in columns])
    except TooLong:
        sheet.close()  # else openpyxl complains of a sheet nobody finished
        raise
    with SpooledTemporaryFile(max_size=PIECE * 100) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _text_cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    safe = UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if len(safe) > LONGEST_CELL:
        raise TooLong(_("Ein Text ist zu lang für eine Zelle in XLSX. Nehmen Sie CSV oder JSON-Zeilen."))
    cell = WriteOnlyCell(sheet, value=safe)
    cell.data_type = "s"
    return cell
