"""Challenges as subjects, on a person's page, and their counters' truth (which ideas register)."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.challenges import commands, queries
from app.challenges.activities import ChallengeSubmitted
from app.challenges.models import Challenge
from app.challenges.queries import words
from app.follows import commands as follows
from app.follows.models import Because
from app.kit import drafts, personal_data
from app.kit.access import current_actor
from app.kit.db import db
from app.kit.i18n import gettext as _
from app.kit.present import address_of
from app.kit.slots import fills
from app.organisations.policy import belongs_to
from app.subjects import registry
from app.subjects.activities import within
from app.subjects.acts import Act

ON_ORGANISATION_PAGE = 6


@within(ChallengeSubmitted)
def follow_own_challenge(fact: ChallengeSubmitted) -> None:
    if fact.actor_id:
        follows.follow_by_itself(fact.subject_id, fact.actor_id, Because.OWN)


@fills("account.sections")
def own_challenges(subjects: Sequence[Any]) -> str:
    """What the person of an account page posted."""
    return render_template("challenges/_own.html", challenges=queries.challenges_by(subjects[0].id))


@fills("account.sections")
def asked_to_host(subjects: Sequence[Any]) -> str:
    """What the organisations of the person of an account page are asked to host."""
    asked = queries.invitations_to_host(subjects[0].organisation_ids)
    return render_template("challenges/_invitations.html", invitations=asked)


@fills("organisation.sections")
def challenges_of_organisation(subjects: Sequence[Any]) -> str:
    """What the one organisation of a page posted."""
    organisation = subjects[0]
    own: dict[str, Any] = {"challenges": queries.challenges_as(organisation.id, ON_ORGANISATION_PAGE)}
    if belongs_to(current_actor(), organisation):
        own |= {"drafts": queries.drafts_of(organisation.id)}
        own |= {"invitations": queries.invitations_to_host([organisation.id])}
    return render_template("challenges/_of_organisation.html", **own)


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Challenge).where(Challenge.author_id == person_id).order_by(Challenge.id)).unique()
    return [{"title": row.title, "summary": row.summary, "problem": row.problem, "state": row.state} for row in rows]


def _keep(person_id: int) -> None:
    """Challenges stay for those who answered; the account behind them no longer has a name."""


drafts.go_on_at("/challenges", "challenges.new")
drafts.go_on_at("challenges.update", "challenges.edit")
personal_data.register("challenges", export=_export, anonymise=_keep)
registry.register(
    registry.Kind(
        name="challenge",
        load=queries.challenge_for,
        many=queries.challenges_for,
        headings=queries.challenge_headings,
        previewed=queries.id_previewed,
        address=address_of("challenges.show", "challenge_id"),
        word=lambda: _("Herausforderung"),
        allows=lambda challenge, act: act is not Act.SUPPORT and challenge.allows(act),
        hold=lambda challenge: queries.hold(challenge.id),
        set_state=commands.set_state,
        words=words.passages,
        index=commands.index,
    )
)
