"""Taking pictures and files in, attaching them, sweeping away what nobody attached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from app.attachments import queries
from app.attachments.models import File, Picture
from app.kit import clock, storage
from app.kit.access import require
from app.kit.actor import Actor, is_member
from app.kit.db import after_commit, command, db
from app.kit.documents import Document
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.pictures import Picture as SafePicture

LOOSE_FOR = timedelta(days=7)
LOOSE_AT_MOST = 60
MOST_PICTURES, MOST_FILES = 6, 5


@dataclass(frozen=True, slots=True)
class Row:
    """What a form says about one picture or file; a file has no alternative text."""

    id: int
    alt: str = ""
    is_decorative: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """What a form says about a subject's pictures or files: their order, and which of them are to go.

    One that is named in neither stays, behind the others: somebody else added it meanwhile.
    """

    rows: tuple[Row, ...] = ()
    gone: tuple[int, ...] = ()


NOTHING = Arranged()


class Uploads(Protocol):
    """A form's field of pictures or files: what was chosen, made safe, and where its rows are told of it."""

    rows: list[Row]
    fresh_pictures: list[tuple[SafePicture, str]]
    fresh_documents: list[Document]

    def took(self, ids: Sequence[int]) -> None: ...


def keep_uploads(*fields: Uploads, by: Actor) -> None:
    """Store what was chosen in these fields, loose for now; their rows name it afterwards."""
    # The bytes are written first: the writing transaction only records them.
    stored = [
        (
            field,
            [(safe, store_files(safe), alt) for safe, alt in field.fresh_pictures],
            [(document, store_document(document)) for document in field.fresh_documents],
        )
        for field in fields
    ]
    for field, photos, documents in stored:
        pictures = [add_picture(safe, stem, by=by, alt=alt).id for safe, stem, alt in photos]
        field.took([*pictures, *(add_file(document, key, by=by).id for document, key in documents)])


def store_files(picture: SafePicture) -> str:
    """Write a picture's files, before any transaction, and return their stem."""
    stem = storage.new_stem()
    for kind, files in picture.files.items():
        for width, content in files.items():
            storage.save(f"{stem}-{width}.{kind}", content)
    return stem


def store_document(document: Document) -> str:
    """Write a file, before any transaction, and return its key."""
    key = f"{storage.new_stem()}.{document.kind}"
    storage.save(key, document.content)
    return key


@command
def add_picture(picture: SafePicture, stem: str, *, by: Actor, alt: str = "") -> Picture:
    """Record a stored picture; it belongs to nothing yet.

    Raises:
        Conflict: the person has too many that belong to nothing.
    """
    _require_room(by)
    row = Picture(uploader_id=by.id, stem=stem, widths=picture.widths, formats=list(picture.files), alt=alt)
    row.width, row.height = picture.width, picture.height
    db.session.add(row)
    db.session.flush()
    return row


@command
def add_file(document: Document, key: str, *, by: Actor) -> File:
    """Record a stored file; it belongs to nothing yet.

    Raises:
        Conflict: the person has too many that belong to nothing.
    """
    _require_room(by)
    row = File(uploader_id=by.id, key=key, kind=document.kind, name=document.name, size=len(document.content))
    db.session.add(row)
    db.session.flush()
    return row


@command
def attach(subject_id: int, picture_id: int | None, *, alt: str, by: Actor) -> None:
    """Attach the person's own loose picture as the only one; the picture it replaces goes."""
    picture = queries.loose_picture(by, picture_id)
    if picture is None:
        return
    for old in queries.pictures_of([subject_id]).get(subject_id, []):
        remove(old)
    picture.subject_id, picture.alt = subject_id, alt


@command
def attach_part(subject_id: int, file_id: int | None, *, by: Actor) -> int | None:
    """Attach the person's own loose file to a part of a subject, not among its files; returns its id, if it is one."""
    file = queries.loose_file(by, file_id)
    if file is None:
        return None
    file.subject_id, file.is_listed = subject_id, False
    db.session.flush()
    return file.id


@command
def describe(subject_id: int, alt: str) -> None:
    """Change what the alternative text of a subject's pictures says."""
    for picture in queries.pictures_of([subject_id]).get(subject_id, []):
        picture.alt = alt


@command
def describe_loose(rows: Sequence[Row], *, by: Actor) -> None:
    """Note what a person says about pictures that belong to nothing yet, so that a preview shows it."""
    said = {row.id: row for row in rows}
    for picture in queries.to_arrange(Picture, by, said.keys(), None):
        picture.alt, picture.is_decorative = said[picture.id].alt, said[picture.id].is_decorative


