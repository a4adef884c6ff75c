"""The look as a subject, what is held about those who change it, and who says how the site looks."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.branding import queries
from app.branding.models import LookVersion
from app.kit import identity, personal_data
from app.kit.actor import Actor
from app.kit.db import db
from app.subjects import registry


def _many(_reader: Actor, version_ids: Collection[int]) -> Sequence[LookVersion]:
    return db.session.scalars(select(LookVersion).where(LookVersion.id.in_(version_ids))).all()


def _export(person_id: int) -> list[dict[str, Any]]:
    own = select(LookVersion).where(LookVersion.author_id == person_id).order_by(LookVersion.id)
    return [{"version": row.id, "at": row.created_at.isoformat()} for row in db.session.scalars(own)]


def _keep(person_id: int) -> None:
    """Who changed what speaks for the operator stays on record, under the anonymised account."""


identity.use(queries.current_look)
personal_data.register("looks", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="look",
        load=lambda _reader, version_id: queries.version_by_id(version_id),
        many=_many,
        address=lambda _look: url_for("branding.edit"),
        word=lambda: _("Erscheinungsbild"),
    )
)
