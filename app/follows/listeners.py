"""The follow button of a page, people who follow their own organisation, and what is held about followers."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.follows import commands, queries
from app.follows.models import Because, Follow
from app.kit import personal_data
from app.kit.access import current_actor
from app.kit.db import db
from app.kit.slots import fills
from app.organisations.activities import MemberJoined, MemberLeft
from app.subjects.activities import within


@within(MemberJoined)
def follow_own_organisation(fact: MemberJoined) -> None:
    commands.follow_by_itself(fact.subject_id, fact.person_id, Because.OWN)


@within(MemberLeft)
def end_following_own_organisation(fact: MemberLeft) -> None:
    commands.end_own_follow(fact.subject_id, fact.person_id)


@fills("subject.follow")
def follow_button(subjects: Sequence[Any]) -> str:
    """The button of the one subject of a page; one query."""
    standing = queries.standing(current_actor(), subjects[0].id)
    return render_template("follows/_follow.html", thing=subjects[0], standing=standing)


def _export(person_id: int) -> dict[str, Any]:
    rows = db.session.scalars(select(Follow).where(Follow.person_id == person_id).order_by(Follow.id))
    chosen = queries.settings_of(person_id)
    return {
        "subjects": [
            {"subject": row.subject_id, "because": row.because, "at": row.created_at.isoformat()} for row in rows
        ],
        "settings": {name: getattr(chosen, name) for name in commands.SETTINGS},
    }


personal_data.register("follows", export=_export, anonymise=commands.forget)
