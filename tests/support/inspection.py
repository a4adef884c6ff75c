"""What is wrong with an HTML answer: the test client asks this about every page and fragment it gets."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import html
from lxml.html import HtmlElement

from tests.support.markup import parse_errors

UNTRANSLATED = re.compile(r"%\(\w+\)[sd]|lazy_gettext|<function |object at 0x")
NOT_TYPED_INTO = ("hidden", "submit", "button", "reset", "image")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "form", "list")
LOADING = {"script": "src", "img": "src", "link": "href", "source": "srcset", "iframe": "src", "object": "data"}
NOT_LOADED = ("canonical", "alternate", "license")
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)

EVERYWHERE = {
    "//img[not(@alt)] | //input[@type='image'][not(@alt)]": "no alt text",
    "//form[@method][not(@action)]": "a form without an action",
    "//script[not(@src)]": "an inline script",
    "//style | //*[@style]": "an inline style",
    "//@*[starts-with(name(), 'on') or starts-with(name(), 'hx-on')]/..": "a handler as an attribute",
    "//@*[contains('|href|action|formaction|src|', concat('|', name(), '|'))]"
    "[starts-with(translate(., 'JAVSCRIPT \t\n\r', 'javscript'), 'javascript:')]/..": "a script as an address",
    "//*[normalize-space(text()) = 'None' or normalize-space(text()) = 'Undefined']": "None shown",
    "//*[@tabindex > 0]": "a tabindex above 0",
}
ON_PAGES = {
    "/html[not(@lang='de' or @lang='en')]": "lang is neither de nor en",
    "/html[not(normalize-space(//title))]": "no title",
    "/html[count(//h1) != 1]": "not exactly one h1",
    "//h1[not(normalize-space(.))]": "an empty h1",
    "/html[count(//main) != 1]": "not exactly one main",
    "/html[not(//meta[@name='viewport'])]": "no viewport for phones",
}


def complaints(text: str, headers: Mapping[str, str]) -> list[str]:
    """Every rule the answer breaks, as a sentence; a fragment (without <html>) is not asked for what pages have."""
    whole = "<html" in text[:500].lower()
    tree = html.document_fromstring(text) if whole else html.fragment_fromstring(text, create_parent="div")
    found = [*_policy(headers), *_rules(tree, EVERYWHERE), *_ids(tree), *_labels(tree), *_names(tree)]
    found += [*_unfilled(tree), *_loads(tree), *parse_errors(text)]
    if whole:
        found += [*_rules(tree, ON_PAGES), *_references(tree)]
    return list(dict.fromkeys(found))


def text_of(element: HtmlElement) -> str:
    """Visible text with single blanks."""
    return " ".join(element.text_content().split())


def _policy(headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    if "script-src 'self'" not in policy or "style-src 'self'" not in policy or "unsafe" in policy:
        yield f"weak or missing Content-Security-Policy: {policy!r}"


def _rules(tree: HtmlElement, rules: Mapping[str, str]) -> Iterator[str]:
    for path, sentence in rules.items():
        for element in tree.xpath(path):
            yield f"{sentence}: {_tag(element)}"


def _ids(tree: HtmlElement) -> Iterator[str]:
    for name, times in Counter(tree.xpath("//@id")).items():
        if times > 1 or not name or " " in name:
            yield f"id {name!r} occurs {times} times"


def _labels(tree: HtmlElement) -> Iterator[str]:
    for control in tree.xpath("//input | //select | //textarea"):
        if control.get("type", "text") not in NOT_TYPED_INTO and not _is_labelled(control, tree):
            yield f"no label for {_tag(control)}"


def _is_labelled(control: HtmlElement, tree: HtmlElement) -> bool:
    if (control.get("aria-label") or "").strip() or control.get("aria-labelledby"):
        return True
    labels = [parent for parent in control.iterancestors() if parent.tag == "label"]
    if control.get("id"):
        labels += tree.xpath("//label[@for=$id]", id=control.get("id"))
    return any(text_of(label) for label in labels)


def _names(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath("//button | //a[@href] | //summary"):
        drawn = element.xpath(".//img/@alt | .//*[local-name()='svg']/@aria-label | @aria-label | @aria-labelledby")
        if not text_of(element) and not any(name.strip() for name in drawn):
            yield f"nothing to read on {_tag(element)}"


def _unfilled(tree: HtmlElement) -> Iterator[str]:
    for text in tree.xpath("//text()[not(ancestor::textarea)] | //@title | //@aria-label | //@placeholder"):
        if match := UNTRANSLATED.search(text):
            yield f"untranslated or unfilled text: {match.group()!r}"


def _loads(tree: HtmlElement) -> Iterator[str]:
    """Nothing is loaded from another host: no third party learns of a visit (PRODUCT.md, rule 8)."""
    for element in tree.iter(*LOADING):
        source = element.get(LOADING[element.tag], "")
        if element.get("rel") not in NOT_LOADED and ELSEWHERE.match(source):
            yield f"loads something from elsewhere: {source[:60]}"


def _references(tree: HtmlElement) -> Iterator[str]:
    known = set(tree.xpath("//@id"))
    wanted = [
        (element, target)
        for name in REFERENCES
        for element in tree.xpath(f"//*[@{name}]")
        for target in element.get(name).split()
    ]
    wanted += [(link, link.get("href")[1:]) for link in tree.xpath("//a[starts-with(@href, '#')]")]
    wanted += [(element, element.get("hx-target")[1:]) for element in tree.xpath("//*[starts-with(@hx-target, '#')]")]
    for element, target in wanted:
        if target and target not in known:
            yield f"{target!r} is named but not there: {_tag(element)}"


def _tag(element: HtmlElement) -> str:
    marks = [f"{name}={element.get(name)!r}" for name in ("id", "name", "class", "href", "src") if element.get(name)]
    return f"<{' '.join([str(element.tag), *marks[:2]])}>"
