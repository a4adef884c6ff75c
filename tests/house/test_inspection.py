"""The test client's eye: it must see what is wrong, or every page is fine."""

import random
import re

import pytest
from flask import Flask

from tests.support.inspection import complaints
from tests.support.markup import _parse, parse_errors

HEADERS = {"Content-Security-Policy": "script-src 'self'; style-src 'self'"}
PAGE = """<!doctype html><html lang="de"><head><title>Ideen</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/site.css"></head><body><main><h1>Ideen</h1>{}</main></body></html>"""
WRONG = {
    "<h1>Noch eine</h1>": "not exactly one h1",
    "<input name='q'>": "no label",
    "<label for='q'></label><input id='q'>": "no label",
    "<label for='q'>Suche</label>": "named but not there",
    "<a href='#weg'>Weg</a>": "named but not there",
    "<p id='a'></p><p id='a'></p>": "occurs 2 times",
    "<img src='/a.png'>": "no alt text",
    "<img src='https://elsewhere.example/a.png' alt=''>": "from elsewhere",
    "<script>1</script>": "an inline script",
    "<p style='color:red'>x</p>": "an inline style",
    "<p onclick='x()'>x</p>": "a handler as an attribute",
    "<p hx-on:click='x()'>x</p>": "a handler as an attribute",
    "<a href='java&#9;Script:alert(1)'>x</a>": "a script as an address",
    "<a href='/x'></a>": "nothing to read",
    "<button><svg></svg></button>": "nothing to read",
    "<form method='post'></form>": "a form without an action",
    "<p>None</p>": "None shown",
    "<p>%(name)s</p>": "untranslated or unfilled",
    "<p>&lt;function x at 0x1&gt;</p>": "untranslated or unfilled",
    "<main></main>": "not exactly one main",
    "<p tabindex='3'>x</p>": "a tabindex above 0",
    "<p><ul><li>x</li></ul></p>": "does not parse: unexpected-end-tag",
    "<a href='/'>x<svg><path></path></svg><ul><li><a href='/'>y</a></li></ul></a>": "does not parse",
    "<form action='/'><div><form action='/'></form></div></form>": "does not parse",
    "<table><tr><td>x</td></tr><form action='/'></form></table>": "does not parse",
    "<section><div>x</section></div>": "does not parse",
    "<p>&unknown;</p>": "does not parse",
    "<p>\x01</p>": "does not parse: invalid-codepoint",
    '<p title="\x01">x</p>': "does not parse: invalid-codepoint",
    "<div/>": "does not parse: non-void-element",
}


@pytest.mark.parametrize(("markup", "sentence"), WRONG.items())
def test_what_is_wrong_is_seen(markup: str, sentence: str) -> None:
    found = complaints(PAGE.replace("{}", markup), HEADERS)
    assert any(sentence in complaint for complaint in found), found


def test_a_good_page_and_a_good_fragment_pass() -> None:
    good = "<form method='get' action='/'><label>Suche <input name='q'></label><button>Los</button></form>"
    assert complaints(PAGE.replace("{}", good), HEADERS) == []
    assert complaints(f"<div id='a'>{good}</div>", HEADERS) == []


def test_a_row_of_a_table_is_a_fragment_too() -> None:
    assert complaints("<tr id='a'><td>x &amp; y</td></tr>", HEADERS) == []


@pytest.mark.on("sqlite")
def test_taking_a_page_apart_hides_no_error(app: Flask) -> None:
    """Markup is put in, at places and by dice that are the same each time; the parser that sees all of it agrees."""
    dice = random.Random(7)
    pages = [page.decode() for page in (app.test_client().get(path).data for path in ("/login", "/ideas", "/"))]
    markup = (
        "<p>",
        "</p>",
        "</a>",
        "<a>",
        "<div>",
        "</li>",
        "<form>",
        "<td>",
        "</section>",
        "<h3>",
        "<b>",
        "&x;",
        "<li/>",
    )
    for number in range(40):
        page = pages[number % 3]
        place = dice.choice([match.end() for match in re.finditer(">", page)])
        broken = page[:place] + dice.choice(markup) + page[place:]
        assert bool(parse_errors(broken)) == bool(_parse(broken)), broken[place - 80 : place + 80]


def test_a_weak_policy_is_seen() -> None:
    for policy in ("", "script-src 'self' 'unsafe-inline'; style-src 'self'", "script-src 'self'"):
        assert complaints(PAGE, {"Content-Security-Policy": policy})
