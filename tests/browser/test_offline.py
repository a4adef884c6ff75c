"""Without a connection: a page that says so, drafts that can be sent later, and nobody else's pages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
GONE = "Gerade keine Verbindung"


@pytest.fixture
def page(server: LiveServer, windows: Windows) -> Page:
    """A member's window in which the service worker has begun to work."""
    with backstage(server) as app:
        settle(app)
    page = windows.open()
    windows.sign_in(page, "anton@example.org")
    ready(page)
    return page


def ready(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_a_page_says_that_the_connection_is_gone_and_when_it_is_back(page: Page, windows: Windows) -> None:
    windows.kill_server()
    page.goto("/ideas")
    expect(page.locator("h1")).to_have_text(GONE)
    expect(page.locator("#none")).to_be_visible()
    expect(page.locator("#offline-state")).to_contain_text("Noch keine Verbindung")
    assert page.url.endswith("/ideas"), "a reload tries again"
    styled = page.evaluate("getComputedStyle(document.querySelector('.button-main')).borderRadius")
    assert styled == "99px", "style sheets come from the cache"
    windows.start_server()
    expect(page.locator("#offline-state")).to_contain_text("wieder da", timeout=15_000)
    page.get_by_role("link", name="Noch einmal versuchen").click()
    expect(page.locator("h1")).to_have_text("Ideen")


def test_a_draft_typed_before_is_listed_and_can_be_sent_afterwards(page: Page, windows: Windows) -> None:
    page.goto("/ideas/new")
    page.locator("[name=title]").fill("Ein Lastenrad für Döbeln")
    page.locator("[name=problem]").fill("Wer kein Auto hat, trägt alles selbst.")
    windows.kill_server()
    page.locator("[name=solution]").fill("Ein Rad zum Leihen.")
    page.get_by_role("link", name="Herausforderungen").first.click()
    expect(page.locator("h1")).to_have_text(GONE)
    link = page.get_by_role("link", name="Ein Lastenrad für Döbeln")
    expect(link).to_be_visible()
    expect(page.locator("#drafts")).to_contain_text("Zuletzt geändert")
    windows.start_server()
    link.click()
    expect(page.locator("[name=problem]")).to_have_value("Wer kein Auto hat, trägt alles selbst.")
    expect(page.locator("[name=solution]")).to_have_value("Ein Rad zum Leihen.")


def test_nobodys_page_comes_out_of_the_cache(page: Page, windows: Windows) -> None:
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("anton@example.org")
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) {
              const answer = await (await caches.open(name)).match(request);
              found.push([new URL(request.url).pathname, await answer.text()]);
            }
          return found;
        }"""
    )
    pages = {path for path, text in kept if "<html" in text}
    assert pages == {"/offline"}
    assert all("Anton Böhme" not in text for _path, text in kept)
    windows.kill_server()
    page.goto("/account")
    expect(page.locator("h1")).to_have_text(GONE)
    expect(page.locator("body")).not_to_contain_text("Anton Böhme")
    windows.start_server()


def test_what_writes_is_never_answered_by_the_worker(page: Page, windows: Windows) -> None:
    windows.kill_server()
    answer = page.evaluate("() => fetch('/ideas', {method: 'POST'}).then((a) => a.status, () => 'no answer')")
    assert answer == "no answer"
    answer = page.evaluate("() => fetch('/ideas').then((a) => a.status, () => 'no answer')")
    assert answer == "no answer", "and what scripts ask for is not answered with a page"
    windows.start_server()


def test_the_page_is_in_the_language_one_reads(page: Page, windows: Windows) -> None:
    page.goto("/?lang=en")
    page.wait_for_function(
        "() => caches.open('shell-1').then((c) => c.match('/language')).then((a) => a?.text()).then((t) => t === 'en')"
    )
    windows.kill_server()
    page.goto("/projects")
    expect(page.locator("h1")).to_have_text("No connection right now")
    windows.start_server()
