"""The look that holds."""

from sqlalchemy import select

from app.branding.models import Look, LookVersion
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.web import settings


def current_look() -> Look:
    """The newest version of the look, or what the settings say. One small query by the primary key."""
    newest = select(LookVersion.id, LookVersion.data).order_by(LookVersion.id.desc()).limit(1)
    row = db.session.execute(newest).first()
    return Look.of_data(row.data, row.id) if row else shipped_look()


def shipped_look() -> Look:
    """What the settings say."""
    own = settings()
    return Look(
        name=own.site_name,
        claim=own.site_claim,
        claim_en=own.site_claim_en,
        colour=own.brand_colour,
        shows_eu=own.eu_emblem,
    )


def version_by_id(version_id: int) -> LookVersion:
    """One version of the look.

    Raises:
        NotFound: none.
    """
    found = db.session.get(LookVersion, version_id)
    if found is None:
        raise NotFound
    return found
