"""File intake: PDF, office documents and plain text, known by their content, never by their name.

A file is kept for download only; nothing here makes it safe to be shown. Refused is what could run by itself when it
is opened (macros, ActiveX, embedded OLE objects, templates and objects fetched from elsewhere, JavaScript and launch
actions in a PDF), what is encrypted (nobody could look into it), and what is two things at once. Office documents are
packed anew, without the names of people in their properties (`kit.office`).

Not done: no virus scan; a PDF keeps its properties; comments, tracked changes and pictures within documents keep
theirs.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass

from app.kit import office
from app.kit.errors import Invalid
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
NAME_LENGTH = 100
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
KINDS = {
    "pdf": _l("PDF"),
    "docx": _l("Word-Dokument"),
    "xlsx": _l("Excel-Tabelle"),
    "pptx": _l("PowerPoint-Präsentation"),
    "odt": _l("OpenDocument-Text"),
    "ods": _l("OpenDocument-Tabelle"),
    "odp": _l("OpenDocument-Präsentation"),
    "txt": _l("Textdatei"),
    "csv": _l("CSV-Tabelle"),
}
# Header and end of a PDF: ISO 32000-2, 7.5.2 and 7.5.5. Stricter than readers are: nothing stands before or behind.
PDF_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
PDF_END = re.compile(rb"%%EOF[\s\0]*\Z")
PDF_SEALED = re.compile(rb"/Encrypt\s*(?:[0-9]+\s+[0-9]+\s+R|<<)")
PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
PDF_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
PDF_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
UNPACKED_OBJECTS = 40 * MEGABYTE
ZIP_START, ZIP_END, ZIP_TAIL = b"PK\x03\x04", b"PK\x05\x06", 66_000
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = re.compile(rb"\s*<(?:!|\?xml|[a-z]+[\s>/])", re.IGNORECASE)
# Names of devices on Windows: a file of such a name cannot be saved there.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A file taken in: its kind (a key of KINDS), the name people see, its bytes."""

    kind: str
    name: str
    content: bytes


def take_in(content: bytes, name: str) -> Document:
    """Look into a file and take it in.

    Args:
        name: what the person calls it; only "txt" and "csv" are told apart by it.

    Raises:
        Invalid: of no kind we take, damaged, locked, with programs in it, or larger than 10 MB.
    """
    if not content:
        raise Invalid(_("Die Datei ist leer."))
    if len(content) > MAX_BYTES:
        raise Invalid(_("Die Datei ist zu groß. Höchstens %(number)s MB, bitte.", number=MAX_BYTES // MEGABYTE))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Document("pdf", clean_name(name, "pdf"), content)
    if content.startswith(ZIP_START):
        kind, content = office.repacked(content)
        return Document(kind, clean_name(name, kind), content)
    kind = _kind_of_text(content, name)
    return Document(kind, clean_name(name, kind), content)


def clean_name(name: str, kind: str) -> str:
    """The name people see: its last part without paths, control and direction marks, ending as its kind does."""
    last = re.split(r"[/\\:]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    plain = re.sub(r'[<>"|?*\ufffd]', "", clean_line(visible) or "").strip(". ")
    stem = plain.rpartition(".")[0] if plain.rpartition(".")[2].lower() in (kind, *KINDS) else plain
    stem = stem.strip(". ")[:NAME_LENGTH].strip(". ")
    if not stem or DEVICES.fullmatch(stem) or stem.lower() in KINDS:
        stem = _("Datei")
    return f"{stem}.{kind}"


def _check_pdf(content: bytes) -> None:
    tail = content[-ZIP_TAIL:]
    if not PDF_HEADER.match(content) or not PDF_END.search(content[-1024:]) or ZIP_END in tail:
        raise office.unreadable()
    bare = PDF_STREAM.sub(b"", content)  # within packed bytes any word may stand by chance
    if PDF_SEALED.search(bare):
        raise office.locked()
    if PDF_ACTIVE.search(bare) or any(PDF_ACTIVE.search(part) for part in _packed_objects(content)):
        raise Invalid(
            _("Das PDF enthält Programme oder andere Dateien. Drucken Sie es in ein neues PDF, und nehmen Sie das.")
        )


def _packed_objects(content: bytes) -> list[bytes]:
    """What a PDF's object streams (ISO 32000-2, 7.5.7) hold, as far as it unpacks within bounds."""
    unpacked, left = [], UNPACKED_OBJECTS
    for found in PDF_OBJECTS.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            continue
        unpacked.append(part)
        left -= len(part)
        if left <= 0:
            raise office.unreadable()
    return unpacked


def _kind_of_text(content: bytes, name: str) -> str:
    """Plain text, if its name says so and nothing in it contradicts."""
    ending = name.rpartition(".")[2].lower()
    text = content.removeprefix(b"\xef\xbb\xbf")
    if ending not in ("txt", "csv") or CONTROLS.search(text) or MARKUP.match(text):
        raise Invalid(
            _("Diese Datei nehmen wir nicht an. Möglich sind PDF, Word, Excel, PowerPoint, OpenDocument, TXT und CSV.")
        )
    return ending
