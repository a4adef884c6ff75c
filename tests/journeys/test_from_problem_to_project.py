"""The whole chain, walked over HTTP without JavaScript."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask
from PIL import Image

from tests.client import Client
from tests.people import Cast
from tests.support.mailbox import Mailbox
from tests.support.pages import Page

PASSWORD = "Apfelbaum-am-Teich-9"
STEPS = [
    "Herausforderung veröffentlicht",
    "Eingereicht",
    "In Diskussion",
    "Engere Auswahl",
    "Wird ein Projekt",
    "Crowdfunding",
]
ANSWERS = {
    "title": "Ein Bänkchen an jeder Haltestelle",
    "summary": "Wer auf den Bus wartet, soll sitzen können.",
    "problem": "An elf von vierzehn Haltestellen steht keine Bank.\n\nMeine Mutter wartet im Stehen.",
    "solution": "Der Bauhof stellt die Balken, die Schule baut.",
    "benefit": "Alle, die nicht lange stehen können.",
}


def picture() -> bytes:
    """A photo as a phone makes it: large, with a position in it."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (51.0, 2.0, 3.0)}
    Image.new("RGB", (1800, 1200), (90, 140, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_an_idea_becomes_a_project_with_a_campaign_and_its_author_hears_of_every_step(
    app: Flask, cast: Cast, smtp: Mailbox, work: Callable[[], None]
) -> None:
    guest, supporter, moderator = (new_reader(app) for _person in range(3))
    challenge = post_challenge(new_reader(app), cast)

    register(guest, smtp, work)
    idea = submit_idea(guest, challenge)
    assert "noch nicht öffentlich" in idea
    assert supporter.get(idea.path).status_code == 404, "nobody else sees an idea that waits"

    moderator.sign_in(cast.ruth.email)
    approve(moderator, "Ein Bänkchen")
    work()
    assert "jetzt öffentlich" in smtp.last_to("juna@example.org")["subject"]

    supporter.sign_in(cast.mara.email)
    support_twice_and_comment(supporter, idea.path)
    answer_officially(moderator, idea.path)
    work()
    assert "Offizielle Antwort" in smtp.last_to("juna@example.org")["subject"]

    project = make_project(moderator, idea.path)
    work()
    assert "wird ein Projekt" in smtp.last_to("juna@example.org")["subject"]
    link_campaign(moderator, project)

    steps = guest.page(idea.path).texts(".journey b")
    assert steps[:6] == STEPS
    assert "18.640" in guest.page(project.path)
    assert guest.page("/activity").texts(".activity li"), "the timeline tells it"
    assert "Bänkchen" in guest.page("/search?q=bänke").main


def new_reader(app: Flask) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def post_challenge(client: Client, cast: Cast) -> Page:
    client.sign_in(cast.anton.email)
    form = client.page("/challenges/new").form("/challenges")
    form.fill(title="Warten ohne Bank", summary="Viele warten im Stehen.", problem="Seit Jahren.", topic="mobility")
    return form.submit()


def register(guest: Client, smtp: Mailbox, work: Callable[[], None]) -> None:
    form = guest.page("/register").form("/register")
    form.fill(name="Juna Wetzig", email="juna@example.org", password=PASSWORD, password_confirm=PASSWORD).submit()
    work()
    guest.page(smtp.link_in_last_to("juna@example.org"))
    guest.sign_in("juna@example.org", PASSWORD)


def submit_idea(guest: Client, challenge: Page) -> Page:
    """By way of the preview, which keeps the picture."""
    form = guest.page(challenge.path).click("Idee dazu einreichen").form("/ideas")
    form.fill(**ANSWERS, topic="mobility", place="Döbeln", picture=("bank.jpg", picture()), picture_alt="Ein Wartehaus")
    preview = form.submit("Vorschau")
    assert ANSWERS["title"] in preview.h1
    assert preview.select("img.photo"), "the picture stands in the preview"
    return preview.form("#vorschau-senden").submit("Idee einreichen")


def approve(moderator: Client, words: str) -> None:
    case = moderator.page("/moderation").click(words)
    case.form("/decision").fill(measure="approve").submit()


def support_twice_and_comment(supporter: Client, address: str) -> None:
    page = supporter.page(address)
    assert page.select("img.photo"), "the picture stands on the page"
    idea_id = address.rsplit("/", maxsplit=1)[-1].split("-", maxsplit=1)[0]
    page.press("Unterstützen")
    again = supporter.post(f"/ideas/{idea_id}/support", data={"csrf_token": page.form("#acts").values["csrf_token"]})
    assert again.status_code == 303
    assert "1" in supporter.page(address).texts(".support b")[0]
    commented = supporter.page(address).form("/comments").fill(body="Ich habe noch Eichenholz.").submit()
    assert "sobald die Moderation" in commented


def answer_officially(moderator: Client, address: str) -> None:
    form = moderator.page(address).form("/answers")
    form.fill(body="Der Bauhof macht mit. Wir suchen noch eine Schule.", status="shortlisted").submit()


def make_project(moderator: Client, address: str) -> Page:
    form = moderator.page(address).click("Zum Projekt machen").form("/project")
    return form.fill(reason="Bauhof und Schule haben zugesagt.").submit()


def link_campaign(moderator: Client, project: Page) -> None:
    form = moderator.page(project.path).click("Crowdfunding").form("/campaign")
    form.fill(
        url="https://crowdfunding.example/bank", platform="Beispiel", goal="24.000", raised="18.640", backers="312"
    )
    form.fill(starts_on="2026-11-01", ends_on="2027-01-31").submit()
