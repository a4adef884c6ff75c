"""Anyone tells of a barrier, gets a receipt, and staff hears of it."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.barriers import commands
from app.barriers.models import Barrier
from app.kit.actor import SYSTEM
from app.kit.db import db, unit_of_work
from app.kit.errors import NotAllowed
from app.kit.jobs import outside, run_sweeps
from app.subjects.models import ActivityRow
from tests import hostile
from tests.client import Client
from tests.factories.world import person
from tests.people import Cast
from tests.support.mailbox import Mailbox

SignedIn = Callable[..., Client]
FORM = "/accessibility/feedback"


def tell(client: Client, **more: str) -> str:
    """Tell of a barrier; returns the address of the receipt."""
    answer = client.post(FORM, data={"text": "Der Knopf ist zu klein.", "page": "/ideas"} | more)
    assert answer.status_code == 303
    return str(answer.location)


def test_a_guest_tells_of_a_barrier_on_the_page_they_come_from(
    client: Client, cast: Cast, work: Callable[[], None], smtp: Mailbox
) -> None:
    form = client.page("/ideas").click("Barriere melden").form(FORM)
    assert form.values["page"] == ["/ideas"]
    page = form.fill(text="Die Karte lässt sich nicht mit Tasten bewegen.", email="hilde@example.org").submit("melden")
    assert page.h1 == "Danke für den Hinweis"
    receipt = page.texts(".receipt dd")[0]
    assert receipt.startswith("B-")
    work()
    mail = smtp.last_to("zukunftsplattform@localhost")
    assert receipt in mail["Subject"]
    text = str(mail.get_body(("plain",)).get_content())
    for words in ("mit Tasten bewegen", "/ideas", "hilde@example.org", "/admin/barriers"):
        assert words in text


def test_the_mail_goes_to_the_contact_of_the_statement(make_app: Callable[..., Flask], smtp: Mailbox) -> None:
    app = make_app(ACCESSIBILITY_CONTACT="barrierefrei@example.org", CONTENT_LANGUAGE="en")
    with app.test_request_context(), unit_of_work():
        barrier = commands.report_barrier(text="x", page="", email="", by=SYSTEM)
        assert barrier.receipt
    with outside(app):
        run_sweeps()
        run_sweeps()
    assert "Barrier reported" in smtp.last_to("barrierefrei@example.org")["Subject"]


def test_the_statement_leads_to_the_form(client: Client) -> None:
    assert client.page("/accessibility").select("#barriere-melden a")[0].get("href") == FORM
    assert not client.page("/privacy").select("#barriere-melden")
    assert client.page(f"{FORM}?page=https://elsewhere.example/").form(FORM).values["page"] == [""]


def test_staff_sees_what_waits_and_is_done_with_it(app: Flask, client: Client, signed_in: SignedIn, cast: Cast) -> None:
    receipt = tell(client)
    ruth = signed_in(cast.ruth)
    assert "1 gemeldete Barriere wartet" in ruth.page("/moderation")
    inbox = ruth.page("/moderation").click("Gemeldete Barrieren ansehen")
    assert "Der Knopf ist zu klein." in inbox
    with app.app_context():
        barrier = db.session.scalars(select(Barrier)).one().id
    for _ in range(2):
        token = ruth.page("/").form("#acts").values["csrf_token"][0]
        done = ruth.post(f"/admin/barriers/{barrier}/completion", data={"csrf_token": token})
        assert (done.status_code, done.location) == (303, "/admin/barriers")
    assert "Nichts wartet" in ruth.page("/admin/barriers")
    assert "Wir haben ihn am" in client.page(receipt)
    assert not ruth.page("/moderation").select("#barrieren-offen")
    with app.app_context():
        facts = db.session.scalars(select(ActivityRow).where(ActivityRow.subject_id == barrier)).all()
        assert [(row.name, row.is_public) for row in facts] == [("barrier_reported", False), ("barrier_done", False)]
        assert facts[1].actor_id == cast.ruth.id


def test_only_staff_is_done_with_it(app: Flask, client: Client, cast: Cast) -> None:
    tell(client)
    with app.test_request_context(), unit_of_work():
        barrier = db.session.scalars(select(Barrier)).one()
        with pytest.raises(NotAllowed):
            commands.finish(barrier, by=person("anton"))


def test_what_is_missing_is_said_and_nothing_is_lost(client: Client) -> None:
    page = client.send(FORM, {"data": {"text": "", "page": "/karte", "email": "keine"}}, expect=422)
    assert "Beschreiben Sie in einem Satz, was nicht geht." in page
    assert "Das ist keine gültige E-Mail-Adresse." in page
    assert page.form(FORM).values["page"] == ["/karte"]


def test_hostile_strings_are_refused_or_shown_as_they_are(client: Client, signed_in: SignedIn, cast: Cast) -> None:
    for name, text in hostile.STRINGS.items():
        answer = client.post(FORM, data={"text": text, "page": text, "email": ""})
        assert answer.status_code in {303, 422}, name
        assert client.post(FORM, data={"text": "x", "email": text}).status_code in {303, 422}, name
        assert client.get(FORM, query_string={"page": text}).status_code == 200, name
    for text in hostile.REFUSED.values():
        assert client.post(FORM, data={"text": text}).status_code == 400
    inbox = signed_in(cast.ruth).page("/admin/barriers")
    assert not inbox.select("main script")
    assert not [link for link in inbox.select("main a") if str(link.get("href")).startswith(("javascript", "//"))]


def test_addresses_are_forgotten_half_a_year_after(app: Flask, client: Client, cast: Cast) -> None:
    tell(client, email="hilde@example.org")
    with app.test_request_context(), unit_of_work():
        commands.finish(db.session.scalars(select(Barrier)).one(), by=person("ruth"))
    with time_machine.travel("2036-01-01"), app.test_request_context(), unit_of_work():
        assert commands.forget_addresses() == 1
        assert commands.forget_addresses() == 0
    with app.app_context():
        assert db.session.scalars(select(Barrier)).one().email == ""
