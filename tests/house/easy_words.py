"""Leichte Sprache of the interface: rules, and the pages whose words keep them.

The rules are the checkable ones of the Netzwerk Leichte Sprache ("Die Regeln für Leichte Sprache", 2022) and of
DIN SPEC 33429: short sentences, one idea in each, long words with hyphens, no genitive, no subordinate clauses.
A message that keeps them already stays as it is; any other has an entry in translations/de@easy.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

from tests.house.catalogues import TRANSLATIONS, read
from tests.house.source import ROOT

CATALOGUE = TRANSLATIONS / "de@easy" / "LC_MESSAGES" / "messages.po"
KEY_TEMPLATES = """
layouts/_header layouts/_footer layouts/_bottom_bar layouts/door
home/index home/_open home/_way home/_begin home/_map
ideas/index ideas/_filters ideas/_take_along
ideas/begin ideas/form ideas/preview ideas/_preview_form ideas/_questions ideas/_point ideas/_contact_fields
ideas/_similar
ideas/show ideas/_head ideas/_state ideas/_byline ideas/_texts ideas/_onward ideas/_maturity ideas/_answer
ideas/_glance components/glance comments/_thread components/comments follows/_follow
components/support components/forms components/easy components/cards components/phases components/steps components/pages
components/journey components/status components/search components/speaking components/doors components/filters
components/chain
security/login_user security/register_user security/forgot_password security/reset_password security/send_confirmation
kit/resume errors/error
""".split()
KEY_CODE = (
    "ideas/forms/idea.py ideas/forms/maturity.py ideas/forms/contact.py ideas/activities.py "
    "ideas/views/browse.py ideas/views/write.py comments/activities.py challenges/activities.py projects/activities.py "
    "ideas/views/filters.py accounts/forms.py kit/error_pages.py home/views.py home/queries.py comments/forms.py"
).split()
KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2), "gettext": None, "lazy_gettext": None}
MOST_WORDS, MOST_LETTERS = 12, 13
# Words of this house that have an easier one.
HARD = re.compile(
    r"Moderation|Crowdfunding|Netiquette|Handlungsfeld|Plattform|Anlaufstelle|Offiziell|Statistik|Herausforderung|"
    r"Kommentar|[Ee]inreich|[Ee]ingereicht|veröffentlich|öffentlich|[Aa]usgeblendet|Organisation|Aktivität|zurückgezogen|"
    r"[Uu]nterstütz|Entwurf|Bestätigung|Begründung|Filter|Browser"
)
CLAUSE = re.compile(r", (die|der|das|dass|weil|was|wenn|wo|wer|wie|bis|damit|ob|sobald|seit|bevor) ", re.IGNORECASE)
GENITIVE = re.compile(r"\b(des|deren|dessen|eines|einiger|mancher)\b", re.IGNORECASE)
MAYBE = re.compile(r"\b(würde|würden|könnte|könnten|wäre|wären|hätte|hätten|sollte|sollten)\b", re.IGNORECASE)
HARD_TO_READ = {
    "a hard word": HARD,
    "a subordinate clause": CLAUSE,
    "a genitive": GENITIVE,
    "a subjunctive": MAYBE,
    "a semicolon or a dash": re.compile(r";| – "),
}
SENTENCE_ENDS = re.compile(r"[.!?:;](?=\s|$)|<br>|\n")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def key_messages() -> dict[str, str]:
    """Each message of the key pages (the plural for the singular), and the file that holds it."""
    files = [("jinja2", ROOT / "templates" / f"{name}.html") for name in KEY_TEMPLATES]
    files += [("python", ROOT / "app" / name) for name in KEY_CODE]
    found: dict[str, str] = {}
    for method, path in files:
        options = {"trimmed": "true", "encoding": "utf-8"}
        for _line, said, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            for text in said if isinstance(said, tuple) else (said,):
                found.setdefault(text, str(Path(path).relative_to(ROOT)))
    return found


def easy_texts() -> dict[str, str]:
    """What the easy catalogue says, by the German message."""
    known: dict[str, str] = {}
    for message in read(CATALOGUE, "de@easy"):
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        known |= {key: text for key, text in zip(ids, texts, strict=False) if key}
    return known


def broken_rules(text: str) -> Iterator[str]:
    """What is hard to read in a text."""
    plain = PLACEHOLDER.sub("X", text)
    sentences = SENTENCE_ENDS.split(plain)
    if any(len(sentence.split()) > MOST_WORDS for sentence in sentences):
        yield f"more than {MOST_WORDS} words in a sentence"
    if any(sentence.count(", ") > 2 for sentence in sentences):
        yield "more than one idea in a sentence"
    words = re.findall(r"[A-Za-zÄÖÜäöüß]+", plain)
    yield from (f"a long word without hyphen: {word}" for word in words if len(word) > MOST_LETTERS)
    yield from (f"{name}: {found[0]}" for name, rule in HARD_TO_READ.items() if (found := rule.search(plain)))


def shortcomings() -> Iterator[str]:
    """What is still hard on the key pages, as sentences; and entries of the catalogue nobody asks for."""
    easy = easy_texts()
    for message, place in key_messages().items():
        text = easy.get(message, message)
        for problem in sorted(set(broken_rules(text))):
            yield f"{place}: {problem}: {text!r}"


if __name__ == "__main__":
    for sentence in shortcomings():
        print(sentence)
