"""With the keyboard alone: every stop is seen, none is a trap, and the main flows can be walked to their end."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Windows
from tests.browser.test_own_settings import closing_all, sign_in
from tests.client import PASSWORD
from tests.factories import world
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.demo_house import DemoHouse
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
MOST_STOPS = 250
# What has the focus: where it is, whether a ring of two pixels and more is around it or what stands for it, and whether
# something else lies upon it.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const isRing = (x) => {
    const its = getComputedStyle(x);
    return its.outlineStyle !== "none" && parseFloat(its.outlineWidth) >= 2;
  };
  let holder = e;
  for (let steps = 0; steps < 6 && holder && !isRing(holder); steps++) holder = holder.parentElement;
  const name = e.outerHTML.slice(0, 100);
  if (!holder || !isRing(holder)) return {name, fault: "shows no focus"};
  const points = [...e.getClientRects()].map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
  const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight);
  if (!inside.length) return {name, fault: "is out of sight"};
  const covers = inside.map(([x, y]) => document.elementFromPoint(x, y)).filter((hit) => hit && !holder.contains(hit)
    && !hit.contains(e) && !(e.labels && [...e.labels].some((label) => label.contains(hit))));
  return {name, fault: covers.length === inside.length ? `is under ${covers[0].outerHTML.slice(0, 60)}` : ""};
}"""

# Or in the browser's own bars.
IN_DIALOG = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("half", [0, 1])
def test_every_stop_is_seen_and_none_is_a_trap(browser: Browser, demo: DemoHouse, half: int, width: int) -> None:
    found = []
    with closing_all() as windows:
        for address, who in list(demo.pages.items())[half::2]:
            if who not in windows:
                size = {"width": width, "height": 800}
                windows[who] = browser.new_context(base_url=demo.server.url, locale="de-DE", viewport=size)  # type: ignore[arg-type]
                if who:
                    sign_in(windows[who].new_page(), who)
            page = windows[who].pages[0] if windows[who].pages else windows[who].new_page()
            page.goto(address)
            found += [f"{address} at {width} px: {fault}" for fault in walked(page)]
    assert found == [], "\n".join(found)


def walked(page: Page) -> list[str]:
    """Tab from the top until the page is left; what is wrong on the way."""
    faults = []
    for stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(STOP)
        if at is None or (stop and "skip-link" in at["name"]):
            return faults if stop > 5 else [*faults, f"only {stop} stops"]
        if at["fault"]:
            faults.append(f"{at['name']} {at['fault']}")
    return [*faults, f"the walk does not end after {MOST_STOPS} stops"]


def test_the_first_stop_leads_past_the_head_of_the_page(browser: Browser, demo: DemoHouse) -> None:
    with closing_all() as windows:
        windows[""] = browser.new_context(base_url=demo.server.url, locale="de-DE")
        page = windows[""].new_page()
        page.goto("/ideas")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Zum Inhalt springen")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.fixture
def made(server: LiveServer) -> world.World:
    with backstage(server) as app:
        settle(app)
        return world.build(app)


