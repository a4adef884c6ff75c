"""Tables as people's programs write them come in whole; what is no table is refused in words."""

import io
import zipfile
from datetime import datetime

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.kit import table_files, tables
from app.kit.tables import Row, TableError

NAMES = {"external_id": ("id", "nr"), "title": ("titel",), "text": ("beschreibung",), "lat": ("breite",)}
TEXT = "Bürger\u00ads „Idee“,\r\nmit; allem\t= 'drin'  "
# What a text may hold: everything a database can keep.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@pytest.fixture(autouse=True)
def _speak_german() -> object:
    """Words need a language; no database is asked."""
    app = Flask("words")
    Babel(app, default_locale="de")
    with app.app_context():
        yield


def rows_of(content: bytes, name: str = "x.csv", required: tuple[str, ...] = ()) -> list[Row]:
    return list(tables.read(content, name, NAMES, required=required).rows)


def values_of(content: bytes, name: str = "x.csv") -> list[dict[str, str]]:
    return [dict(row.values) for row in rows_of(content, name)]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_dialect_gives_the_same(sign: str, encoding: str) -> None:
    text = sign.join((" ID ", "Titel", "unbekannt")) + "\r\n" + sign.join(("1", '"Größe', 'in ""m"" "', "x")) + "\r\n"
    table = tables.read(text.encode(encoding), "x.csv", NAMES)
    assert [(row.number, dict(row.values)) for row in table.rows] == [
        (2, {"external_id": "1", "title": 'Größe\r\nin "m" '.replace("\r\n", sign)})
    ]
    assert table.ignored == ["unbekannt"]


def test_rows_are_numbered_as_an_editor_shows_them() -> None:
    rows = rows_of(b'\n\nid,title\n1,"one\ntwo"\n\n2,x\n')
    assert [(row.number, row.values["title"]) for row in rows] == [(4, "one\ntwo"), (7, "x")]


def test_a_row_with_too_many_fields_says_so_and_spoils_no_other() -> None:
    first, second = rows_of(b"id,title\n1,a,b\n2,c\n")
    assert first.error
    assert (second.values["title"], second.error) == ("c", "")


def test_a_row_may_be_shorter_than_the_heading() -> None:
    assert values_of(b"id,title,text\n1,a\n") == [{"external_id": "1", "title": "a"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b" \n\r\n ", "leer"),
        (b"\xef\xbb\xbf\n;;\n", "leer|fehlen"),
        (b"1,2,3\n4,5,6\n", "fehlen"),
        (b"id\n1\n", "fehlen"),
        (b"id,title,Title\n1,a,b\n", "zweimal"),
        (b"%PDF-1.7\n%\xe2", "keine Tabelle"),
        (b"\x89PNG\r\n\x1a\n\0\0", "keine Tabelle"),
        (b"id,title\n1,\x81\x8d\n", "weder UTF-8"),
        (b"PK\x03\x04 and then nothing", "lässt sich nicht"),
        (",".join(f"c{n}" for n in range(500)).encode(), "mehr als 200 Spalten"),
        (b"\0\0\0\0", "fehlen"),
        (b"[1, 2]\n", "fehlen"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        rows_of(content, required=("external_id", "title"))


def test_a_heading_without_rows_is_an_empty_table() -> None:
    assert rows_of(b"id,title\n", required=("external_id",)) == []


def test_a_cell_of_a_megabyte_is_read() -> None:
    assert len(values_of(b'id,title\n1,"' + b"x" * 1_000_000 + b'"\n')[0]["title"]) == 1_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'id,title\n1,a\n2,"never closed\n3,b\n', "In Zeile 3 öffnet sich ein Anführungszeichen, das sich nie"),
        (b'id,title\n1,a\n2,"never closed', "In Zeile 3 öffnet sich"),
        (b'id,title\n1,a\n2,"never closed\n3,"b"\n4,c\n', "Ab Zeile 3 passen die Anführungszeichen nicht"),
        (b'sep=;\nid;title\n1;"a"b\n', "Ab Zeile 3 passen"),
    ],
)
def test_quotes_that_do_not_fit_never_swallow_rows(content: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        rows_of(content)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "\ufeffSEP=;\r"])
def test_a_first_line_that_names_the_separator_is_no_heading(first: str) -> None:
    rows = rows_of((first + "id;title,x;text\n1;a,b,c;d\n").encode())
    assert [(row.number, dict(row.values)) for row in rows] == [(3, {"external_id": "1", "text": "d"})]


