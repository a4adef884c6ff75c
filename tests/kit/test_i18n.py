"""German and English, side by side: which one a page is in, and what numbers, dates and plurals look like in it."""

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from app.ideas.commands import submit_idea
from app.kit import i18n, mail, moments, present
from app.kit.actor import SYSTEM
from app.kit.db import unit_of_work
from app.kit.i18n import COOKIE, YEAR_SECONDS, gettext, ngettext
from app.kit.text import markdown
from app.moderation.commands import decide
from app.moderation.models import Ground, Measure
from app.subjects import registry
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

Work = Callable[[], None]
GERMAN, ENGLISH = "Herausforderungen", "Challenges"


@pytest.mark.on("sqlite")
@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("fr, en;q=0.8", "en"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("de-AT, en;q=0.9", "de"),
        ("en-US, de;q=0.9", "en"),
        ("fr", "de"),
        ("", "de"),
        ("en;q=0, de;q=0.1", "de"),
        ("*", "de"),
        ("nonsense;q=x, \x7f", "de"),
    ],
)
def test_without_a_choice_the_browser_decides_and_german_otherwise(client: Client, accepts: str, language: str) -> None:
    page = client.page("/", headers={"Accept-Language": accepts})
    assert page.select("html")[0].get("lang") == language
    assert (ENGLISH if language == "en" else GERMAN) in page
    assert COOKIE not in page.response.headers.get("Set-Cookie", ""), "a cookie only by choice"


@pytest.mark.on("sqlite")
def test_the_parameter_wins_over_the_cookie_and_the_cookie_over_the_browser(client: Client) -> None:
    english = {"Accept-Language": "en"}
    assert language_of(client, "/?lang=de", **english) == "de"
    assert language_of(client, "/", **english) == "de", "the choice stays"
    assert language_of(client, "/?lang=en") == "en"
    assert language_of(client, "/ideas", **{"Accept-Language": "de"}) == "en"
    assert language_of(client, "/?lang=fr", **{"Accept-Language": "de"}) == "en", "an unknown one changes nothing"


@pytest.mark.on("sqlite")
def test_the_cookie_is_set_only_by_choice_and_for_a_year(client: Client, make_app: Callable[..., Flask]) -> None:
    said = client.get("/?lang=en").headers["Set-Cookie"]
    assert said.startswith(f"{COOKIE}=en;")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={YEAR_SECONDS}"):
        assert part in said
    assert "Set-Cookie" not in client.get("/?lang=en").headers, "it is there already"
    assert "Set-Cookie" not in client.get("/?lang=xx").headers
    secure = make_app(BASE_URL="https://localhost").test_client().get("/?lang=en", base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]
    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", secure.headers["Vary"]))


@pytest.mark.on("sqlite")
def test_numbers_dates_and_money_in_both_languages(app: Flask) -> None:
    day = datetime(2027, 3, 12, 13, 32, tzinfo=UTC)
    written = {}
    for code in ("de", "en"):
        with app.test_request_context(), force_locale(code):
            written[code] = [
                present.number(1234),
                present.count(1999),
                moments.day(day),
                moments.moment(day),
                present.money(1_864_000),
                present.money(123_456),
            ]
    assert written["de"] == [
        "1.234",
        "über 1.000",
        "12. März 2027",
        "12. März 2027, 14:32",
        "18.640\u202f€",
        "1.234,56\u202f€",
    ]
    assert written["en"] == ["1,234", "over 1,000", "12 March 2027", "12 March 2027, 14:32", "€18,640", "€1,234.56"]


@pytest.mark.parametrize(
    ("at", "german", "english"),
    [
        ("2027-03-12T09:30+00:00", "vor 30 Minuten", "30 minutes ago"),
        ("2027-03-11T23:00+00:00", "vor 11 Stunden", "11 hours ago"),
        ("2027-03-11T01:00+00:00", "gestern", "yesterday"),
        ("2027-03-10T23:30+00:00", "gestern", "yesterday"),  # past midnight in the zone of the place
        ("2027-03-10T22:30+00:00", "vor 2 Tagen", "2 days ago"),
    ],
)
def test_how_long_ago_counts_days_as_the_calendar_does(app: Flask, at: str, german: str, english: str) -> None:
    with app.test_request_context(), time_machine.travel("2027-03-12T10:00+00:00", tick=False):
        for locale, words in (("de", german), ("en", english)):
            with force_locale(locale):
                assert f">{words}<" in moments.ago(datetime.fromisoformat(at))


