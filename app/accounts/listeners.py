"""People as subjects, and what the platform holds about them."""

from typing import Any

from app.accounts import queries
from app.accounts.models import User, roles_then
from app.kit import personal_data, security
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.subjects import registry


def _export(person_id: int) -> dict[str, Any]:
    user = db.session.get_one(User, person_id)
    return {
        "name": user.name,
        "email": user.email,
        "handle": user.handle,
        "roles": list(user.role_names),
        "trusted": user.trusted,
        "created_at": user.created_at.isoformat(),
    }


def _last(person_id: int) -> None:
    """The account row itself is anonymised by `delete_account`, after everything else."""


security.knows("roles_then", roles_then)
personal_data.register("account", export=_export, anonymise=_last)
registry.register(
    registry.Kind(
        name="person",
        load=queries.person_for,
        many=queries.people_for,
        names=queries.people_named,
        address=lambda user: page_at("accounts.person", handle=user.handle),
        word=lambda: _("Person"),
    )
)
