"""The chain from registering to unsubscribing in a real browser that runs no script at all."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.challenges.commands import ChallengeText, post_challenge
from app.kit.db import unit_of_work
from tests.browser.conftest import Windows
from tests.browser.test_chain_in_a_browser import (
    JUNA,
    STEPS,
    TEXTS,
    TITLE,
    answer,
    approve,
    link_campaign,
    make_project,
    register,
    sees_steps,
)
from tests.factories.world import person, photo
from tests.people import settle
from tests.support.crowd import backstage, wait_until
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.on("sqlite")


@pytest.fixture
def challenge(server: LiveServer) -> Iterator[int]:
    with backstage(server) as app:
        settle(app)
        with app.test_request_context(), unit_of_work():
            words = ChallengeText(title="Warten ohne Bank", summary="Viele stehen.", problem="Seit Jahren.")
            made = post_challenge(words, by=person("anton")).id
        yield made


def test_every_step_of_the_chain_can_be_taken_without_javascript(
    windows: Windows, challenge: int, smtp: Mailbox, tmp_path: Path
) -> None:
    author, moderator, supporter = (windows.open(scripts=False) for _person in range(3))
    register(author, windows, smtp)
    write_and_come_back_to_the_draft(author, challenge)
    idea = add_a_picture_and_send(author, tmp_path)

    windows.sign_in(moderator, "ruth@example.org")
    approve(moderator)
    wait_until(lambda: any("jetzt öffentlich" in subject for subject in smtp.subjects_to(JUNA)))

    windows.sign_in(supporter, "mara@example.org")
    support_twice(supporter, idea)
    comment(supporter)
    approve_comment(moderator)
    expect_comment(author, idea)

    answer(moderator, idea)
    make_project(moderator, idea)
    project = moderator.url
    link_campaign(moderator)
    sees_steps(author, idea, [*STEPS, "Engere Auswahl", "Wird ein Projekt", "Crowdfunding"])

    follow(supporter, project)
    tell_news(moderator, project)
    wait_until(lambda: any("Bretter" in subject for subject in smtp.subjects_to("mara@example.org")))
    unsubscribe(supporter, smtp.link_in_last_to("mara@example.org", "/unsubscribe/"))


def write_and_come_back_to_the_draft(page: Page, challenge: int) -> None:
    """The preview keeps what was typed; from the account one goes on."""
    page.goto(f"/challenges/{challenge}")
    page.locator("main").get_by_role("link", name="Idee dazu einreichen").first.click()
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.locator(".error-summary")).to_contain_text("Handlungsfeld")
    page.get_by_text("Mobilität").click()
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.goto("/account")
    page.get_by_role("link", name=TITLE).click()
    for name, text in TEXTS.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)


def add_a_picture_and_send(page: Page, tmp_path: Path) -> str:
    """A button of the picture's row posts the whole form; the address of the idea comes back."""
    picture = tmp_path / "bank.jpg"
    picture.write_bytes(photo(1200, 800))
    page.locator("[name=place]").fill("Döbeln")
    page.locator("[name=picture]").set_input_files(picture)
    page.get_by_role("button", name="Hochladen").first.click()
    page.get_by_label("Was ist darauf zu sehen?").fill("Ein Wartehaus")
    expect(page.locator("[name=problem]")).to_have_value(TEXTS["problem"])
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("img", name="Ein Wartehaus").first).to_be_visible()
    page.get_by_role("button", name="Ja, so einreichen").click()
    page.wait_for_url(re.compile(r"/ideas/\d+-"))
    expect(page.locator("main")).to_contain_text("noch nicht öffentlich")
    return page.url


def support_twice(page: Page, idea: str) -> None:
    """The first press gives a vote, the second takes it back, the third gives it again."""
    page.goto(idea)
    button = page.locator(".act-row .support")
    for pressed, votes in (("true", "1"), ("false", "0"), ("true", "1")):
        button.click()
        expect(button).to_have_attribute("aria-pressed", pressed)
        expect(button.locator("b")).to_contain_text(votes)


def comment(page: Page) -> None:
    page.locator("#kommentar").fill("Ich habe noch Eichenholz.")
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator(".toast").first).to_contain_text("sobald die Moderation")
    expect(page.locator("#kommentare .comment")).to_contain_text("wartet auf Freigabe")


def approve_comment(page: Page) -> None:
    page.goto("/moderation")
    page.get_by_role("link", name=re.compile("Eichenholz")).click()
    page.get_by_label("Freigeben").check()
    page.get_by_role("button", name="Entscheidung senden").click()
    expect(page.locator(".toast")).to_contain_text("Entschieden")


def expect_comment(page: Page, idea: str) -> None:
    page.goto(idea)
    expect(page.locator("#kommentare .comment")).to_contain_text("Eichenholz")


def follow(page: Page, project: str) -> None:
    """Who supported the idea was carried along; they may stop and begin again."""
    page.goto(project)
    button = page.locator(".follow-button").first
    expect(button).to_have_attribute("aria-pressed", "true")
    for pressed in ("false", "true"):
        button.click()
        expect(button).to_have_attribute("aria-pressed", pressed)


def tell_news(page: Page, project: str) -> None:
    page.goto(project)
    page.get_by_text("Neues berichten").click()
    form = page.locator("#neues form")
    form.locator("[name=title]").fill("Die Bretter sind da")
    form.locator("[name=body]").fill("Am Samstag sägen wir.")
    form.get_by_role("button", name="Neuigkeit veröffentlichen").click()
    expect(page.locator("#neues")).to_contain_text("Die Bretter sind da")


def unsubscribe(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Nicht mehr benachrichtigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erledigt")
    page.goto("/account/notifications")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(1)
