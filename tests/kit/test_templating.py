"""Templates know their language when they are compiled; what they say is the same as if they looked it up each time."""

import ast
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string, url_for
from flask_babel import force_locale
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from app.kit.generating import plain_function

SAID = [
    ('{{ _("Ideen") }}', "Ideen", "Ideas"),
    ('{{ _("Noch %(n)s Stimmen", n=n) }}|{{ _("Ideen") }}', "Noch 3 Stimmen|Ideen", "Noch 3 Stimmen|Ideas"),
    ('{{ _("%(a)s & 100 %% <b>", a=a) }}', "&lt;i&gt; & 100 % <b>", "&lt;i&gt; & 100 % <b>"),
    ('{% set x = _("100 %%") %}{{ x }}', "100 %", "100 %"),
    ('{{ _("Ideen") if n > 2 else _("Projekte") }}', "Ideen", "Ideas"),
    ('{{ _("Ideen")|upper }}', "IDEEN", "IDEAS"),
    ('{{ ngettext("%(n)s Idee", "%(n)s Ideen", n, n=n) }}', "3 Ideen", "3 ideas"),
    ('{{ ngettext("%(n)s Idee", "%(n)s Ideen", 1, n="<b>") }}', "&lt;b&gt; Idee", "&lt;b&gt; idea"),
    (
        '{{ ngettext("Kommentar", "Kommentare", n) }}|{{ ngettext("Kommentar", "Kommentare", 1) }}',
        "Kommentare|Kommentar",
        "Comments|Comment",
    ),
    ('{{ ngettext(word, word, n) if n > 4 else ngettext("Kommentar", "Kommentare", 0) }}', "Kommentare", "Comments"),
    (
        '{% for key, name in [("a", _("Ideen")), ("b", _("Projekte"))] %}{{ key }}={{ name }};{% endfor %}',
        "a=Ideen;b=Projekte;",
        "a=Ideas;b=Projects;",
    ),
    ('{% for key in ("a", "b") %}{{ loop.index }}{{ key }}{% endfor %}', "1a2b", "1a2b"),
    ('{% for key in ("a", "b") %}{% set k = key|upper %}{{ k }}{{ n }}{% endfor %}{{ k }}', "A3B3", "A3B3"),
    (
        '{% for a in ("a", "b") %}{% for b in ("a", "c") if a != b %}{{ a }}{{ b }} {% endfor %}{% endfor %}',
        "ac ba bc ",
        "ac ba bc ",
    ),
    ("{% for key in () %}{{ key }}{% else %}none{% endfor %}", "none", "none"),
    (
        '{% macro m(a, b="<", c=2) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m(c=4, a="&") }}',
        "1&lt;2 1&lt;3 &amp;&lt;4",
        "1&lt;2 1&lt;3 &amp;&lt;4",
    ),
    (
        "{% macro m(a) %}{{ a }}{{ caller() }}{{ varargs|join }}{% endmacro %}{% call m(1, 2) %}x{% endcall %}",
        "1x2",
        "1x2",
    ),
    (
        "{{ things.word }}|{{ things['word'] }}|{{ things.nothing }}|{{ a.nothing is defined }}",
        "W|W||False",
        "W|W||False",
    ),
    ("{{ things.items()|length }}|{{ things.inner.deep.words }}|{{ word.title() }}", "2|d|Ideen", "2|d|Ideen"),
    (
        "{{ '<x>' if n == 9 }}|{{ '<x>' if n == 3 }}|{{ 'x' if n == 9 else '&' }}",
        "|&lt;x&gt;|&amp;",
        "|&lt;x&gt;|&amp;",
    ),
    ("{% set initials = 'own' %}{{ initials }}", "own", "own"),
    ("{% macro hue_of(a) %}m{{ a }}{% endmacro %}{{ hue_of(1) }}", "m1", "m1"),
    ("{{ initials('Eva Zell') }}{{ here_with(**{'as': '<b>'}) }}", "EZ/?as=%3Cb%3E", "EZ/?as=%3Cb%3E"),
    ('{% from "components/status.html" import state %}{{ state("draft")|length > 9 }}', "True", "True"),
]


