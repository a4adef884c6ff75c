"""Files as people send them, and as they should not: PDF, office documents, and what pretends to be one."""

import io
import zipfile
import zlib
from collections.abc import Mapping

CONTENT = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
OPEN = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
Parts = Mapping[str, bytes]


def pdf(objects: bytes = b"", *, packed: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of one empty page; `packed` stands in an object stream."""
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n" + objects
    if packed:
        data = zlib.compress(packed)
        head = b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
        body += head + data + b"\nendstream endobj\n"
    return body + b"trailer<</Root 1 0 R/Size 4" + trailer + b">>\nstartxref\n0\n%%EOF\n"


def office(kind: str = "docx", more: Parts | None = None, *, types: str = "", relations: str = "") -> bytes:
    """A Word, Excel or PowerPoint document with an author in its properties."""
    part, word = MAIN[kind]
    content_types = (
        f'<Types xmlns="{CONTENT}/content-types"><Override PartName="/{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{word}"/>{types}</Types>'
    )
    links = f'<Relationships xmlns="{CONTENT}/relationships">{relations}</Relationships>'
    core = b"<cp:coreProperties><dc:creator>Juna Geheim</dc:creator></cp:coreProperties>"
    parts = {"[Content_Types].xml": content_types.encode(), "_rels/.rels": links.encode()}
    return packed(parts | {part: b"<x>Hallo</x>", "docProps/core.xml": core} | dict(more or {}))


def open_document(kind: str = "odt", more: Parts | None = None, *, manifest: str = "") -> bytes:
    """An OpenDocument with an author in its properties."""
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{OPEN[kind]}".encode(),
        "content.xml": b"<office:document-content>Hallo</office:document-content>",
        "meta.xml": b"<office:document-meta><dc:creator>Juna Geheim</dc:creator></office:document-meta>",
        "META-INF/manifest.xml": f"<manifest:manifest>{manifest}</manifest:manifest>".encode(),
    }
    return packed(parts | dict(more or {}))


def packed(parts: Parts) -> bytes:
    """A ZIP archive; what it calls mimetype is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, kind)
    return out.getvalue()


def locked(archive: bytes) -> bytes:
    """The same archive, whose entries say that they are encrypted (bit 0 of the flags, here in both headers)."""
    changed = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(signature)
        while start >= 0:
            changed[start + offset] |= 1
            start = changed.find(signature, start + 4)
    return bytes(changed)


def bomb() -> bytes:
    """A Word document of a few hundred kilobytes that unpacks to 300 megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office())) as small, zipfile.ZipFile(out, "w") as archive:
        for member in small.infolist():
            archive.writestr(member, small.read(member))
        with archive.open(zipfile.ZipInfo("word/media/a.xml"), "w") as piece:
            pass
        info = zipfile.ZipInfo("word/media/b.xml")
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as piece:
            for _time in range(300):
                piece.write(b"\0" * 1_000_000)
    return out.getvalue()


def lying_bomb() -> bytes:
    """A part that says it is ten bytes long and unpacks to ten megabytes."""
    archive = bytearray(office(more={"word/media/a.xml": b"\0" * 10_000_000}))
    size = (10_000_000).to_bytes(4, "little")
    return bytes(archive.replace(size, (10).to_bytes(4, "little")))