@command
def arrange_pictures(subject_id: int, arranged: Arranged, *, by: Actor) -> None:
    """Attach, describe, order and remove a subject's pictures as a form says; who may, the caller has asked.

    Raises:
        Conflict: more than six.
    """
    pictures = _arrange(Picture, subject_id, arranged, by, MOST_PICTURES)
    said = {row.id: row for row in arranged.rows}
    for picture in pictures:
        if row := said.get(picture.id):
            picture.alt, picture.is_decorative = row.alt, row.is_decorative and not row.alt


@command
def arrange_files(subject_id: int, arranged: Arranged, *, by: Actor) -> None:
    """Attach, order and remove a subject's files as a form says; who may, the caller has asked.

    Raises:
        Conflict: more than five.
    """
    _arrange(File, subject_id, arranged, by, MOST_FILES)


@command
def complete(subject_id: int, pictures: Arranged, files: Arranged, *, by: Actor) -> None:
    """Give a subject that was sent twice the pictures or the files that it lacked the first time."""
    if not queries.pictures_of([subject_id]):
        arrange_pictures(subject_id, pictures, by=by)
    if not queries.files_of([subject_id]):
        arrange_files(subject_id, files, by=by)


@command
def copy_all(from_id: int, to_id: int, *, by: Actor) -> None:
    """Give a subject copies of its template's pictures and listed files, in their order, on the disk too."""
    for picture in queries.pictures_of([from_id]).get(from_id, []):
        stem = storage.new_stem()
        more = {name: getattr(picture, name) for name in ("widths", "formats", "width", "height", "alt", "position")}
        same = Picture(uploader_id=by.id, subject_id=to_id, stem=stem, is_decorative=picture.is_decorative, **more)
        for old, new in zip(picture.keys, same.keys, strict=True):
            storage.save(new, storage.path_of(old).read_bytes())
        db.session.add(same)
    for file in queries.files_of([from_id]).get(from_id, []):
        key = f"{storage.new_stem()}.{file.kind}"
        storage.save(key, storage.path_of(file.key).read_bytes())
        more = {name: getattr(file, name) for name in ("kind", "name", "size", "position")}
        db.session.add(File(uploader_id=by.id, subject_id=to_id, key=key, **more))
    db.session.flush()


@command
def remove(thing: Picture | File) -> None:
    """Forget a picture or file; what is on the disk goes once that is committed."""
    keys = thing.keys
    db.session.delete(thing)

    def delete_files() -> None:
        for key in keys:
            storage.delete(key)

    after_commit(delete_files)


@command
def remove_all(subject_id: int) -> None:
    """Forget every picture and file of a subject whose words are gone."""
    for picture in queries.pictures_of([subject_id]).get(subject_id, []):
        remove(picture)
    for file in queries.files_of([subject_id], listed=False).get(subject_id, []):
        remove(file)


@command
def sweep_loose() -> int:
    """Remove pictures and files nobody attached within a week; returns how many."""
    return _sweep(Picture) + _sweep(File)


@command
def forget_loose(person_id: int) -> None:
    """Remove what a person uploaded that belongs to nothing."""
    for picture in queries.loose_of(Picture, person_id):
        remove(picture)
    for file in queries.loose_of(File, person_id):
        remove(file)


def _sweep(model: type[queries.Thing]) -> int:
    old = queries.loose_since(model, clock.now() - LOOSE_FOR)
    for thing in old:
        remove(thing)
    return len(old)


def _arrange(
    model: type[queries.Thing], subject_id: int, arranged: Arranged, by: Actor, most: int
) -> list[queries.Thing]:
    """The subject's things as they are now, in their order."""
    places = {row.id: place for place, row in enumerate(arranged.rows)}
    kept = []
    for thing in queries.to_arrange(model, by, places.keys(), subject_id):
        if thing.id in arranged.gone:
            remove(thing)
        else:
            kept.append(thing)
    if len(kept) > most:
        raise Conflict(_("Das sind zu viele Bilder oder Dateien. Bitte laden Sie die Seite neu und prüfen Sie sie."))
    kept.sort(key=lambda thing: (places.get(thing.id, len(places)), thing.position, thing.id))
    for place, thing in enumerate(kept):
        thing.subject_id, thing.position = subject_id, place
    db.session.flush()
    return kept


def _require_room(by: Actor) -> None:
    require(is_member(by), by)
    if queries.count_loose(by.id) >= LOOSE_AT_MOST:
        raise Conflict(_("Sie haben gerade sehr viele Bilder und Dateien hochgeladen, ohne sie zu senden."))
