"""The look as a subject, what is held about those who change it, and who says how the site looks."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, cast, select

from app.branding import queries
from app.branding.models import LookVersion
from app.kit import frame, identity, personal_data
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.subjects import registry


def _many(_reader: Actor, version_ids: Collection[int]) -> Sequence[LookVersion]:
    return db.session.scalars(select(LookVersion).where(LookVersion.id.in_(version_ids))).all()


def _export(person_id: int) -> list[dict[str, Any]]:
    own = select(LookVersion).where(LookVersion.author_id == person_id).order_by(LookVersion.id)
    return [{"version": row.id, "at": row.created_at.isoformat()} for row in db.session.scalars(own)]


def _keep(person_id: int) -> None:
    """Who changed what speaks for the operator stays on record, under the anonymised account."""


def _newest(column: Any) -> Any:
    return select(column).order_by(LookVersion.id.desc()).limit(1).scalar_subquery()


identity.use(queries.current_look)
frame.register("look_version", lambda: _newest(LookVersion.id))
frame.register("look", lambda: _newest(cast(LookVersion.data, Text)))
personal_data.register("looks", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="look",
        load=lambda _reader, version_id: queries.version_by_id(version_id),
        many=_many,
        address=lambda _look: page_at("branding.edit"),
        word=lambda: _("Erscheinungsbild"),
    )
)
