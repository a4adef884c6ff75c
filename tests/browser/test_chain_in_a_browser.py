"""The chain from the challenge to the campaign in a real browser, with JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.challenges.commands import ChallengeText, post_challenge
from app.ideas.commands import submit_idea
from app.kit.db import unit_of_work
from tests.browser.conftest import Windows
from tests.factories.world import idea_text, person, photo
from tests.people import settle
from tests.support.crowd import backstage, wait_until
from tests.support.live import LiveServer
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.on("sqlite")
JUNA, PASSWORD = "juna@example.org", "Apfelbaum-am-Teich-9"
TITLE = "Ein Bänkchen an jeder Haltestelle"
TEXTS = {
    "title": TITLE,
    "summary": "Wer auf den Bus wartet, soll sitzen können.",
    "problem": "An elf von vierzehn Haltestellen steht keine Bank.",
    "solution": "Der Bauhof stellt die Balken, die Schule baut.",
    "benefit": "Alle, die nicht lange stehen können.",
}
STEPS = ["Herausforderung veröffentlicht", "Eingereicht", "In Diskussion"]


@pytest.fixture
def stage(server: LiveServer) -> Iterator[dict[str, int]]:
    """The cast, a challenge and an idea everybody can read."""
    with backstage(server) as app:
        settle(app)
        with app.test_request_context(), unit_of_work():
            words = ChallengeText(title="Warten ohne Bank", summary="Viele stehen.", problem="Seit Jahren.")
            challenge = post_challenge(words, by=person("anton")).id
            made = {"challenge": challenge, "idea": submit_idea(idea_text("Ein Dach"), by=person("anton")).id}
        yield made


def test_an_idea_becomes_a_project_with_a_campaign(
    windows: Windows, stage: dict[str, int], smtp: Mailbox, tmp_path: Path
) -> None:
    author, moderator, supporter = windows.open(), windows.open(), windows.open()
    register(author, windows, smtp)
    write_with_a_reload_in_between(author, stage["challenge"])
    send_by_way_of_the_preview(author, tmp_path)
    idea = author.url
    expect(author.locator("main")).to_contain_text("noch nicht öffentlich")

    windows.sign_in(moderator, "ruth@example.org")
    approve(moderator)
    wait_until(lambda: any("jetzt öffentlich" in subject for subject in smtp.subjects_to(JUNA)))
    sees_steps(author, idea, STEPS)

    windows.sign_in(supporter, "mara@example.org")
    supporter.goto(idea)
    support_without_a_reload(supporter)
    comment_without_a_reload(supporter)

    answer(moderator, idea)
    wait_until(lambda: any("Offizielle Antwort" in subject for subject in smtp.subjects_to(JUNA)))
    sees_steps(author, idea, [*STEPS, "Engere Auswahl"])
    make_project(moderator, idea)
    wait_until(lambda: any("wird ein Projekt" in subject for subject in smtp.subjects_to(JUNA)))
    sees_steps(author, idea, [*STEPS, "Engere Auswahl", "Wird ein Projekt"])
    link_campaign(moderator)
    sees_steps(author, idea, [*STEPS, "Engere Auswahl", "Wird ein Projekt", "Crowdfunding"])


def test_on_a_phone_one_signs_in_and_supports(windows: Windows, stage: dict[str, int]) -> None:
    page = windows.open(phone=True)
    page.goto(f"/ideas/{stage['idea']}")
    page.locator(f"#support-{stage['idea']}-bar").tap()
    page.wait_for_url(re.compile("/login"))
    windows.sign_in(page, "mara@example.org")
    page.goto(f"/ideas/{stage['idea']}")
    stays(page)
    button = page.locator(f"#support-{stage['idea']}-bar")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator("b")).to_contain_text("1")
    assert has_stayed(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out"


def test_a_server_that_dies_between_typing_and_sending_loses_no_text(windows: Windows, stage: dict[str, int]) -> None:
    page = windows.open()
    windows.sign_in(page, "mara@example.org")
    page.goto(f"/ideas/new?challenge={stage['challenge']}")
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    windows.kill_server()
    page.locator("main").get_by_role("button", name="Idee einreichen").last.click()
    expect(page.locator("#network")).to_be_visible()
    expect(page.locator("[name=problem]")).to_have_value(TEXTS["problem"])

    windows.start_server()
    page.goto("/")
    page.goto(f"/ideas/new?challenge={stage['challenge']}")
    expect(page.locator(".saved")).to_contain_text("wieder da")
    for name, text in TEXTS.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)


def test_a_comment_that_could_not_be_sent_stays_in_its_field(windows: Windows, stage: dict[str, int]) -> None:
    page = windows.open()
    windows.sign_in(page, "anton@example.org")
    page.goto(f"/ideas/{stage['idea']}")
    page.locator("#kommentar").fill("Ich habe noch Eichenholz.")
    windows.kill_server()
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator("#network")).to_be_visible()
    expect(page.locator("#kommentar")).to_have_value("Ich habe noch Eichenholz.")

    windows.start_server()
    page.goto("/")
    page.goto(f"/ideas/{stage['idea']}")
    expect(page.locator("#kommentar")).to_have_value("Ich habe noch Eichenholz.")
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator("#kommentare .comment")).to_contain_text("Eichenholz")
    page.reload()
    expect(page.locator("#kommentar")).to_have_value("")


def register(page: Page, windows: Windows, smtp: Mailbox) -> None:
    page.goto("/register")
    page.locator("main [name=name]").fill("Juna Wetzig")
    page.locator("main [name=email]").fill(JUNA)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password_confirm]").fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen").click()
    wait_until(lambda: bool(smtp.to(JUNA)))
    page.goto(smtp.link_in_last_to(JUNA))
    expect(page.locator("main")).to_contain_text("bestätigt")
    windows.sign_in(page, JUNA, PASSWORD)


def write_with_a_reload_in_between(page: Page, challenge: int) -> None:
    page.goto(f"/challenges/{challenge}")
    page.locator("main").get_by_role("link", name="Idee dazu einreichen").first.click()
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    expect(page.locator(".saved")).to_contain_text("Entwurf gespeichert um")
    page.reload()
    expect(page.locator(".saved")).to_contain_text("Entwurf gespeichert am")
    expect(page.locator("[name=problem]")).to_have_value(TEXTS["problem"])
    for name, text in TEXTS.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)


def send_by_way_of_the_preview(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "bank.jpg"
    picture.write_bytes(photo(1800, 1200))
    page.get_by_text("Mobilität").click()
    page.locator("[name=place]").fill("Döbeln")
    page.locator("[name=picture]").set_input_files(picture)
    words = page.get_by_label("Was ist darauf zu sehen?")
    expect(words).to_be_focused(timeout=20_000)
    words.fill("Ein Wartehaus")
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("img", name="Ein Wartehaus").first).to_be_visible()
    page.get_by_role("button", name="Idee einreichen").click()
    page.wait_for_url(re.compile(r"/ideas/\d+-"))
    assert page.evaluate("localStorage.length") == 0, "what was sent is no draft any more"


def approve(page: Page) -> None:
    page.goto("/moderation")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Freigeben").check()
    page.get_by_role("button", name="Entscheidung senden").click()
    expect(page.locator(".toast")).to_contain_text("Entschieden")


def support_without_a_reload(page: Page) -> None:
    """A double click is one vote, not a vote and its withdrawal."""
    button = page.locator(".act-row .support")
    expect(button.locator("b")).to_contain_text("0")
    stays(page)
    button.dblclick(delay=150)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator("b")).to_contain_text("1")
    page.wait_for_timeout(400)
    expect(button).to_have_attribute("aria-pressed", "true")
    assert has_stayed(page)
    page.reload()
    expect(button.locator("b")).to_contain_text("1")


def comment_without_a_reload(page: Page) -> None:
    stays(page)
    page.locator("#kommentar").fill("Ich habe noch Eichenholz.")
    page.get_by_role("button", name="Kommentar veröffentlichen").click()
    expect(page.locator("#kommentare .comment")).to_contain_text("Eichenholz")
    expect(page.locator("#kommentare .toast")).to_contain_text("sobald die Moderation")
    expect(page.locator("#kommentar")).to_have_value("")
    assert has_stayed(page)


def answer(page: Page, idea: str) -> None:
    page.goto(idea)
    page.get_by_text("Offiziell antworten").click()
    form = page.locator("#antworten form")
    form.locator("[name=body]").fill("Der Bauhof macht mit. Wir suchen noch eine Schule.")
    form.locator("[name=status]").select_option("shortlisted")
    form.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(page.locator(".toast")).to_contain_text("Ihre Antwort steht auf der Seite")


def make_project(page: Page, idea: str) -> None:
    page.goto(idea)
    page.get_by_role("link", name="Zum Projekt machen").click()
    page.locator("[name=reason]").fill("Bauhof und Schule haben zugesagt.")
    page.get_by_role("button", name="Projekt anlegen").click()
    page.wait_for_url(re.compile(r"/projects/\d+-"))


def link_campaign(page: Page) -> None:
    page.get_by_role("link", name="Crowdfunding verbinden").click()
    fields = {"url": "https://crowdfunding.example/bank", "platform": "Beispiel", "goal": "24.000"}
    fields |= {"raised": "18.640", "backers": "312", "starts_on": "2026-11-01", "ends_on": "2027-01-31"}
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Zahlen veröffentlichen").click()
    expect(page.locator("main")).to_contain_text("18.640")


def sees_steps(page: Page, idea: str, steps: list[str]) -> None:
    page.goto(idea)
    assert page.locator(".journey b").all_inner_texts()[: len(steps)] == steps


def stays(page: Page) -> None:
    """Mark the page: a reload would wipe the mark away."""
    page.evaluate("document.body.dataset.mark = 'here'")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("document.body.dataset.mark === 'here'"))
