"""Pictures and files as a reader may see them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from app.attachments.models import File, Picture
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.errors import NotFound
from app.subjects import registry

Thing = TypeVar("Thing", Picture, File)


def picture_for(reader: Actor, picture_id: int, preview: str = "") -> Picture:
    """A picture: as visible as its subject, also by the token of its preview link; without one, to its uploader only.

    Raises:
        NotFound, Gone: as for the subject.
    """
    return _as_visible(reader, db.session.get(Picture, picture_id), preview)


def file_for(reader: Actor, file_id: int, preview: str = "") -> File:
    """A file: as visible as its subject, also by the token of its preview link; without one, to its uploader only.

    Raises:
        NotFound, Gone: as for the subject.
    """
    return _as_visible(reader, db.session.get(File, file_id), preview)


def loose_picture(reader: Actor, picture_id: int | None) -> Picture | None:
    """The reader's own picture that belongs to nothing yet, or None."""
    picture = db.session.get(Picture, picture_id) if picture_id else None
    return picture if picture and picture.subject_id is None and picture.uploader_id == reader.id else None


def loose_file(reader: Actor, file_id: int | None) -> File | None:
    """The reader's own file that belongs to nothing yet, or None."""
    file = db.session.get(File, file_id) if file_id else None
    return file if file and file.subject_id is None and file.uploader_id == reader.id else None


def count_loose(uploader_id: int) -> int:
    """How many pictures and files of a person belong to nothing yet."""
    return sum(
        db.session.scalar(select(func.count()).where(model.uploader_id == uploader_id, model.subject_id.is_(None))) or 0
        for model in (Picture, File)
    )


def loose_of(model: type[Thing], uploader_id: int) -> Sequence[Thing]:
    """What a person uploaded that belongs to nothing yet."""
    return db.session.scalars(select(model).where(model.uploader_id == uploader_id, model.subject_id.is_(None))).all()


def loose_since(model: type[Thing], before: datetime, most: int = 500) -> Sequence[Thing]:
    """What has belonged to nothing since before a moment, oldest first."""
    old = select(model).where(model.subject_id.is_(None), model.created_at < before)
    return db.session.scalars(old.order_by(model.created_at).limit(most)).all()


def to_arrange(model: type[Thing], reader: Actor, ids: Collection[int], subject_id: int | None) -> list[Thing]:
    """What a form may put in order: all listed of the subject, and of these ids the reader's own loose ones."""
    mine = (model.id.in_(ids)) & model.subject_id.is_(None) & (model.uploader_id == reader.id)
    found = list(db.session.scalars(select(model).where(mine))) if ids and reader.id else []
    if subject_id:
        found += (pictures_of if model is Picture else files_of)([subject_id]).get(subject_id, [])  # type: ignore[arg-type]
    return found


def pictures_of(subject_ids: Collection[int]) -> dict[int, list[Picture]]:
    """The pictures of several subjects, each in its order."""
    rows = select(Picture).where(Picture.subject_id.in_(subject_ids)).order_by(Picture.position, Picture.id)
    return _by_subject(db.session.scalars(rows).all())


def files_of(subject_ids: Collection[int], *, listed: bool = True) -> dict[int, list[File]]:
    """The listed files of several subjects, each in its order; with `listed=False` those of their parts too."""
    rows = select(File).where(File.subject_id.in_(subject_ids))
    rows = rows.where(File.is_listed) if listed else rows
    return _by_subject(db.session.scalars(rows.order_by(File.position, File.id)).all())


def _by_subject(things: Sequence[Thing]) -> dict[int, list[Thing]]:
    found: dict[int, list[Thing]] = {}
    for thing in things:
        found.setdefault(thing.subject_id or 0, []).append(thing)
    return found


def _as_visible(reader: Actor, thing: Thing | None, preview: str) -> Thing:
    if thing is None or (thing.subject_id is None and thing.uploader_id != reader.id):
        raise NotFound
    if thing.subject_id is not None:
        registry.require_visible(reader, thing.subject_id, preview)
    return thing


def first_picture(subject_id: Any) -> Any:
    """The id of a subject's first picture, as part of another select: of an organisation its logo."""
    first = select(Picture.id).where(Picture.subject_id == subject_id).order_by(Picture.id).limit(1)
    return first.correlate_except(Picture).scalar_subquery()
