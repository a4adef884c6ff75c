"""What screen readers are told of the fifteen main pages: parts, headings, names; and that results are said."""

import re
from collections import Counter, defaultdict
from contextlib import closing
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_own_settings import every_page
from tests.support.demo_house import DemoHouse

pytestmark = pytest.mark.on("sqlite")
# A line of Playwright's picture of the accessibility tree: role, name, and for links the address below.
LINE = re.compile(r"""^\s*- '?(?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?""")
ADDRESS = re.compile(r"^\s*- /url: (.+)$")
NAMED = frozenset(
    "link button textbox searchbox combobox checkbox radio spinbutton search img navigation region dialog heading "
    "progressbar".split()
)
PARTS = {"navigation", "region", "search", "complementary", "form"}
SAYS_NOTHING = {"hier", "mehr", "weiter", "link", "klicken sie hier", "details"}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_parts_headings_and_names_tell_the_page(browser: Browser, demo: DemoHouse, lang: str) -> None:
    found = []
    for address, page in every_page(browser, demo):
        if lang == "en":
            page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
        found += [f"{address}: {fault}" for fault in [*parts(page), *headings(page), *names(page)]]
    assert found == [], "\n".join(found)


def parts(page: Page) -> list[str]:
    """One head, one main part, one foot; several of a kind have names of their own."""
    lines = [line for line in map(LINE.match, page.locator("body").aria_snapshot().splitlines()) if line]
    kinds = Counter((line["role"], line["name"]) for line in lines if line["role"] in PARTS)
    faults = [f"{count} times {role} {name!r}" for (role, name), count in kinds.items() if count > 1]
    roles = Counter(line["role"] for line in lines)
    return faults + [f"{roles[role]} of {role}" for role in ("banner", "main", "contentinfo") if roles[role] != 1]


def headings(page: Page) -> list[str]:
    """One of the first level, in the main part, and no level left out on the way down."""
    shown = page.get_by_role("heading").evaluate_all("(all) => all.map((e) => [Number(e.tagName[1]), e.textContent])")
    faults = [f"{level} after {before}: {text}" for (before, _), (level, text) in pairwise(shown) if level > before + 1]
    first = page.get_by_role("main").get_by_role("heading", level=1)
    if first.count() != 1 or [level for level, _text in shown].count(1) != 1:
        faults.append("not one heading of the first level")
    if not page.title() or page.title().strip().startswith("–"):
        faults.append("no title")
    return faults


def names(page: Page) -> list[str]:
    """Everything that is pressed or looked at has a name; the same name leads to pages of one kind."""
    faults, leads = [], defaultdict(set)
    name = ""
    for row in page.locator("body").aria_snapshot().splitlines():
        if at := ADDRESS.match(row):
            leads[name].add(kind_of(at[1].strip('"')))
        elif (line := LINE.match(row)) and line["role"] in NAMED:
            name = (line["name"] or "").strip()
            if not name:
                faults.append(f"{line['role']} without a name: {row.strip()}")
            if line["role"] == "link" and name.lower() in SAYS_NOTHING:
                faults.append(f"a link that says nothing: {name}")
    return faults + [f"{name!r} leads to {sorted(to)}" for name, to in leads.items() if len(to - {""}) > 1 and name]


def kind_of(address: str) -> str:
    """The page without its number, and without what it is told; empty for a place on the same page."""
    path = re.sub(r"\d+.*", "", re.split(r"[?#]", address)[0])
    return "/ideas/new" if path == "/ideas/begin" else path  # the same, step by step


def test_what_comes_of_a_search_is_said(browser: Browser, demo: DemoHouse) -> None:
    with closing(browser.new_context(base_url=demo.server.url, locale="de-DE")) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("banner").get_by_role("searchbox", name="Wonach suchen Sie?").press_sequentially("pflege")
        status = page.get_by_role("banner").get_by_role("status")
        expect(status).to_have_text(re.compile(r"\d+ Vorschl"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=pflege**")
        expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d+ Treffer|\d+ Ergebnis"))
        assert "pflege" in page.title().lower()
