"""Taking pictures in, attaching them, sweeping away what nobody attached."""

from datetime import timedelta

from sqlalchemy import select

from app.attachments import queries
from app.attachments.models import Picture
from app.kit import clock, storage
from app.kit.access import require
from app.kit.actor import Actor, is_member
from app.kit.db import after_commit, command, db
from app.kit.pictures import Picture as SafePicture

LOOSE_FOR = timedelta(days=7)


def store_files(picture: SafePicture) -> str:
    """Write a picture's files, before any transaction, and return their stem."""
    stem = storage.new_stem()
    for kind, files in picture.files.items():
        for width, content in files.items():
            storage.save(f"{stem}-{width}.{kind}", content)
    return stem


@command
def add_picture(picture: SafePicture, stem: str, *, by: Actor, alt: str = "") -> Picture:
    """Record a stored picture; it belongs to nothing yet."""
    require(is_member(by), by)
    row = Picture(uploader_id=by.id, stem=stem, widths=picture.widths, formats=list(picture.files), alt=alt)
    row.width, row.height = picture.width, picture.height
    db.session.add(row)
    db.session.flush()
    return row


@command
def attach(subject_id: int, picture_id: int | None, *, alt: str, by: Actor) -> None:
    """Attach the person's own loose picture to a subject; the picture it replaces goes."""
    picture = queries.loose_picture(by, picture_id)
    if picture is None:
        return
    for old in queries.pictures_of([subject_id]).get(subject_id, []):
        remove(old)
    picture.subject_id, picture.alt = subject_id, alt


@command
def describe(subject_id: int, alt: str) -> None:
    """Change what the alternative text of a subject's pictures says."""
    for picture in queries.pictures_of([subject_id]).get(subject_id, []):
        picture.alt = alt


@command
def remove(picture: Picture) -> None:
    """Forget a picture; its files go once that is committed."""
    keys = picture.keys
    db.session.delete(picture)

    def delete_files() -> None:
        for key in keys:
            storage.delete(key)

    after_commit(delete_files)


@command
def sweep_loose_pictures() -> int:
    """Remove pictures nobody attached within a week; returns how many."""
    old = select(Picture).where(Picture.subject_id.is_(None), Picture.created_at < clock.now() - LOOSE_FOR)
    pictures = db.session.scalars(old.order_by(Picture.created_at).limit(500)).all()
    for picture in pictures:
        remove(picture)
    return len(pictures)