@pytest.mark.parametrize(
    ("content", "name"), [(b'[{"id": 1}]', "x.csv"), (b' [\n{"id": 1}]', "x.txt"), (b"[1]", "x.json")]
)
def test_a_json_list_is_called_so(content: bytes, name: str) -> None:
    with pytest.raises(TableError, match="JSON-Liste"):
        rows_of(content, name)


def test_more_rows_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TableError, match="mehr als 3 Zeilen"):
        rows_of(b"id,title\n" + b"1,a\n" * 4)


def test_json_lines_keep_numbers_as_written_and_report_bad_lines_alone() -> None:
    lines = [
        '{"ID": 007, "titel": "x"}',
        '{"ID": 7, "breite": 51.340, "titel": null}',
        '["list"]',
        '{"id": 1, "titel": {"de": "x"}}',
        '{"id": 1e400, "titel": "a\u2028b"}',
        '{"id": "1", "nr": "2"}',
        "{" * 100_000,
    ]
    rows = rows_of("\n".join(lines).encode(), "x.jsonl")
    assert [row.number for row in rows if row.error] == [1, 3, 4, 6, 7]
    assert dict(rows[1].values) == {"external_id": "7", "lat": "51.340", "title": ""}
    assert dict(rows[4].values) == {"external_id": "1e400", "title": "a\u2028b"}


def written(rows: list[dict[str, str]], kind: str) -> bytes:
    return b"".join(table_files.write(rows, ["external_id", "title", "text"], kind))


@pytest.mark.parametrize("kind", table_files.FORMATS)
@given(cells=st.lists(st.tuples(texts, texts), max_size=5))
def test_what_is_written_is_read_the_same(kind: str, cells: list[tuple[str, str]]) -> None:
    rows = [{"external_id": str(n), "title": title, "text": text} for n, (title, text) in enumerate(cells, 1)]
    if kind == "jsonl" and not rows:
        return
    assert values_of(written(rows, kind), f"x.{kind}") == [
        # A spreadsheet does not tell an empty cell at the end from none.
        row if kind != "xlsx" else {key: value for key, value in row.items() if value or _is_inner(row, key)}
        for row in rows
    ]


def _is_inner(row: dict[str, str], key: str) -> bool:
    keys = list(row)
    return any(row[later] for later in keys[keys.index(key) :])


def test_formulas_are_texts_in_a_spreadsheet() -> None:
    book = written([{"external_id": "1", "title": "=1+1", "text": "@x"}], "xlsx")
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert values_of(book, "x.xlsx") == [{"external_id": "1", "title": "=1+1", "text": "@x"}]


def test_numbers_dates_and_formulas_of_a_spreadsheet_are_texts() -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["nr", "Titel", "breite"])
    book.active.append([17, datetime(2017, 9, 14, 13, 40), 51.34])  # noqa: DTZ001 (a sheet knows no time zones)
    book.active.append([18.0, "=1+1", True])
    book.save(out)
    rows = rows_of(out.getvalue())
    assert [dict(row.values) for row in rows] == [
        {"external_id": "17", "title": "2017-09-14T13:40:00", "lat": "51.34"},
        {"external_id": "18", "title": "", "lat": "true"},
    ]
    assert all(row.of_sheet for row in rows)
    assert rows[0].error == ""
    assert rows[1].error.startswith("Zelle B3 ist eine Formel ohne Ergebnis.")  # no program ever computed it


def test_a_zip_bomb_and_other_archives_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 1000)
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (tables.UNPACKED_MB * 1024 * 1024))
    assert len(out.getvalue()) < 200_000
    with pytest.raises(TableError, match="entpackt"):
        rows_of(out.getvalue())
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", b"x")
    with pytest.raises(TableError, match="keine Tabelle"):
        rows_of(other.getvalue())


def test_a_sheet_that_claims_cells_far_away_stays_small() -> None:
    out = io.BytesIO()
    book = written([{"external_id": "1", "title": "x", "text": "y"}], "xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            data = old.read(part).replace(b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>')
            new.writestr(part, data)
    assert len(rows_of(out.getvalue())) == 1


def test_a_file_for_eyes_begins_no_formula() -> None:
    row = table_files.for_eyes({"title": "=HYPERLINK(1)", "words": "gut", "number": "-1"})
    assert row == {"title": "'=HYPERLINK(1)", "words": "gut", "number": "'-1"}


def test_a_text_too_long_for_a_cell_is_refused_in_words() -> None:
    with pytest.raises(table_files.TooLong, match="zu lang für eine Zelle"):
        b"".join(table_files.write([{"text": "a" * 40_000}], ["text"], "xlsx"))
