"""Office documents: ZIP archives of a known structure (ECMA-376 part 2, OpenDocument 1.3 part 2), looked into within
bounds and packed anew: what stood before or behind the archive is gone, and so are the names in its properties.
"""

import io
import re
import zipfile
import zlib

from app.kit.errors import Invalid
from app.kit.i18n import gettext as _

MAX_MEMBERS, MAX_UNPACKED, MAX_DESCRIPTION = 3000, 100_000_000, 2_000_000
PIECE = 256 * 1024
TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
ACTIVE_NAME = re.compile(
    r"(?:^|/)(?:vba[^/]*|activex|customui[^/]*|macrosheets|basic|scripts)(?:/|\.|$)"
    r"|(?:^|/)embeddings/[^/]+\.(?!xlsx$|docx$|pptx$)[^/.]+$|\.(?:exe|dll|js|vbs|bat|cmd|ps1|jar|hta|html?|svgz?)$",
    re.IGNORECASE,
)
ACTIVE_TYPE = re.compile(rb"macroenabled|vbaproject|activex|ms-office\.vba", re.IGNORECASE)
# A template or an object that the program fetches from elsewhere when the document is opened.
FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame|subDocument|externalLinkPath)\")"
    rb"(?=[^>]*TargetMode\s*=\s*[\"']External)",
    re.IGNORECASE,
)
CORE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
CORE += b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/"
APP = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="' + OFFICE
META = b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta office:version="1.2" xmlns:office='
META += b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:meta/></office:document-meta>'
# Properties say who wrote a document and for which company: they are left empty.
EMPTIED = {
    "docprops/core.xml": CORE,
    "docprops/app.xml": APP + b'extended-properties"/>',
    "docprops/custom.xml": APP + b'custom-properties"/>',
    "meta.xml": META,
}


def repacked(content: bytes) -> tuple[str, bytes]:
    """The kind ("docx", "odt" …) of an office document, and the document packed anew.

    Raises:
        Invalid: no office document, damaged, locked, with programs in it, or too large once unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            kind = _looked_into(archive)
            return kind, _packed_anew(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise unreadable() from error


def unreadable() -> Invalid:
    return Invalid(
        _("Die Datei lässt sich nicht lesen. Öffnen Sie sie, speichern Sie sie neu und versuchen Sie es noch einmal.")
    )


def locked() -> Invalid:
    return Invalid(_("Die Datei ist mit einem Passwort geschützt. Bitte laden Sie sie ohne Passwort hoch."))


def _looked_into(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    _check_members(members)
    names = {member.filename for member in members}
    if any(ACTIVE_NAME.search(name) for name in names):
        raise _programs()
    kind = _kind_of(archive, members, names)
    for name in names:
        if name.endswith(".rels") and FETCHED.search(_read(archive, name)):
            raise _programs()
        if re.search(r"(?:^|/)embeddings/", name, re.IGNORECASE) and not name.endswith("/"):
            _check_nested(archive, name)
    return kind


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise locked()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS or len(names) != len({name.lower() for name in names}):
        raise unreadable()
    if any(_leads_outside(name) for name in names):
        raise unreadable()
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise unreadable()
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Invalid(_("Die Datei ist entpackt zu groß. Bitte verkleinern Sie sie."))


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _kind_of(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], names: set[str]) -> str:
    if TYPES in names:
        types = _read(archive, TYPES)
        if ACTIVE_TYPE.search(types):
            raise _programs()
        kinds = [kind for kind, part in MAIN_PARTS.items() if part in types]
        if len(kinds) == 1 and "_rels/.rels" in names:
            return kinds[0]
    elif members and members[0].filename == "mimetype" and "META-INF/manifest.xml" in names:
        kind = OPEN_DOCUMENTS.get(_read(archive, "mimetype"))
        if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
            raise locked()
        if kind and "content.xml" in names:
            return kind
    raise Invalid(
        _("Diese Datei nehmen wir nicht an. Möglich sind PDF, Word, Excel, PowerPoint, OpenDocument, TXT und CSV.")
    )


def _check_nested(archive: zipfile.ZipFile, name: str) -> None:
    """A table within a presentation is a document of its own; one level deep is enough."""
    with archive.open(name) as member, zipfile.ZipFile(member) as inner:
        _check_members(inner.infolist())
        within = inner.namelist()
        if any(ACTIVE_NAME.search(other) or "embeddings/" in other for other in within) or TYPES not in within:
            raise _programs()
        if ACTIVE_TYPE.search(_read(inner, TYPES)):
            raise _programs()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A short part in UTF-8; in another encoding nothing in it could be found."""
    with archive.open(name) as member:
        text = member.read(MAX_DESCRIPTION + 1)
    if len(text) > MAX_DESCRIPTION or b"\0" in text:
        raise unreadable()
    return text


def _packed_anew(archive: zipfile.ZipFile) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as fresh:
        for member in archive.infolist():
            entry = zipfile.ZipInfo(member.filename, member.date_time)
            entry.compress_type = member.compress_type
            with archive.open(member) as source, fresh.open(entry, "w") as target:
                empty = EMPTIED.get(member.filename.lower())
                if empty is not None:
                    target.write(empty)
                    continue
                while piece := source.read(PIECE):
                    target.write(piece)
    return out.getvalue()


def _programs() -> Invalid:
    return Invalid(_("Die Datei enthält Makros, Programme oder Verweise auf fremde Vorlagen. Speichern Sie sie ohne."))
