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
    ("{{ _(word) }}", "Ideen", "Ideas"),
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
