"""A file is what its content says: taken in for download, cleaned of names, or refused with a reason."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask

from app.kit import documents
from app.kit.documents import clean_name, take_in
from app.kit.errors import Invalid
from tests.factories.documents import bomb, locked, lying_bomb, office, open_document, packed, pdf

pytestmark = pytest.mark.on("sqlite")
KIND, READ, LOCKED, ACTIVE, LARGE = "nehmen wir nicht an", "nicht lesen", "Passwort", "Makros, Programme", "zu groß"
EXE = b"MZ\x90\x00" + b"\0" * 300
TEMPLATE = (
    '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="https://elsewhere.example/x.dotm" TargetMode="External"/>'
)
MACRO_TYPE = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("leer.pdf", lambda: b"", "leer"),
    "a program": ("rechnung.pdf", lambda: EXE, KIND),
    "a page": ("bericht.pdf", lambda: b"<!doctype html><script>alert(1)</script>", KIND),
    "an svg": ("bild.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', KIND),
    "an svg as text": ("bild.txt", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', KIND),
    "a page as text": ("seite.txt", lambda: b"\n <script>alert(1)</script>", KIND),
    "a program as text": ("liste.csv", lambda: EXE, KIND),
    "a picture": ("bild.pdf", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", KIND),
    "a script": ("liste.js", lambda: b"alert(1)", KIND),
    "an old word document": ("brief.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, KIND),
    "half a pdf": ("halb.pdf", lambda: pdf()[:-20], READ),
    "a pdf behind a page": ("seite.pdf", lambda: b"<script>alert(1)</script>" + pdf(), KIND),
    "an archive behind a pdf": ("zwei.pdf", lambda: pdf() + packed({"a.html": b"<script>"}), READ),
    "an archive in a pdf": ("zwei.pdf", lambda: pdf() + packed({"a.html": b"<"})[:-2] + b"\6\0%%EOF\n", READ),
    "a locked pdf": ("zu.pdf", lambda: pdf(trailer=b"/Encrypt 9 0 R"), LOCKED),
    "a pdf with a script": (
        "js.pdf",
        lambda: pdf(b"9 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj\n"),
        "Programme",
    ),
    "a pdf with a packed script": ("js.pdf", lambda: pdf(packed=b"9 0 <</S/JavaScript/JS(x)>>"), "Programme"),
    "a pdf that starts a program": ("start.pdf", lambda: pdf(b"9 0 obj<</S/Launch/F(cmd.exe)>>endobj\n"), "Programme"),
    "macros": ("makro.docx", lambda: office(more={"word/vbaProject.bin": b"x"}), ACTIVE),
    "macros by type": ("makro.xlsx", lambda: office("xlsx", types=MACRO_TYPE), ACTIVE),
    "activex": ("makro.docx", lambda: office(more={"word/activeX/activeX1.xml": b"<x/>"}), ACTIVE),
    "an embedded program": ("ole.docx", lambda: office(more={"word/embeddings/oleObject1.bin": b"x"}), ACTIVE),
    "a page inside": ("seite.docx", lambda: office(more={"word/afchunk.html": b"<script>"}), ACTIVE),
    "macros in an embedded table": (
        "tabelle.pptx",
        lambda: office("pptx", {"ppt/embeddings/a.xlsx": office("xlsx", {"xl/vbaProject.bin": b"x"})}),
        ACTIVE,
    ),
    "a template from elsewhere": ("vorlage.docx", lambda: office(relations=TEMPLATE), ACTIVE),
    "an unreadable description": ("utf16.docx", lambda: office(more={"_rels/.rels": "<x/>".encode("utf-16")}), READ),
    "basic in an open document": ("makro.odt", lambda: open_document(more={"Basic/Standard/a.xml": b"<x/>"}), ACTIVE),
    "a locked open document": ("zu.ods", lambda: open_document("ods", manifest="<manifest:encryption-data/>"), LOCKED),
    "a locked archive": ("zu.docx", lambda: locked(office()), LOCKED),
    "an archive": ("archiv.docx", lambda: packed({"a.txt": b"x"}), KIND),
    "a java archive": ("app.docx", lambda: packed({"META-INF/MANIFEST.MF": b"x", "a.class": b"x"}), KIND),
    "a path outside": ("pfad.docx", lambda: office(more={"../../etc/cron.d/x": b"x"}), READ),
    "an absolute path": ("pfad.docx", lambda: office(more={"/etc/passwd": b"x"}), READ),
    "a bomb": ("bombe.docx", bomb, "entpackt zu groß"),
    "a lying bomb": ("bombe.docx", lying_bomb, READ),
    "many parts": ("viele.docx", lambda: office(more={f"word/{n}.xml": b"" for n in range(3001)}), READ),
    "the same part twice": ("doppelt.docx", lambda: office(more={"WORD/document.xml": b"<y/>"}), READ),
    "half an archive": ("halb.docx", lambda: office()[:-40], READ),
    "one byte too many": ("gross.txt", lambda: b"a" * (documents.MAX_BYTES + 1), LARGE),
}


@pytest.mark.parametrize(("name", "make", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_sound_file_is_refused_quickly(
    app: Flask, name: str, make: Callable[[], bytes], reason: str
) -> None:
    content = make()
    started = time.monotonic()
    with app.test_request_context(), pytest.raises(Invalid) as refusal:
        take_in(content, name)
    assert reason in str(refusal.value.message)
    assert time.monotonic() - started < 5


TAKEN = {
    "pdf": pdf(),
    "docx": office("docx"),
    "xlsx": office("xlsx"),
    "pptx": office("pptx", {"ppt/embeddings/tabelle.xlsx": office("xlsx")}),
    "odt": open_document("odt"),
    "ods": open_document("ods"),
    "odp": open_document("odp"),
    "txt": "Grüße aus Görlitz\r\nzwei\tdrei".encode(),
    "csv": "Ort;Zahl\nGörlitz;3\n".encode("cp1252"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_people_write_is_taken(app: Flask, kind: str) -> None:
    with app.test_request_context():
        taken = take_in(TAKEN[kind], f"Bericht 1.{kind}")
    assert (taken.kind, taken.name) == (kind, f"Bericht 1.{kind}")
    if kind in ("pdf", "txt", "csv"):
        assert taken.content == TAKEN[kind]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "odt", "ods", "odp"])
def test_an_office_document_comes_out_whole_without_names(app: Flask, kind: str) -> None:
    content = TAKEN[kind]
    with app.test_request_context():
        taken = take_in(content, f"a.{kind}").content
    before, after = zipfile.ZipFile(io.BytesIO(content)), zipfile.ZipFile(io.BytesIO(taken))
    assert after.namelist() == before.namelist()
    assert after.testzip() is None
    changed = {name for name in after.namelist() if after.read(name) != before.read(name)}
    assert changed == {"meta.xml" if kind[0] == "o" else "docProps/core.xml"}
    assert not any(b"Geheim" in after.read(name) for name in after.namelist() if "embeddings" not in name)
    if kind[0] == "o":
        first = after.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_what_stands_behind_an_archive_is_gone(app: Flask) -> None:
    with app.test_request_context():
        taken = take_in(office() + b"<script>alert(1)</script>", "a.docx")
    assert b"<script" not in taken.content


def test_a_real_spreadsheet_can_be_read_afterwards(app: Flask) -> None:
    from openpyxl import Workbook, load_workbook  # noqa: PLC0415 (heavy)

    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = "Grüße"
    book.properties.creator = "Juna Geheim"
    book.save(out)
    with app.test_request_context():
        taken = take_in(out.getvalue(), "tabelle.xlsx")
    read = load_workbook(io.BytesIO(taken.content))
    assert read.active["A1"].value == "Grüße"
    assert read.properties.creator in (None, "openpyxl")
    assert b"Geheim" not in taken.content


NAMES = {
    "../../etc/passwd": "passwd.pdf",
    "C:\\Users\\juna\\Bericht.pdf": "Bericht.pdf",
    "Rechnung\u202efdp.exe": "Rechnung fdp.exe.pdf",
    "a\0b.pdf": "a b.pdf",
    "bericht.pdf.exe": "bericht.pdf.exe.pdf",
    "  .htaccess": "htaccess.pdf",
    ".pdf": "Datei.pdf",
    "": "Datei.pdf",
    "con.pdf": "Datei.pdf",
    "<script>alert(1)</script>.pdf": "script.pdf",
    "Bu\u0308rger\u00adrat   Antrag.PDF": "Bürger rat Antrag.pdf",
    "Protokoll.docx": "Protokoll.pdf",
    "x" * 300 + ".pdf": "x" * 100 + ".pdf",
    "idee\r\nContent-Type: text/html.pdf": "text html.pdf",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=ascii)
def test_a_name_is_cleaned_and_kept(app: Flask, name: str, expected: str) -> None:
    with app.test_request_context():
        cleaned = clean_name(name, "pdf")
    if "html" in name:
        assert not set("\r\n/:") & set(cleaned)
    else:
        assert cleaned == expected