def test_plurals_on_a_page(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    card = ".challenge-card .meta"
    assert client.page("/challenges").texts(card)[0].startswith("1 Idee")
    assert client.page("/challenges?lang=en").texts(card)[0].startswith("1 idea")
    with app.test_request_context(), unit_of_work():
        submit_idea(world.idea_text("Noch eine", challenge_id=made.challenge), by=world.person("anton"))
    assert client.page("/challenges").texts(card)[0].startswith("2 ideas")
    assert client.page("/challenges?lang=de").texts(card)[0].startswith("2 Ideen")


@pytest.mark.on("sqlite")
def test_errors_are_in_the_language_of_the_page(signed_in: Callable[..., Client], client: Client, cast: Cast) -> None:
    missing = client.page("/nothing-here?lang=en", expect=404)
    assert missing.select("html")[0].get("lang") == "en"
    assert GERMAN not in missing
    assert not re.search(r"[äöüß]", missing.main.replace("Deutsch", "")), missing.main
    anton = signed_in(cast.anton)
    form = anton.page("/ideas/new?lang=en").form("/ideas").fill(title="x" * 300)
    refused = form.force(topic="nonsense", challenge="-1").submit(expect=422)
    errors = refused.texts(".error")
    assert len(errors) >= 5
    assert not [words for words in errors if re.search(r"[äöüß]|Bitte|Geben|Wählen|Höchstens", words)], errors
    german = anton.page("/ideas/new?lang=de").form("/ideas").force(topic="nonsense").submit(expect=422)
    assert not [words for words in german.texts(".error") if "valid choice" in words], "WTForms' own words too"


def test_a_reporter_is_answered_in_the_language_of_their_report(
    app: Flask, cast: Cast, client: Client, smtp: Mailbox, work: Work
) -> None:
    made = world.build(app)
    for language, address in (("en", "jane@example.org"), ("de", "jana@example.org")):
        form = client.page(f"/report/{made.idea}?lang={language}").form(f"/report/{made.idea}")
        form.fill(ground="law", text="?", email=address).submit()
    work()
    with app.test_request_context(), unit_of_work():
        thing = registry.load(SYSTEM, made.idea)
        decide(thing, measure=Measure.DISMISS, ground=Ground.NONE, facts="", by=world.person("ruth"))
    work()
    english, german = smtp.to("jane@example.org"), smtp.to("jana@example.org")
    assert [str(message["Subject"]).split()[0] for message in english] == ["Your", "We"]
    assert [str(message["Subject"]).split()[0] for message in german] == ["Ihre", "Über"]
    html = english[0].get_body(preferencelist=("html",))
    assert html is not None
    assert '<html lang="en">' in html.get_content()
    assert "moderators" in text_of_message(english[0])


@pytest.mark.on("sqlite")
def test_a_mail_keeps_its_language_until_it_is_sent(app: Flask, smtp: Mailbox, work: Work) -> None:
    with app.test_request_context("/?lang=en"), unit_of_work():
        mail.post("a", to="a@example.org", subject="Hello", text="Text")
    work()
    html = smtp.last_to("a@example.org").get_body(preferencelist=("html",))
    assert html is not None
    assert '<html lang="en">' in html.get_content()


@pytest.mark.on("sqlite")
def test_the_site_says_what_it_stands_for_in_both_languages(make_app: Callable[..., Flask]) -> None:
    both = make_app(SITE_CLAIM="Für alle", SITE_CLAIM_EN="For everyone", REGION_NAME="Sachsen", REGION_NAME_EN="Saxony")
    client = both.test_client()
    assert isinstance(client, Client)
    german, english = client.page("/?lang=de"), client.page("/?lang=en")
    assert "Für alle" in german
    assert "For everyone" not in german
    assert "For everyone" in english
    assert "Saxony" in english
    assert "Sachsen" not in english.texts(".welcome .lead")[0]
    only = make_app(SITE_CLAIM="Für alle").test_client()
    assert isinstance(only, Client)
    assert "Für alle" in only.page("/?lang=en")


def test_what_people_wrote_says_its_language_on_a_page_in_another(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    address = f"/ideas/{made.idea}"
    english, german = client.page(f"{address}?lang=en"), client.page(f"{address}?lang=de")
    for css in ("h1", ".lead", ".questions .prose > p", ".comment .prose > p"):
        assert {element.get("lang") for element in english.select(css)} == {"de"}, css
        assert {element.get("lang") for element in german.select(css)} == {None}, css
    cards = client.page("/ideas?lang=en")
    assert {element.get("lang") for element in cards.select(".idea-card h3, .idea-card .clamp")} == {"de"}


@pytest.mark.on("sqlite")
def test_a_platform_whose_people_write_english_marks_the_german_pages(make_app: Callable[..., Flask]) -> None:
    app = make_app(CONTENT_LANGUAGE="en")
    with app.test_request_context(), force_locale("de"):
        assert '<p lang="en">' in present.markdown("Hello")
    with app.test_request_context(), force_locale("en"):
        assert "lang" not in present.markdown("Hello")


def test_only_the_outermost_elements_carry_the_language() -> None:
    html = markdown("# A\n\n- b\n\n> c\n\n<p lang='fr'>d</p>", language="de")
    assert html.count('lang="de"') == 4
    assert '<h3 lang="de">' in html
    assert 'lang="fr"' not in html.replace("&lt;p lang='fr'&gt;", "")


def language_of(client: Client, path: str, **headers: str) -> str:
    return str(client.page(path, headers=headers).select("html")[0].get("lang"))


def test_two_processes_that_start_at_once_both_have_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(__file__).parents[2] / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    shutil.copy(source, tmp_path / "en" / "LC_MESSAGES")
    write, own = i18n.write_mo, os.getpid()

    def write_while_another_does(file: Any, catalogue: Any) -> None:
        monkeypatch.setattr(i18n, "write_mo", write)
        monkeypatch.setattr(os, "getpid", lambda: own + 1)
        i18n.compile_catalogues(tmp_path)
        write(file, catalogue)

    monkeypatch.setattr(i18n, "write_mo", write_while_another_does)
    i18n.compile_catalogues(tmp_path)
    assert sorted(path.name for path in (tmp_path / "en" / "LC_MESSAGES").iterdir()) == ["messages.mo", "messages.po"]


@pytest.mark.on("sqlite")
def test_a_message_that_also_has_a_plural_is_known_without_a_number(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert gettext("Kommentar") == "Comment"
        assert ngettext("Kommentar", "Kommentare", 2) == "Comments"
        assert gettext("Das steht in keinem Katalog") == "Das steht in keinem Katalog"
