"""axe-core, the checker for accessibility, run inside an open page; the script comes with axe-playwright-python."""

from functools import cache
from importlib.resources import files

from playwright.sync_api import Page

from tests.support.legible import DRAWN

# WCAG 2.0, 2.1 and 2.2 at levels A and AA, and axe's own good practice.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR = ["color-contrast", "link-in-text-block"]
RUN = """async ([values, type]) => {
  const found = await axe.run("html", {runOnly: {type, values}, resultTypes: ["violations"]});
  return found.violations.map(({id, nodes}) => [id, nodes.map(({target, failureSummary}) =>
    `${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join(" ").trim()}`)]);
}"""


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds in the page now, by these rules or by all; its window was given `script()` to begin with."""
    page.evaluate(DRAWN)  # axe would measure what lies below by the height that was guessed
    asked = [list(rules), "rule"] if rules else [STANDARDS, "tag"]
    return [f"{rule}: {node}" for rule, nodes in page.evaluate(RUN, asked) for node in nodes]


@cache
def script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
