"""Templates know their language when they are compiled; what they say is the same as if they looked it up each time."""

import pytest
from flask import Flask, render_template_string, url_for
from flask_babel import force_locale

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
]


@pytest.mark.on("sqlite")
@pytest.mark.parametrize(("source", "german", "english"), SAID)
def test_messages_are_put_in_when_a_template_is_compiled(app: Flask, source: str, german: str, english: str) -> None:
    values = {"n": 3, "a": "<i>", "word": "Ideen"}
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
