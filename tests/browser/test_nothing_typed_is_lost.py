"""Between typing and sending the server, the session or the other tab may change: in a real browser no text is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.people import settle
from tests.support.crowd import backstage, wait_until
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
TEXTS = {
    "title": "Ein Bänkchen an jeder Haltestelle",
    "summary": "Wer wartet, soll sitzen können.",
    "problem": "An elf von vierzehn Haltestellen steht keine Bank.",
    "solution": "Der Bauhof stellt die Balken.",
    "benefit": "Alle, die nicht lange stehen können.",
}


@pytest.fixture
def page(server: LiveServer, windows: Windows) -> Iterator[Page]:
    """Anton at the form for a new idea, filled in."""
    with backstage(server) as app:
        settle(app)
    page = windows.open()
    windows.sign_in(page, "anton@example.org")
    page.goto("/ideas/new")
    write(page)
    return page


def write(page: Page) -> None:
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=topic][value=care]").check(force=True)


def shows_all(page: Page) -> None:
    for name, text in TEXTS.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    expect(page.locator("[name=topic][value=care]")).to_be_checked()


def send(page: Page) -> None:
    page.locator(".form-end").get_by_role("button", name="Idee einreichen").click()


def is_saved(page: Page) -> None:
    expect(page.locator(".saved")).to_contain_text("Entwurf gespeichert um")


def test_without_a_server_the_page_stays_and_says_so_and_later_it_is_sent(page: Page, windows: Windows) -> None:
    windows.kill_server()
    send(page)
    expect(page.locator("#network")).to_contain_text("Ihr Text ist nicht verloren")
    assert page.url.endswith("/ideas/new"), "no error page of the browser"
    shows_all(page)

    windows.start_server()
    send(page)
    expect(page.locator("h1")).to_have_text(TEXTS["title"], timeout=20_000)
    wait_until(lambda: page.evaluate("localStorage.length") == 0)
    page.goto("/ideas/new")
    expect(page.locator("[name=title]")).to_have_value("")


def test_a_browser_closed_without_a_server_has_text_and_choices_again(page: Page, windows: Windows) -> None:
    windows.kill_server()
    page.locator("[name=title]").fill(TEXTS["title"] + "!")
    send(page)
    expect(page.locator("#network")).to_be_visible()
    windows.start_server()
    again = page.context.new_page()
    page.close()
    again.goto("/ideas/new")
    windows.errors.clear()  # what was asked while there was no server is reported only now
    expect(again.locator(".saved")).to_contain_text("wieder da")
    expect(again.locator("[name=title]")).to_have_value(TEXTS["title"] + "!")
    expect(again.locator("[name=topic][value=care]")).to_be_checked()
    expect(again.locator("[name=problem]")).to_have_value(TEXTS["problem"])
    send(again)
    expect(again.locator("h1")).to_have_text(TEXTS["title"] + "!", timeout=20_000)


def test_offline_the_form_is_held(page: Page, windows: Windows) -> None:
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#connection")).to_contain_text("Ihr Text bleibt in diesem Browser")
    expect(page.locator("#network")).to_be_hidden()
    shows_all(page)
    page.context.set_offline(False)
    windows.errors.clear()
    send(page)
    expect(page.locator("h1")).to_have_text(TEXTS["title"], timeout=20_000)


def test_whose_session_ended_signs_in_and_finds_the_text(page: Page, windows: Windows) -> None:
    is_saved(page)
    page.context.clear_cookies()
    page.locator("[name=benefit]").fill("Auch Kinder.")
    expect(page.locator(".saved")).to_contain_text("nicht mehr angemeldet")
    send(page)
    page.wait_for_url(re.compile("/login"))
    page.get_by_label("E-Mail-Adresse").fill("anton@example.org")
    page.get_by_label("Passwort").fill("ein-langes-Testpasswort-7")
    page.locator("main").get_by_role("button", name="Anmelden").click()
    expect(page.locator("main")).to_contain_text("Auch Kinder.")
    page.get_by_role("button", name="Weiter und senden").click()
    expect(page.locator("h1")).to_have_text(TEXTS["title"], timeout=20_000)
    expect(page.locator("main")).to_contain_text("Auch Kinder.")


def test_a_reload_shows_the_draft_from_the_server(page: Page) -> None:
    is_saved(page)
    expect(page).to_have_url(re.compile(r"\?draft="))
    page.reload()
    shows_all(page)
    expect(page.locator("main .notice[role=status]")).to_have_count(0)


@pytest.fixture
def other(page: Page) -> Page:
    """A second tab with the same draft, in which something else was typed and saved."""
    is_saved(page)
    tab: Page = page.context.new_page()
    tab.goto(page.url)
    tab.locator("[name=problem]").fill("Im anderen Fenster getippt.")
    is_saved(tab)
    return tab


def conflict(page: Page):  # type: ignore[no-untyped-def]
    page.locator("[name=problem]").fill("In diesem Fenster getippt.")
    notice = page.locator("main .notice[role=status]")
    expect(notice).to_contain_text("in einem anderen Fenster geändert")
    return notice


def test_two_tabs_that_differ_are_told_and_this_text_is_kept(page: Page, other: Page, windows: Windows) -> None:
    notice = conflict(page)
    notice.get_by_role("button", name="Diesen Text behalten").click()
    expect(notice).to_have_count(0)
    expect(page.locator("[name=problem]")).to_have_value("In diesem Fenster getippt.")
    is_saved(page)
    windows.errors.clear()  # the browser reports the answer 409
    other.reload()
    expect(other.locator("[name=problem]")).to_have_value("Im anderen Fenster getippt.")
    page.goto("/account")
    expect(page.locator("main a[href^='/continue/']")).to_have_count(2)


def test_the_notice_is_in_view_and_saving_goes_on_meanwhile(page: Page, other: Page, windows: Windows) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[name=benefit]").scroll_into_view_if_needed()
    notice = conflict(page)
    expect(notice).to_be_in_viewport()
    expect(page.locator(".saved")).to_contain_text("Als eigener Entwurf gespeichert um")
    page.locator("[name=benefit]").fill("Noch ein Satz, während der Hinweis steht.")
    expect(page.locator("[name=benefit]")).to_be_in_viewport()
    windows.errors.clear()
    with page.expect_response("**/drafts"):
        page.locator("[name=summary]").fill("Auch das wird gesichert.")
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("[name=problem]")).to_have_value("In diesem Fenster getippt.")
    expect(page.locator("[name=benefit]")).to_have_value("Noch ein Satz, während der Hinweis steht.")
    other.reload()
    expect(other.locator("[name=problem]")).to_have_value("Im anderen Fenster getippt.")


def test_two_tabs_that_differ_are_told_and_the_other_text_is_taken(page: Page, other: Page, windows: Windows) -> None:
    conflict(page).get_by_role("button", name="Den anderen ansehen und übernehmen").click()
    expect(page.locator("[name=problem]")).to_have_value("Im anderen Fenster getippt.")
    windows.errors.clear()
    page.goto("/account")
    drafts = page.locator("main a[href^='/continue/']")
    expect(drafts).to_have_count(2)
    texts = set()
    for place in range(2):
        page.goto("/account")
        drafts.nth(place).click()
        expect(page.locator("[name=title]")).to_have_value(TEXTS["title"])
        texts.add(page.locator("[name=problem]").input_value())
    assert texts == {"Im anderen Fenster getippt.", "In diesem Fenster getippt."}


def test_an_older_tab_can_be_sent_and_the_newer_text_stays_a_draft(page: Page, other: Page, windows: Windows) -> None:
    conflict(page)
    windows.errors.clear()
    send(page)
    expect(page.locator("main")).to_contain_text("In diesem Fenster getippt.")
    page.goto("/account")
    page.locator("main a[href^='/continue/']").click()
    expect(page.locator("[name=problem]")).to_have_value("Im anderen Fenster getippt.")


def test_the_enter_key_sends_the_form_and_does_not_move_pictures(page: Page) -> None:
    page.locator("[name=title]").press("Enter")
    expect(page.locator("h1")).to_have_text(TEXTS["title"], timeout=20_000)