def test_signing_in_says_what_went_wrong_and_lets_in(windows: Windows, made: world.World) -> None:
    page = windows.open()
    page.goto("/")
    go(page, page.get_by_role("link", name="Anmelden").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login**")
    enter(page, "mara@example.org", "falsch-und-lang-genug")
    expect(page.get_by_role("main").locator(".error-summary")).to_be_focused()
    enter(page, "mara@example.org", PASSWORD)
    page.wait_for_url(lambda address: "/login" not in address)
    expect(page.get_by_role("link", name=re.compile("Mein Konto: Mara Albrecht"))).to_be_attached()


def enter(page: Page, email: str, password: str) -> None:
    """Through the form of the door, with Tab and Enter."""
    go(page, page.get_by_label("E-Mail-Adresse"))
    page.keyboard.press("Control+A")
    page.keyboard.type(email)
    go(page, page.get_by_role("textbox", name="Passwort"))
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_an_idea_is_proposed(windows: Windows, made: world.World) -> None:
    page = windows.open()
    windows.sign_in(page, "anton@example.org")
    go(page, page.get_by_role("banner").get_by_role("link", name="Idee einreichen"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/ideas/new**")
    send = page.locator(".form-end").get_by_role("button", name="Idee einreichen")
    go(page, send)
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Wie heißt Ihre Idee?")).to_be_focused()
    for label in (
        "Wie heißt Ihre Idee?",
        "Worum geht es",
        "Was ist das Problem?",
        "Was soll geschehen?",
        "Wer hat etwas",
    ):
        go(page, page.get_by_role("textbox", name=re.compile(re.escape(label))))
        page.keyboard.type("Ein Dach über der Bank")
    topics = page.get_by_role("radio", name="Mobilität")
    go(page, page.locator("input[name=topic]").first)
    page.keyboard.press("Space")
    for _press in range(15):
        if topics.is_checked():
            break
        page.keyboard.press("ArrowRight")
    expect(topics).to_be_checked()
    go(page, send)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ein Dach über der Bank")


def test_an_idea_is_supported_talked_about_and_followed(windows: Windows, made: world.World) -> None:
    page = windows.open()
    windows.sign_in(page, "mara@example.org")
    page.goto(f"/ideas/{made.idea}")
    said = page.locator("#said")
    go(page, page.get_by_role("button", name=re.compile("^Unterstützen ?: Eine Bank für alle")).first)
    page.keyboard.press("Space")
    expect(said).to_contain_text("Sie unterstützen diese Idee.")
    go(page, page.get_by_role("button", name=re.compile("^Folgen")).first)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Sie folgen.")
    go(page, page.locator("#kommentar"))
    page.keyboard.type("Ich helfe beim Bauen.")
    go(page, page.get_by_role("button", name="Kommentar veröffentlichen"))
    page.keyboard.press("Enter")
    expect(page.locator("#kommentare")).to_contain_text("Ich helfe beim Bauen.")
    expect(said).to_contain_text("Danke.")


def test_a_waiting_idea_is_published(windows: Windows, made: world.World) -> None:
    page = windows.open()
    windows.sign_in(page, "ruth@example.org")
    go(page, page.get_by_role("banner").get_by_role("link", name=re.compile("^Moderation")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderation")
    go(page, page.get_by_role("main").get_by_role("link", name=re.compile("Ein Dach")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ein Dach")
    go(page, page.locator("#entscheidung input[name=measure]").first)
    page.keyboard.press("Space")
    expect(page.locator("#entscheidung input[value=approve]")).to_be_checked()
    go(page, page.get_by_role("button", name="Entscheidung senden"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"\S")).first).to_be_visible()
    page.goto(f"/ideas/{made.waiting_idea}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ein Dach")


def test_the_language_is_switched_and_stays(windows: Windows, made: world.World) -> None:
    page = windows.open()
    page.goto("/ideas")
    go(page, page.get_by_role("banner").get_by_role("link", name="English"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ideas")
    go(page, page.get_by_role("banner").get_by_role("link", name="Projects"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    go(page, page.get_by_role("banner").get_by_role("link", name="Deutsch"))
    page.keyboard.press("Enter")
    go(page, page.get_by_role("banner").get_by_role("link", name="Leichte Sprache"))
    page.keyboard.press("Enter")
    expect(page.locator("html.easy-words")).to_be_attached()


def test_the_theme_follows_the_system_at_once(windows: Windows, made: world.World) -> None:
    page = windows.open()
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    by_day = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != by_day


def test_what_opens_closes_again_and_gives_the_focus_back(windows: Windows, made: world.World) -> None:
    page = windows.open()
    page.goto(f"/ideas/{made.idea}")
    search = page.get_by_role("banner").get_by_role("searchbox")
    go(page, search)
    page.keyboard.type("bank")
    first = page.locator("#suggestions-top a").first
    expect(first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(search).to_be_focused()
    picture = page.get_by_role("link", name=re.compile("^Bild groß ansehen"))
    go(page, picture)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Bild groß")
    expect(dialog.get_by_role("button", name="Schließen")).to_be_focused()
    for _stop in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(IN_DIALOG), "the page behind cannot be reached"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(picture).to_be_focused()
    page.goto("/ideas")
    more = page.locator(".more-filters > summary")
    go(page, more)
    page.keyboard.press("Enter")
    expect(page.locator(".more-filters")).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(page.locator(".more-filters")).not_to_have_attribute("open", "")
    expect(more).to_be_focused()


def go(page: Page, to: Locator) -> None:
    """Tab on until it has the focus, and see that it shows."""
    expect(to).to_be_attached()
    for _stop in range(MOST_STOPS):
        if to.evaluate("(one) => one === document.activeElement"):
            at = page.evaluate(STOP)
            assert not at["fault"], f"{at['name']} {at['fault']}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{to} cannot be reached")
