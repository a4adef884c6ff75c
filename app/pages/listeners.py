"""Pages as subjects, and what is held about those who edit them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from app.kit import personal_data
from app.kit.actor import Actor
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.pages import queries
from app.pages.models import Page, PageVersion
from app.subjects import registry


def _many(_reader: Actor, page_ids: Collection[int]) -> Sequence[Page]:
    return db.session.scalars(select(Page).where(Page.id.in_(page_ids))).all()


def _export(person_id: int) -> list[dict[str, Any]]:
    own = select(Page.key, PageVersion).join(PageVersion).where(PageVersion.author_id == person_id)
    return [
        {
            "page": key,
            "language": row.language,
            "version": row.number,
            "at": row.created_at.isoformat(),
            "note": row.note,
        }
        for key, row in db.session.execute(own.order_by(PageVersion.id))
    ]


def _keep(person_id: int) -> None:
    """Who changed a text that binds the operator stays on record, under the anonymised account."""


personal_data.register("pages", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="page",
        load=lambda _reader, page_id: queries.page_by_id(page_id),
        many=_many,
        address=lambda page: page_at("pages.show", key=page.key),
        word=lambda: _("Seite"),
    )
)
