"""Who stands behind a challenge: organisations that host it together, and the news they tell."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.challenges import commands, queries
from app.kit.db import unit_of_work
from app.kit.errors import Conflict, NotAllowed
from app.organisations.commands import add_member, found_organisation, verify
from app.organisations.models import Role
from tests.client import Client
from tests.factories.challenges import a_challenge, the
from tests.factories.world import challenge_draft, organisation_text, person
from tests.hostile import MARKUP
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

SignedIn = Callable[..., Client]
Work = Callable[[], None]


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    """Anton's draft, and Ada's organisation, in which Mara writes."""
    with app.test_request_context(), unit_of_work():
        werkstatt = found_organisation(organisation_text("Offene Werkstatt"), by=person("ada"))
        add_member(werkstatt, person("mara").id, Role.EDITOR, by=person("ada"))
        return challenge_draft(person("anton")).id


def invite(signed_in: SignedIn, cast: Cast, number: int, name: str = "offene  werkstatt", expect: int = 200) -> Client:
    anton = signed_in(cast.anton)
    form = anton.page(f"/challenges/{number}/hosts").form("Organisation einladen")
    form.fill(organisation=name).submit(expect=expect)
    return anton


def test_an_organisation_is_asked_accepts_and_acts_for_the_challenge(
    app: Flask, cast: Cast, signed_in: SignedIn, draft: int, work: Work, smtp: Mailbox
) -> None:
    mara = signed_in(cast.mara)
    mara.page(f"/challenges/{draft}", expect=404)
    invite(signed_in, cast, draft)
    work()
    work()
    assert smtp.subjects_to(cast.mara.email) == ["Einladung: „Ein Hof für alle“ mittragen"]
    assert f"/challenges/{draft}" in text_of_message(smtp.last_to(cast.mara.email))
    asked = " ".join(mara.page("/account").texts("#einladungen-mittragen li"))
    assert "Ein Hof für alle für Offene Werkstatt" in asked
    assert "Ein Hof für alle" in " ".join(signed_in(cast.anton).page("/account").texts("#eigene-herausforderungen li"))
    page = mara.page(f"/challenges/{draft}")
    mara.page(f"/challenges/{draft}/phases", expect=403)
    own = "/organisations/offene-werkstatt"
    assert "Ein Hof für alle" in " ".join(mara.page(own).texts("#in-arbeit li"))
    page = page.form("#acts").submit("Annehmen")
    assert not mara.page("/account").select("#einladungen-mittragen")
    assert "Ein Hof für alle" in " ".join(mara.page(own).texts("#in-arbeit li"))
    assert not app.test_client().page(own).select("#in-arbeit")
    assert "trägt diese Herausforderung mit" in page
    mara.page(f"/challenges/{draft}/phases")
    mara.page(f"/challenges/{draft}/edit")
    with app.test_request_context(), unit_of_work():
        with pytest.raises(NotAllowed):
            commands.invite_host(the(draft), queries.hosts_of(draft)[0].organisation, by=person("mara"))
        commands.submit_challenge(the(draft), by=person("anton"))
    page = mara.page(f"/challenges/{draft}")
    assert "Gemeinsam mit" in page
    page.form("#acts").submit("Nicht mehr mittragen")
    mara.page(f"/challenges/{draft}/phases", expect=403)
    assert "Gemeinsam mit" not in mara.page(f"/challenges/{draft}")


def test_who_declines_sees_the_draft_no_more_and_may_be_asked_again(
    app: Flask, cast: Cast, signed_in: SignedIn, draft: int
) -> None:
    invite(signed_in, cast, draft)
    mara = signed_in(cast.mara)
    mara.page(f"/challenges/{draft}").form("#acts").submit("Ablehnen")
    mara.page(f"/challenges/{draft}", expect=404)
    invite(signed_in, cast, draft)
    assert "ist eingeladen" in mara.page(f"/challenges/{draft}")


def test_invitations_that_make_no_sense_are_refused(app: Flask, cast: Cast, signed_in: SignedIn, draft: int) -> None:
    invite(signed_in, cast, draft)
    invite(signed_in, cast, draft, expect=409)
    invite(signed_in, cast, draft, "Gibt es nicht", expect=422)
    for text in MARKUP.values():
        invite(signed_in, cast, draft, text[:200], expect=422)
    with app.test_request_context(), unit_of_work():
        werkstatt = queries.hosts_of(draft)[0].organisation
        own = a_challenge("Eine eigene", by=person("ada"), organisation_id=werkstatt.id)
        with pytest.raises(Conflict):
            commands.invite_host(own, werkstatt, by=person("ada"))


def test_its_author_takes_an_invitation_back(app: Flask, cast: Cast, signed_in: SignedIn, draft: int) -> None:
    anton = invite(signed_in, cast, draft)
    anton.page(f"/challenges/{draft}/hosts").form("#acts").submit("Entfernen")
    signed_in(cast.mara).page(f"/challenges/{draft}", expect=404)


def test_news_are_read_on_the_page_and_mailed_to_followers_once(
    app: Flask, cast: Cast, signed_in: SignedIn, work: Work, smtp: Mailbox
) -> None:
    with app.test_request_context(), unit_of_work():
        number = a_challenge().id
    anton, mara = signed_in(cast.anton), signed_in(cast.mara)
    mara.page(f"/challenges/{number}").form("#acts").submit("Folgen")
    form = anton.page(f"/challenges/{number}").form("Neuigkeit veröffentlichen")
    page = form.fill(body="Die Jury steht.").submit(expect=422)
    assert "Geben Sie der Neuigkeit eine Überschrift." in page
    form = page.form("Neuigkeit veröffentlichen").fill(title="Die Jury")
    form.submit()
    form.submit()
    work()
    work()
    assert smtp.subjects_to(cast.mara.email) == ["Die Jury: Neues zu „Warten im Regen“"]
    page = mara.page(f"/challenges/{number}")
    assert page.text.count("Die Jury steht.") == 1
    assert "Bearbeiten" not in page
    page = anton.page(f"/challenges/{number}/news")
    assert "Die Jury steht." in page
    with app.test_request_context():
        post = queries.news_about(number).items[0].id
    edit = anton.page(f"/challenge-news/{post}/edit").form("Änderungen speichern")
    assert "geändert" in edit.fill(body="Die Jury steht fest.").submit()
    anton.page(f"/challenges/{number}/news").form("#acts").submit("Ja, Neuigkeit löschen")
    assert "Die Jury" not in anton.page(f"/challenges/{number}").text.replace("Die Neuigkeit ist gelöscht.", "")


def test_only_people_we_trust_write_to_all_followers(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        mine = commands.post_challenge(_text(), by=person("mara"))
        commands.set_state(mine, "published", "")
        with pytest.raises(NotAllowed):
            commands.post_news(mine, title="Kauft", body="Bei mir.", by=person("mara"))
        werkstatt = found_organisation(organisation_text("Verlässlich"), by=person("ada"))
        add_member(werkstatt, person("mara").id, Role.EDITOR, by=person("ada"))
        verify(werkstatt, by=person("ruth"))
        ours = commands.post_challenge(_text("Unsere", werkstatt.id), by=person("mara"))
        commands.set_state(ours, "published", "")
        commands.post_news(ours, title="Neu", body="Von uns.", by=person("mara"))


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
@pytest.mark.on("sqlite")
def test_news_stay_text(app: Flask, cast: Cast, text: str, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        commands.post_news(challenge, title=text[:110], body=text, by=person("anton"))
        number = challenge.id
    assert "<script>alert" not in client.page(f"/challenges/{number}").html


def _text(title: str = "Meine", organisation_id: int | None = None) -> commands.ChallengeText:
    return commands.ChallengeText(title=title, summary="Kurz.", problem="Lang.", organisation_id=organisation_id)
