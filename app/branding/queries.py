"""The look that holds."""

import json

from app.branding.models import Look, LookVersion
from app.kit import frame
from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.web import settings


def current_look() -> Look:
    """The newest version of the look, or what the settings say."""
    version = frame.value("look_version")
    return Look.of_data(json.loads(frame.value("look")), version) if version else shipped_look()


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
