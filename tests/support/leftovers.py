"""German that is left on an English page: messages of the catalogue, and words no English sentence has.

What people wrote is in an element that says so (`lang="de"`, see app/kit/i18n.py) and is not looked at; one that fails
to say so is found here as well: a screen reader would read it aloud with English sounds.
"""

import re
from collections.abc import Iterator
from functools import cache

from lxml.html import HtmlElement

from tests.house.catalogues import TRANSLATIONS, read

SHOWN = ("aria-label", "title", "placeholder", "alt", "data-text", "data-gone", "data-back")
# A title in <head> is made of a name and words, and cannot say so.
TEXTS = (
    "//text()[not(ancestor::*[@lang and @lang != 'en'])][not(ancestor::head or ancestor::script or ancestor::textarea)]"
)
VALUES = (
    "//*[not(ancestor-or-self::*[@lang and @lang != 'en'])]/@*[" + " or ".join(f"name()='{n}'" for n in SHOWN) + "]"
)
PLACEHOLDER = re.compile(r"%\\?\(\w+\\?\)[sd]")
GERMAN_WORDS = (
    "und oder nicht ist sind wird werden der das eine einen für mit Sie Ihre Ihr keine noch vom zum zur dem des"
)
GERMAN = re.compile(rf"[äöüß]|\b(?:{'|'.join(GERMAN_WORDS.split())})\b")


def leftovers(tree: HtmlElement, names: re.Pattern[str]) -> Iterator[str]:
    """German texts of a page, apart from `names`: what people, places and things are called is in no language."""
    for text in {" ".join(text.split()) for path in (TEXTS, VALUES) for text in tree.xpath(path)}:
        if _is_german(text, names):
            yield text


@cache
def _is_german(text: str, names: re.Pattern[str]) -> bool:
    if text.startswith(("http://", "https://")):
        return False
    exact, patterns = _messages()
    if text in exact or any(pattern.fullmatch(text) for pattern in patterns):
        return not names.fullmatch(text)
    return bool(GERMAN.search(text)) and bool(GERMAN.search(names.sub("", text)))


@cache
def _messages() -> tuple[set[str], list[re.Pattern[str]]]:
    """The German messages whose English differs: plain ones, and patterns of those with gaps."""
    exact, english_too, patterns = set(), set(), []
    for message in read(TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po", "en"):
        german = message.id if isinstance(message.id, tuple) else (message.id,)
        english = message.string if isinstance(message.string, tuple) else (message.string,)
        english_too |= set(english)
        for text in (" ".join(text.split()) for text in set(german) - set(english) if text):
            if not PLACEHOLDER.search(text):
                exact.add(text)
            elif len(re.sub(r"\W", "", PLACEHOLDER.sub("", text))) > 3:
                patterns.append(re.compile(PLACEHOLDER.sub(".+", re.escape(text))))
    return exact - english_too, patterns
