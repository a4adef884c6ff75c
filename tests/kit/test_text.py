"""People's text becomes safe HTML, and addresses that can be read."""

import re
import time
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import text
from app.kit.text import clean_line, clean_text, document, excerpt, markdown, slugify
from tests.hostile import MARKUP


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über die Brücke", "ueber-die-bruecke"),
        ("Straße & Fuß", "strasse-fuss"),
        ("Wódka, Český, Łódź", "wodka-cesky-lodz"),
        ("日本", "seite"),
        ("a" * 200, "a" * 60),
        ("Wort " * 40, "wort-" * 11 + "wort"),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_control_characters_and_overrides_go_and_line_ends_become_one() -> None:
    assert clean_text("a\r\nb\rc\x07\u202egpj") == "a\nb\ncgpj"
    assert clean_line("  e\u0301in \n  Titel ") == "éin Titel"


def test_markdown_keeps_what_is_harmless() -> None:
    html = markdown("# Eins\n\n**fett** und https://example.org\n\n- a\n- b\n\n<b>x</b>")
    assert "<h3>Eins</h3>" in html
    assert "<strong>fett</strong>" in html
    assert '<a href="https://example.org" rel="nofollow noopener ugc">' in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


PIECES = (
    *"aäßZ9 .,:;-–'„“»()!?%\n…_*~@",
    "  ",
    "\n\n",
    "\n\n\n",
    "z.B. ",
    "8:30",
    "x.de",
    "1. ",
    "- ",
    "wort ",
    "\n- ",
    "\n9",
    ". ",
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(("", "de")))
def test_texts_without_markup_become_what_the_parser_would_make_of_them(words: str, language: str) -> None:
    with mock.patch.object(text, "PROSE", re.compile(r"(?!)")):
        parsed = markdown(words, language=language)
    assert markdown(words, language=language) == parsed


def test_most_of_what_people_write_needs_no_parser() -> None:
    assert text.PROSE.fullmatch(
        "Der Bus fährt um acht. Wer zu spät kommt, „läuft“ (oder bleibt)!\n\nUnd dann?\nNichts."
    )
    assert not text.PROSE.fullmatch("Siehe https://example.org")


@pytest.mark.parametrize("address", ["a.de/(", "http://a/(", "//a.de/(", "a.de/[", "&[a.de/"])
def test_a_text_full_of_addresses_is_read_at_once_and_keeps_its_words(address: str) -> None:
    words = (address * 20_000)[:20_000]
    began = time.process_time()
    html = markdown(words)
    assert time.process_time() - began < 0.5, "it took more than half a second"
    assert html.count("a/") + html.count("a.de") >= 20_000 // len(address) - 1
    assert "<a" in markdown("Siehe a.de/b und https://example.org. " * 50)


def test_links_of_people_who_are_not_trusted_lose_their_target() -> None:
    assert "<a" not in markdown("[hier](https://example.org) https://example.org", trusted=False)


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
def test_nothing_hostile_survives(text: str) -> None:
    html = markdown(text).lower()
    for bad in ("<script", "<img", "<svg", "<form", "<style", "<base", 'href="javascript', 'href="data', "<div"):
        assert bad not in html


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("Ein *kurzer* Satz über Bänke", 20) == "Ein kurzer Satz …"


TABLE = "| Zweck | **Dauer** |\n| --- | ---: |\n| Sitzung <b>x</b> | 30 Tage |"


def test_a_page_has_tables_that_scroll_on_their_own_and_have_a_name() -> None:
    html = document(TABLE).html
    assert '<div class="table-frame" role="group" tabindex="0" aria-label="Zweck, Dauer">' in html
    assert '<th scope="col">Zweck</th>' in html
    assert '<td class="to-right">30 Tage</td>' in html
    assert "Sitzung &lt;b&gt;x&lt;/b&gt;" in html
    assert "style=" not in html


def test_tables_are_for_pages_only_and_nobody_writes_their_frame_by_hand() -> None:
    assert "<table" not in markdown(TABLE)
    html = document('<div class="table-frame" tabindex="0">x</div>\n\n![Bild](https://example.org/b.png)').html
    assert "<div" not in html
    assert "<img" not in html
