"""Pictures as a reader may see them."""

from collections.abc import Collection

from sqlalchemy import select

from app.attachments.models import Picture
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.subjects import registry


def picture_for(reader: Actor, picture_id: int) -> Picture:
    """A picture: as visible as its subject; without one, to its uploader only.

    Raises:
        NotFound, Gone: as for the subject.
    """
    picture = db.session.get(Picture, picture_id)
    if picture is None or (picture.subject_id is None and picture.uploader_id != reader.id):
        raise NotFound
    if picture.subject_id is not None:
        registry.load(reader, picture.subject_id)
    return picture


def loose_picture(reader: Actor, picture_id: int | None) -> Picture | None:
    """The reader's own picture that belongs to nothing yet, or None."""
    picture = db.session.get(Picture, picture_id) if picture_id else None
    return picture if picture and picture.subject_id is None and picture.uploader_id == reader.id else None


def pictures_of(subject_ids: Collection[int]) -> dict[int, list[Picture]]:
    """The pictures of several subjects, in the order they were attached."""
    rows = db.session.scalars(select(Picture).where(Picture.subject_id.in_(subject_ids)).order_by(Picture.id))
    found: dict[int, list[Picture]] = {}
    for picture in rows:
        found.setdefault(picture.subject_id or 0, []).append(picture)
    return found