@pytest.mark.on("sqlite")
@pytest.mark.parametrize(("source", "german", "english"), SAID)
def test_messages_are_put_in_when_a_template_is_compiled(app: Flask, source: str, german: str, english: str) -> None:
    values = {"n": 3, "a": "<i>", "word": "Ideen"}
    values |= {"things": {"word": "W", "inner": {"deep": {"words": "d"}}}}
    for language, said in (("de", german), ("en", english)):
        with app.test_request_context(), force_locale(language):
            assert render_template_string(source, **values) == said


@pytest.mark.on("sqlite")
def test_two_languages_do_not_get_in_each_others_way(app: Flask) -> None:
    client = app.test_client()
    for _ in range(2):
        assert "<h1>Ideen</h1>" in client.get("/ideas").text
        assert "<h1>Ideas</h1>" in client.get("/ideas?lang=en").text
        client.delete_cookie("language")


@pytest.mark.on("sqlite")
def test_addresses_follow_where_the_platform_is_mounted(app: Flask) -> None:
    template = (
        '{{ url_for("ideas.index") }} {{ url_for("ideas.support", idea_id=7) }} {{ url_for("ideas.new", challenge=2) }}'
    )
    for root in ("", "/mitmachen"):
        with app.test_request_context(base_url=f"http://localhost{root}"):
            said = render_template_string(template)
            plain = [url_for("ideas.index"), url_for("ideas.support", idea_id=7), url_for("ideas.new", challenge=2)]
            assert said == " ".join(plain) == f"{root}/ideas {root}/ideas/7/support {root}/ideas/new?challenge=2"


@pytest.mark.on("sqlite")
@pytest.mark.parametrize("call", ["m(1, 2)", "m(1, d=2)", "m(1, a=2)"])
def test_a_macro_refuses_what_it_does_not_take(app: Flask, call: str) -> None:
    with app.test_request_context(), pytest.raises(TypeError, match="macro 'm'"):
        render_template_string("{% macro m(a) %}{{ a }}{% endmacro %}{{ " + call + " }}")


@pytest.mark.on("sqlite")
def test_parts_are_put_in_their_place_and_keep_their_names_to_themselves(app: Flask) -> None:
    parts = {
        "part.html": "{% set n = n + 1 %}{{ n }}{{ word }}",
        "page.html": "{% set word = '<w>' %}{% for n in [1, 2] %}{% include 'part.html' %}{{ n }} {% endfor %}",
        "frame.html": "{% block a %}{% endblock %}",
        "other.html": "{% include 'frame.html' %}{% include 'none.html' ignore missing %}x",
    }
    assert app.jinja_env.loader is not None
    both = ChoiceLoader([DictLoader(parts), app.jinja_env.loader])
    loader, app.jinja_env.loader = app.jinja_env.loader, both
    try:
        for reloads in (False, True):  # while templates are edited they stay apart
            app.jinja_env.compiled.clear()  # type: ignore[attr-defined]
            app.jinja_env.auto_reload = reloads
            with app.test_request_context():
                assert render_template("page.html") == "2&lt;w&gt;1 3&lt;w&gt;2 "
                assert render_template("other.html") == "x"
    finally:
        app.jinja_env.loader, app.jinja_env.auto_reload = loader, False
        app.jinja_env.compiled.clear()  # type: ignore[attr-defined]


