"""Changing an organisation's page: what it does to its verified mark and to who can read it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.kit.db import db, unit_of_work
from app.moderation.commands import open_case
from app.moderation.models import Case, Cause
from app.organisations import commands
from app.organisations.models import Organisation, Role
from app.subjects.models import ActivityRow
from tests.client import Client
from tests.factories.world import organisation_text, person
from tests.people import Cast, Person
from tests.support.pages import Page

SignedIn = Callable[[Person], Client]
SLUG = "offene-werkstatt"


@pytest.fixture
def werkstatt(app: Flask, cast: Cast) -> int:
    """Anton's organisation, in which Mara (whose posts wait) and Ruth (staff) edit; returns its id."""
    with app.test_request_context(), unit_of_work():
        made = commands.found_organisation(organisation_text("Offene Werkstatt"), by=person("anton"))
        for one in (cast.mara, cast.ruth):
            commands.add_member(made, one.id, Role.EDITOR, by=person("anton"))
        return made.id


def verify(app: Flask, organisation_id: int) -> None:
    with app.test_request_context(), unit_of_work():
        commands.verify(db.session.get_one(Organisation, organisation_id), by=person("ruth"))


def edit(client: Client, **changes: str) -> Page:
    return client.page(f"/organisations/{SLUG}/edit").form("/edit").fill(**changes).submit()


def waiting(app: Flask) -> list[str]:
    """Why it waits in the queue."""
    with app.app_context(), unit_of_work(writes=False):
        return list(db.session.scalars(db.select(Case.cause).where(Case.closed_at.is_(None)).order_by(Case.id)))


@pytest.mark.parametrize(
    ("field", "value"), [("name", "Bundesamt"), ("category", "administration"), ("website", "https://amt.example")]
)
def test_who_changes_what_staff_checked_ends_the_verification_and_knows_it(
    app: Flask, cast: Cast, werkstatt: int, signed_in: SignedIn, field: str, value: str
) -> None:
    verify(app, werkstatt)
    anton = signed_in(cast.anton)
    form = anton.page(f"/organisations/{SLUG}/edit")
    for one in ("name", "category", "website"):
        assert "ist sie es nicht mehr" in form.texts(f"#{one}-hinweis")[0], one
    page = edit(anton, **{field: value})
    assert "nicht mehr bestätigt" in page.texts(".toast")[0]
    assert not page.texts(".organisation-head .is-result")
    with app.app_context(), unit_of_work(writes=False):
        ended = db.select(ActivityRow).where(ActivityRow.name == "verification_ended")
        (row,) = db.session.scalars(ended)
        assert (row.actor_id, row.facts["fields"]) == (cast.anton.id, [field])


def test_other_changes_and_those_of_staff_keep_the_mark(
    app: Flask, cast: Cast, werkstatt: int, signed_in: SignedIn
) -> None:
    verify(app, werkstatt)
    assert edit(signed_in(cast.anton), summary="Neu.").texts(".organisation-head .is-result")
    assert "ist sie es nicht mehr" not in signed_in(cast.ruth).page(f"/organisations/{SLUG}/edit")
    assert edit(signed_in(cast.ruth), name="Werkstatt").texts(".organisation-head .is-result")


def test_a_verified_organisation_stays_public_when_a_new_member_edits_it(
    app: Flask, cast: Cast, werkstatt: int, signed_in: SignedIn, client: Client
) -> None:
    verify(app, werkstatt)
    mara = signed_in(cast.mara)
    assert "nicht öffentlich" not in mara.page(f"/organisations/{SLUG}/edit")
    assert "nicht öffentlich" not in edit(mara, summary="Neu gesagt.")
    assert "Neu gesagt." in client.page(f"/organisations/{SLUG}")
    assert waiting(app) == []


def test_a_new_member_who_ends_the_verification_waits_too(
    app: Flask, cast: Cast, werkstatt: int, signed_in: SignedIn, client: Client
) -> None:
    verify(app, werkstatt)
    said = edit(signed_in(cast.mara), name="Bundesamt").texts(".toast")[0]
    assert "nicht mehr bestätigt" in said
    assert "nicht öffentlich" in said
    client.page(f"/organisations/{SLUG}", expect=410)


@pytest.mark.parametrize("who", ["anton", "ruth"])
def test_a_new_members_edit_waits_until_a_trusted_member_or_staff_saves(
    app: Flask, cast: Cast, werkstatt: int, signed_in: SignedIn, client: Client, who: str
) -> None:
    mara = signed_in(cast.mara)
    assert "nicht öffentlich, bis" in mara.page(f"/organisations/{SLUG}/edit")
    assert "nicht öffentlich, bis" in edit(mara, summary="Ungelesen.").texts(".toast")[0]
    client.page(f"/organisations/{SLUG}", expect=410)
    with app.test_request_context(), unit_of_work():
        open_case(werkstatt, Cause.REPORT)
    assert "nicht öffentlich" not in edit(signed_in(getattr(cast, who)), summary="Gelesen.").texts(".toast")[0]
    assert "Gelesen." in client.page(f"/organisations/{SLUG}")
    assert client.page("/search?q=werkstatt").links("Offene Werkstatt"), "found again"
    assert waiting(app) == ["report"], "what somebody reported still waits"
