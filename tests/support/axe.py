"""axe-core, the checker for accessibility, run inside an open page; the script comes with axe-playwright-python."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# WCAG 2.0, 2.1 and 2.2 at levels A and AA, and axe's own good practice.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between widths, themes and languages, everything else being the same page.
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = ["target-size", "scrollable-region-focusable"]
NAMES = ["button-name", "link-name", "summary-name", "label", "image-alt", "aria-input-field-name", "empty-heading"]
NAMES += ["document-title", "html-has-lang", "valid-lang"]
RUN = """async ([within, only]) => {
  const found = await axe.run(within, {runOnly: only, resultTypes: ["violations"]});
  return found.violations.map(({id, nodes}) => [id, nodes.map(({target, failureSummary}) =>
    `${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join(" ").trim()}`)]);
}"""


def violations(page: Page, *, rules: list[str] | None = None, within: str = "html") -> list[str]:
    """What axe finds in a part of the page as it is now, by all rules or by some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script())
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    return [f"{rule}: {node}" for rule, nodes in page.evaluate(RUN, [within, only]) for node in nodes]


@cache
def script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
