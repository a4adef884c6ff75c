"""The key pages speak Leichte Sprache by rules, and the catalogue holds nothing else."""

import re
from pathlib import Path

import pytest

from tests.house import catalogues, easy_words
from tests.house.source import ROOT

IN_ATTRIBUTE = re.compile(r'="[^"]*\{\{[^}]*_\("([^"]+)"')


def test_key_pages_keep_the_rules() -> None:
    assert list(easy_words.shortcomings()) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Die Moderation liest das.", "a hard word"),
        ("Das gilt, bis die Prüfung beginnt.", "a subordinate clause"),
        ("Das Ende des Weges.", "a genitive"),
        ("Das wäre gut.", "a subjunctive"),
        ("Die Reihenfolgemischung.", "a long word"),
        ("Wir schicken Ihnen gleich heute noch eine lange E-Mail mit einem Link darin.", "more than 12 words"),
    ],
)
def test_a_hard_text_is_noticed(text: str, rule: str) -> None:
    assert any(problem.startswith(rule) for problem in easy_words.broken_rules(text))


def test_lines_end_only_where_html_may_stand() -> None:
    broken = {message for message, text in easy_words.easy_texts().items() if "<br>" in text}
    attributes = set()
    for path in (ROOT / "templates").rglob("*.html"):
        attributes |= set(IN_ATTRIBUTE.findall(path.read_text("utf-8")))
    assert broken & attributes == set()
    code = {message for message, place in easy_words.key_messages().items() if place.startswith("app/")}
    assert broken & code == set(), "texts of code are escaped"


def test_the_catalogue_holds_only_messages_there_are(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    catalogues.extract(template)
    there = set()
    for message in catalogues.read(template):
        there |= set(message.id if isinstance(message.id, list | tuple) else (message.id,))
    assert set(easy_words.easy_texts()) <= there
    for german, easy in easy_words.easy_texts().items():
        assert set(catalogues.PLACEHOLDER.findall(easy)) <= set(catalogues.PLACEHOLDER.findall(german)), german
