"""The files on a subject's page, and what is held about who uploaded pictures and files."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.attachments import commands, queries
from app.attachments.models import File, Picture
from app.kit import personal_data
from app.kit.db import db
from app.kit.slots import fills


@fills("subject.files")
def files_of_subject(subjects: Sequence[Any]) -> str:
    """The files of the one subject of a page."""
    files = queries.files_of([subjects[0].id]).get(subjects[0].id, [])
    return render_template("attachments/_files.html", files=files) if files else ""


def _export(person_id: int) -> dict[str, list[dict[str, Any]]]:
    pictures = db.session.scalars(select(Picture).where(Picture.uploader_id == person_id).order_by(Picture.id))
    files = db.session.scalars(select(File).where(File.uploader_id == person_id).order_by(File.id))
    return {
        "pictures": [_facts(row) | {"alt": row.alt} for row in pictures],
        "files": [_facts(row) | {"name": row.name, "size": row.size} for row in files],
    }


def _facts(row: Picture | File) -> dict[str, Any]:
    return {"id": row.id, "belongs_to": row.subject_id, "uploaded_at": row.created_at.isoformat()}


# What belongs to an idea or a challenge stays with it; the account behind it no longer has a name.
personal_data.register("attachments", export=_export, anonymise=commands.forget_loose)
