"""Organisations as subjects, on a person's pages, and what is held about their people."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import Text, cast, func, select

from app.accounts.models import User
from app.kit import drafts, personal_data, security
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.kit.slots import fills
from app.organisations import commands, queries
from app.organisations.models import Invitation, Membership, Organisation
from app.subjects import registry


@fills("account.sections")
def own_organisations(subjects: Sequence[Any]) -> str:
    """The organisations of the person of an account page, with what they may do there."""
    return render_template("organisations/_own.html", organisations=queries.organisations_of(subjects[0].id))


def _export(person_id: int) -> dict[str, Any]:
    own = select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)
    email = select(func.lower(User.email)).where(User.id == person_id).scalar_subquery()
    asked = db.session.scalars(select(Invitation).where(Invitation.email == email).order_by(Invitation.id))
    return {
        "memberships": [
            {"organisation": row.organisation.name, "role": row.role, "since": row.created_at.isoformat()}
            for row in db.session.scalars(own).unique()
        ],
        "invitations": [
            {"organisation": row.organisation.name, "role": row.role, "at": row.created_at.isoformat()} for row in asked
        ],
    }


def _words(organisation: Organisation) -> list[registry.Passage]:
    words = ((_("In einem Satz"), organisation.summary), (_("Über uns"), organisation.text))
    return [registry.Passage(label, text) for label, text in (*words, (_("Website"), organisation.website))]


drafts.go_on_at("/organisations", "organisations.new")
personal_data.register("organisations", export=_export, anonymise=commands.forget_person)


def _of_which() -> Any:
    """Whom the reader may speak for: many pages ask."""
    own = select(func.aggregate_strings(cast(Membership.organisation_id, Text), ","))
    return own.where(Membership.person_id == User.id).correlate(User).scalar_subquery()


security.knows("organisations_then", _of_which)
registry.register(
    registry.Kind(
        name="organisation",
        load=queries.organisation_for,
        many=queries.organisations_for,
        headings=queries.organisation_headings,
        names=queries.organisations_named,
        address=lambda organisation: page_at("organisations.show", organisation_slug=organisation.slug),
        word=lambda: _("Organisation"),
        allows=lambda organisation, act: organisation.allows(act),
        set_state=commands.set_state,
        words=_words,
        index=commands.index,
    )
)