MACROS = """
{%- macro chip(word, step="quiet", last=false) -%}
  {%- set word = word|upper -%}
  <b class="{{ step }}">{{ word }}{% if last %}.{% elif step == "quiet" %}~{% else %}!{% endif %}</b>
{%- endmacro %}
{% macro card(thing, level=3, mark="<m>", first=false) -%}
  <h{{ level }}>{{ thing.word }}{{ mark if level != 3 }}{{ chip(thing.word, last=not first) }}{{ n }}</h{{ level }}>
  {%- for n in thing.numbers if n != level %}{{ loop.index }}{{ chip(n ~ "", step="s") }}{% endfor -%}
{%- endmacro %}
{% macro plain(thing) %}{% set n = 7 %}{{ thing.word }}{{ n }}{{ initials(thing.word) }}{% endmacro %}
{% macro again(n) %}{{ n }}{% if n %}{{ again(n - 1) }}{% endif %}{% endmacro %}
{% macro wraps(word) %}[{{ caller() }}{{ word }}]{% endmacro %}
{% macro counts(word) %}{{ word }}{{ loop.index }}{% endmacro %}
"""
LOOPS = [
    ("{% for t in things %}{{ plain(t) }}{{ n }} {% endfor %}{{ n }}", "a7A3 &lt;73 3"),
    ("{% for t in things %}{{ chip(t.word, 'x') }}{% endfor %}", '<b class="x">A!</b><b class="x">&lt;!</b>'),
    (
        "{% for t in things %}{{ card(t, mark='&', level=n, first=loop.first) }}{% endfor %}",
        (
            '<h3>a<b class="quiet">A~</b></h3>1<b class="s">1!</b>2<b class="s">2!</b>'
            '<h3>&lt;<b class="quiet">&lt;.</b></h3>'
        ),
    ),
    ("{% for t in things %}{{ card(t, 2) }}{% endfor %}", None),
    ("{% for word in ['x', 'y'] %}{{ chip(word) }}{{ word }}{% endfor %}", None),
    ("{% for t in things %}{% set m = chip(t.word) %}{{ m|length }}{{ plain(t)|upper }}{% endfor %}", None),
    ("{% for n in [1, 2] %}{{ again(n) }},{% endfor %}", "10,210,"),
    ("{% for n in [1, 2] %}{% call wraps(n) %}{{ n }}{% endcall %}{% endfor %}", "[11][22]"),
    ("{% for initials in [1] %}{% for t in things %}{{ plain(t) }}{% endfor %}{{ initials }}{% endfor %}", None),
]


@pytest.mark.on("sqlite")
@pytest.mark.parametrize(("loop", "said"), LOOPS)
def test_what_a_loop_calls_is_put_in_its_place_and_says_the_same(app: Flask, loop: str, said: str | None) -> None:
    """Also where names clash, or something stays a call; while templates are edited all of them do."""
    things = [{"word": "a", "numbers": [1, 2, 3]}, {"word": "<", "numbers": []}]
    names = "card, chip, plain, again, wraps, counts"
    parts = {"macros.html": MACROS, "page.html": f"{{% from 'macros.html' import {names} %}}{loop}"}
    parts["same.html"] = MACROS + loop
    found = {reloads: _rendered(app, parts, reloads, things=things, n=3) for reloads in (False, True)}
    assert found[False] == found[True]
    assert said is None or found[False]["page.html"] == said


@pytest.mark.on("sqlite")
def test_a_macro_in_a_loop_still_refuses_what_it_does_not_know(app: Flask) -> None:
    imports = "{% from 'macros.html' import chip, counts %}"
    for call in ("counts(1)", "chip(1, 2, 3, 4)", "chip(1, nothing=2)"):
        parts = {"macros.html": MACROS, "page.html": imports + "{% for x in [1] %}{{ " + call + " }}{% endfor %}"}
        with pytest.raises((TypeError, UndefinedError)):
            _rendered(app, parts, False)


def _rendered(app: Flask, parts: dict[str, str], reloads: bool, **values: object) -> dict[str, str]:
    env = app.jinja_env
    assert env.loader is not None
    loader, env.loader, env.auto_reload = env.loader, ChoiceLoader([DictLoader(parts), env.loader]), reloads
    env.compiled.clear()  # type: ignore[attr-defined]
    try:
        with app.test_request_context():
            pages = [name for name in parts if name in ("page.html", "same.html")]
            return {name: render_template(name, **values).strip() for name in pages}
    finally:
        env.loader, env.auto_reload = loader, False
        env.compiled.clear()  # type: ignore[attr-defined]


@pytest.mark.on("sqlite")
def test_no_page_calls_something_else_by_a_name_all_templates_know(app: Flask) -> None:
    """They are called past the page's own values: one of the same name would not be seen."""
    known = {name for name in app.jinja_env.globals if plain_function(name, app.jinja_env.globals)}
    given = {
        (file.name, word.arg)
        for file in (Path(app.root_path)).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("render_template", "respond")
        for word in call.keywords
    }
    assert {(file, name) for file, name in given if name in known} == set()
    assert known >= {"icon", "url_of", "here_with", "can", "slot"}
