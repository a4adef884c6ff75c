"""Whoever answers and tells news for a challenge is seen as who they are: their organisation, their task."""

from collections.abc import Callable

from flask import Flask

from app.challenges.commands import post_news
from app.closings import commands
from app.closings.commands import Verdict
from app.kit.db import unit_of_work
from app.organisations.commands import found_organisation
from tests.client import Client
from tests.factories.challenges import a_challenge, an_answer, the
from tests.factories.world import organisation_text, person
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

NEWS = "Es **geht** los, [hier](https://x.example)."


def closed(by: str, **more: object) -> int:
    """The idea of a challenge that `by` closed."""
    challenge = a_challenge(**more)  # type: ignore[arg-type]
    idea = an_answer(challenge, f"Ein Dach: {challenge.title}", by=person("ruth"))
    commands.save_closing(challenge, "Danke.", {idea.id: Verdict(kind="shortlisted", reason="Gut.")}, by=person(by))
    commands.publish_closing(challenge, by=person(by), role_label="Moderation" if by == "ruth" else "")
    return idea.id


def test_an_answer_says_as_whom_it_is_given(app: Flask, cast: Cast, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        house = found_organisation(organisation_text("Offene Werkstatt"), by=person("anton"))
        contact = {"contact_name": "Anton Böhme", "contact_role": "Projektleitung"}
        expected = {
            closed("anton", title="Als Werkstatt", organisation_id=house.id): "Offene Werkstatt",
            closed("ruth", title="Von der Moderation", organisation_id=house.id): "Moderation",
            closed("anton", title="Mit Aufgabe", **contact): "Projektleitung",
            closed("anton", title="Ohne Aufgabe"): "Verantwortlich für die Herausforderung",
        }
    for idea, role in expected.items():
        page = client.page(f"/ideas/{idea}")
        assert page.texts(".answer .role") == [role]
        assert role in page.texts(".answer h2")[0]


def test_news_are_told_by_the_organisation_on_the_page_and_in_the_mail(
    app: Flask, cast: Cast, client: Client, signed_in: Callable[..., Client], smtp: Mailbox, work: Callable[[], None]
) -> None:
    with app.test_request_context(), unit_of_work():
        house = found_organisation(organisation_text("Offene Werkstatt"), by=person("anton"))
        challenge = a_challenge(organisation_id=house.id)
        number = challenge.id
    signed_in(cast.mara).page(f"/challenges/{number}").form("#acts").submit("Folgen")
    with app.test_request_context(), unit_of_work():
        post_news(
            the(number), title="Es geht los", body="Es **geht** los, [hier](https://x.example).", by=person("anton")
        )
    with app.test_request_context(), unit_of_work():
        post_news(the(number), title="Hinweis", body="Von uns.", by=person("ruth"))
    told = client.page(f"/challenges/{number}").texts(".update")
    assert "Ruth Kretzschmar" in told[0]
    assert "Offene Werkstatt" not in told[0]
    assert "Offene Werkstatt" in told[1]
    assert "für die Organisation: Anton Böhme" in told[1]
    work()
    work()
    mails = [text_of_message(mail) for mail in smtp.to(cast.mara.email)]
    assert any(
        "Offene Werkstatt berichtet" in mail and "Es geht los, hier (https://x.example)." in mail for mail in mails
    )
    assert any("Ruth Kretzschmar berichtet" in mail for mail in mails)
