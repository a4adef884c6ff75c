"""Co-authors: asked by mail or by name, they accept or decline, write along, and may leave."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.commands import delete_account
from app.ideas import commands
from app.ideas.models import Coauthor, CoauthorInvitation, ContactWay, Idea, IdeaContact
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict
from app.kit.personal_data import export_all
from app.subjects.models import ActivityRow
from tests.client import Client
from tests.factories.world import World, person
from tests.people import Cast, Person
from tests.support.mailbox import Mailbox, text_of_message

SignedIn = Callable[[Person], Client]
Work = Callable[[], None]


def invite(signed_in: SignedIn, cast: Cast, idea_id: int, whom: str, *, expect: int = 200) -> str:
    form = signed_in(cast.anton).page(f"/ideas/{idea_id}/authors").form("/invitations")
    return form.fill(whom=whom).submit("Einladung schicken", expect=expect).text


def join(app: Flask, idea_id: int, who: str) -> None:
    with app.test_request_context(), unit_of_work():
        idea = db.session.get_one(Idea, idea_id)
        invitation = commands.invite_coauthor(idea, f"{who}@example.org", by=person("anton"))
        commands.join_idea(invitation, by=person(who))


def test_somebody_asked_by_mail_accepts_and_stands_beside_the_author(
    cast: Cast, client: Client, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    assert "unterwegs an mara@example.org" in invite(signed_in, cast, world.idea, "Mara@Example.org")
    work()
    link = smtp.link_in_last_to("mara@example.org")
    assert "Anmelden" in client.page(link), "a guest is asked to sign in first"
    mara = signed_in(cast.mara)
    assert mara.page("/account").links("Eine Bank für alle")
    invitation = mara.page(link)
    page = invitation.press("Ja, ich schreibe mit")
    assert page.h1 == "Eine Bank für alle"
    assert invitation.press("Ja, ich schreibe mit").h1 == "Eine Bank für alle", "a double click"
    assert "mit Mara Albrecht" in client.page(f"/ideas/{world.idea}")
    form = page.click("Bearbeiten").form("/edit")
    form.fill(solution="Wir beide.").submit("Änderungen speichern")
    assert "schon angenommen" in mara.page(link)
    assert "Eine Bank für alle" in " ".join(mara.page("/account").texts("#eigene-ideen"))


def test_somebody_asked_by_name_declines_and_is_not_asked_again(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    page = invite(signed_in, cast, world.idea, "@mara-albrecht")
    assert "unterwegs an Mara Albrecht" in page
    assert "mara@example.org" not in page, "nobody learns whose address it is"
    work()
    link = smtp.link_in_last_to("mara@example.org")
    assert "abgelehnt" in signed_in(cast.mara).page(link).press("Nein, danke")
    assert "möchte bei dieser Idee nicht" in invite(signed_in, cast, world.idea, "mara-albrecht", expect=422)


def test_who_is_asked_by_address_and_by_name_gets_one_mail_and_answers_once(
    cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    first = invite(signed_in, cast, world.idea, "mara@example.org")
    assert "unterwegs an mara@example.org" in first
    assert "unterwegs an Mara Albrecht" in invite(signed_in, cast, world.idea, "@mara-albrecht"), (
        "nothing is given away"
    )
    work()
    assert smtp.subjects_to("mara@example.org").count("Schreiben Sie an „Eine Bank für alle“ mit?") == 1
    mara = signed_in(cast.mara)
    assert len(set(mara.page("/account").links("Eine Bank für alle"))) == 1
    page = mara.page(smtp.link_in_last_to("mara@example.org"))
    again = page.form("Ja, ich schreibe mit")
    assert page.press("Ja, ich schreibe mit").h1 == "Eine Bank für alle"
    assert again.submit("Ja, ich schreibe mit").h1 == "Eine Bank für alle", "pressed twice"
    assert not mara.page("/account").has_form("Ja, ich schreibe mit")


def test_a_no_holds_for_address_and_name(
    cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    invite(signed_in, cast, world.idea, "mara@example.org")
    invite(signed_in, cast, world.idea, "@mara-albrecht")
    work()
    mara = signed_in(cast.mara)
    mara.page(smtp.link_in_last_to("mara@example.org")).press("Nein, danke")
    assert mara.page("/account").links("Eine Bank für alle") == []
    assert "möchte bei dieser Idee nicht" in invite(signed_in, cast, world.idea, "@mara-albrecht", expect=422)


def test_coauthors_see_the_figures(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    signed_in(cast.mara).page(f"/ideas/{world.idea}/dashboard", expect=403)
    join(app, world.idea, "mara")
    mara = signed_in(cast.mara)
    assert f"/ideas/{world.idea}/dashboard" in " ".join(mara.page(f"/ideas/{world.idea}").links())
    mara.page(f"/ideas/{world.idea}/dashboard")


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        ("", "wen Sie einladen"),
        ("niemand-hier", "Ein Profil mit diesem Namen gibt es nicht"),
        ("kaputt@", "Prüfen Sie die Adresse"),
        ("anton@example.org", "Das sind Sie selbst"),
        ("@anton-boehme", "Das sind Sie selbst"),
    ],
)
def test_whom_one_cannot_ask(cast: Cast, signed_in: SignedIn, world: World, whom: str, words: str) -> None:
    assert words in invite(signed_in, cast, world.idea, whom, expect=422)


def test_the_same_person_is_not_asked_twice_and_an_invitation_is_taken_back(
    cast: Cast, client: Client, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    invite(signed_in, cast, world.idea, "mara@example.org")
    assert "schon eingeladen" in invite(signed_in, cast, world.idea, "mara@example.org", expect=422)
    work()
    link = smtp.link_in_last_to("mara@example.org")
    signed_in(cast.anton).page(f"/ideas/{world.idea}/authors").press("Zurückziehen")
    assert "zurückgezogen" in signed_in(cast.mara).page(link)


def test_only_whom_it_went_to_accepts_and_not_after_two_weeks(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    invite(signed_in, cast, world.idea, "mara@example.org")
    work()
    link = smtp.link_in_last_to("mara@example.org")
    path = link[link.index("/ideas/") :]
    assert "als jemand anderes" in signed_in(cast.ruth).page(path)
    ruth, mara = signed_in(cast.ruth), signed_in(cast.mara)
    token = ruth.page("/").form("#acts").values["csrf_token"][0]
    assert ruth.post(f"{path}/acceptance", data={"csrf_token": token}).status_code == 403
    with app.app_context(), unit_of_work():
        db.session.execute(db.update(CoauthorInvitation).values(expires_at=CoauthorInvitation.created_at))
    assert "abgelaufen" in mara.page(path)
    token = mara.page("/").form("#acts").values["csrf_token"][0]
    assert mara.post(f"{path}/acceptance", data={"csrf_token": token}).status_code == 409


def test_a_few_invitations_a_day_are_enough(app: Flask, cast: Cast, world: World) -> None:
    with app.test_request_context(), unit_of_work():
        idea = db.session.get_one(Idea, world.idea)
        for number in range(9):  # one more was asked when the world was made
            commands.invite_coauthor(idea, f"person{number}@example.org", by=person("anton"))
        with pytest.raises(Conflict, match="genug Einladungen"):
            commands.invite_coauthor(idea, "noch@example.org", by=person("anton"))


def test_a_coauthor_leaves_and_the_author_removes_one(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    join(app, world.idea, "mara")
    join(app, world.idea, "ruth")
    assert "mit Mara Albrecht und Ruth Kretzschmar" in client.page(f"/ideas/{world.idea}")
    mara = signed_in(cast.mara)
    mara.page(f"/ideas/{world.idea}/authors").press("Ja, nicht mehr mitschreiben")
    mara.page(f"/ideas/{world.idea}/edit", expect=403)
    mara.page(f"/ideas/{world.idea}/authors", expect=403)
    signed_in(cast.anton).page(f"/ideas/{world.idea}/authors").press("Ja, entfernen")
    assert "Ruth" not in " ".join(client.page(f"/ideas/{world.idea}").texts(".with-people"))


def test_a_coauthor_may_neither_withdraw_nor_invite(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    join(app, world.idea, "mara")
    mara = signed_in(cast.mara)
    page = mara.page(f"/ideas/{world.idea}")
    assert not page.links("Zurückziehen")
    mara.page(f"/ideas/{world.idea}/withdrawal", expect=403)
    assert not mara.page(f"/ideas/{world.idea}/authors").has_form("/invitations")


def test_decisions_and_answers_reach_coauthors(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work, world: World
) -> None:
    join(app, world.idea, "mara")
    form = signed_in(cast.ruth).page(f"/ideas/{world.idea}").form("/answers")
    form.fill(body="Wir schauen es uns an.").submit("Antwort veröffentlichen")
    work()
    assert "Wir schauen es uns an." in text_of_message(smtp.last_to("mara@example.org"))


def test_what_is_kept_of_a_coauthor_is_exported_and_forgotten(app: Flask, cast: Cast, world: World) -> None:
    join(app, world.idea, "mara")
    with app.test_request_context(), unit_of_work():
        commands.keep_contact(db.session.get_one(Idea, world.idea), ContactWay.PHONE, "0351 123456", by=person("mara"))
        held = export_all(cast.mara.id)["writing"]
        assert held["contact"][0]["phone"] == "0351 123456"
        assert held["writes_along"][0]["idea_id"] == world.idea
        assert "accepted" in [one["outcome"] for one in held["invitations"]]
    with app.test_request_context(), unit_of_work():
        delete_account(person("mara"), by=person("mara"))
    with app.app_context(), unit_of_work(writes=False):
        for model in (Coauthor, IdeaContact, CoauthorInvitation):
            assert db.session.scalars(db.select(model)).unique().all() == []


def test_old_invitations_are_forgotten_but_a_no_is_not(app: Flask, cast: Cast, world: World) -> None:
    with app.test_request_context(), unit_of_work():
        idea = db.session.get_one(Idea, world.idea)
        first = commands.invite_coauthor(idea, "mara@example.org", by=person("anton"))
        commands.decline_invitation(first, by=person("mara"))
        second = commands.invite_coauthor(idea, "sven@example.org", by=person("anton"))
        for one in (first, second):
            one.expires_at -= timedelta(days=90)
    with app.app_context(), unit_of_work():
        commands.forget_old_invitations()
        left = db.select(CoauthorInvitation.outcome).where(CoauthorInvitation.idea_id == world.idea)
        assert db.session.scalars(left).all() == ["declined"]
        assert db.session.scalars(db.select(ActivityRow).where(ActivityRow.name == "coauthor_invited")).all()


def test_an_idea_that_waits_invites_nobody(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    page = signed_in(cast.mara).page(f"/ideas/{world.waiting_idea}/authors")
    assert not page.has_form("/invitations")
    with app.test_request_context(), unit_of_work(), pytest.raises(Conflict):
        commands.invite_coauthor(db.session.get_one(Idea, world.waiting_idea), "ruth@example.org", by=person("mara"))
