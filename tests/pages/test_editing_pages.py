"""Imprint, privacy, terms, netiquette and accessibility: read by all, edited by administrators, in versions."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.kit import i18n
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict, NotAllowed
from app.pages import commands, queries
from app.pages.models import KEYS
from app.pages.queries import PageText
from app.subjects.models import ActivityRow
from tests.client import Client
from tests.factories.world import person
from tests.people import Cast

SignedIn = Callable[..., Client]
IMPRINT = "/admin/pages/imprint/de"


@pytest.mark.parametrize("key", KEYS)
def test_everyone_reads_the_shipped_text_in_both_languages(client: Client, key: str) -> None:
    german, english = client.page(f"/{key}"), client.page(f"/{key}?lang=en")
    assert german.h1
    assert len(german.main) > 400
    assert german.main != english.main
    assert len(english.main) > 400
    assert "{" not in german.main + english.main, "site name and address stand in their places"
    assert german.select("html")[0].get("lang") == "de"
    assert "Nur Sie sehen das" not in german


def test_every_page_links_to_them(client: Client) -> None:
    home = client.page("/")
    for key in KEYS:
        assert home.select(f"footer a[href='/{key}']")
    assert client.page("/register").links("Datenschutz") == ["/privacy", "/privacy"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_privacy_page_names_every_cookie(app: Flask, client: Client, language: str) -> None:
    named = client.page(f"/privacy?lang={language}").texts(".prose li code")
    session, stays = app.config["SESSION_COOKIE_NAME"], app.config.get("REMEMBER_COOKIE_NAME", "remember_token")
    assert {session, stays, i18n.COOKIE, i18n.EASY} == set(named)


def test_an_administrator_sees_what_is_still_open(signed_in: SignedIn, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    assert "Nur Sie sehen das: Auf dieser Seite sind noch" in ada.page("/imprint")
    overview = ada.page("/admin/pages")
    assert overview.text.count("wie mitgeliefert") == 2 * len(KEYS)
    form = overview.click("Bearbeiten")
    assert "[Straße und Hausnummer]" in form.texts(".placeholders li")


def test_an_edit_is_public_at_once_and_a_version(signed_in: SignedIn, client: Client, cast: Cast, app: Flask) -> None:
    ada = signed_in(cast.ada)
    page = edit(ada, body="## Wer\n\nZukunft gGmbH <b>fett</b>", note="Anschrift")
    assert page.path == "/imprint"
    public = client.page("/imprint")
    assert public.texts(".prose h2") == ["Wer"]
    assert "<b>fett</b>" in public.main, "raw HTML is text"
    assert "Zuletzt geändert am" in public
    form = ada.page(IMPRINT)
    assert "Version 1" in form.text
    assert "Anschrift" in form.text
    assert "Ada Lindner" in form.text
    assert "bearbeitet" in ada.page("/admin/pages")
    with app.app_context():
        facts = db.session.scalars(select(ActivityRow).where(ActivityRow.name == "page_edited")).all()
        assert [(row.actor_id, row.is_public, row.facts["number"]) for row in facts] == [(cast.ada.id, False, 1)]


def test_saving_the_same_again_adds_nothing(signed_in: SignedIn, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    edit(ada, body="Neu.")
    edit(ada, body="Neu.")
    assert ada.get(f"{IMPRINT}/versions/2").status_code == 404


def test_a_preview_without_javascript_shows_the_page_and_saves_nothing(
    signed_in: SignedIn, client: Client, cast: Cast
) -> None:
    form = signed_in(cast.ada).page(IMPRINT).form(IMPRINT)
    page = form.fill(title="Wer wir sind", body="## Eins\n\nText", note="so").submit("Vorschau")
    assert page.texts("#vorschau .document-title") == ["Wer wir sind"]
    assert page.texts("#vorschau h2") == ["Eins"]
    again = page.form(IMPRINT)
    assert again.values["body"] == ["## Eins\n\nText"]
    assert again.values["note"] == ["so"]
    assert "Wer wir sind" not in client.page("/imprint")
    assert again.submit("Speichern").h1 == "Wer wir sind"


def test_the_live_preview_is_the_same_as_the_page(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    body = "Eins\n\n## A\n\n### B\n\n## C\n\n## D\n\n## A\n\n[Link](https://example.org) und [böse](javascript:1)"
    token = ada.page(IMPRINT).form(IMPRINT).values["csrf_token"][0]
    fields = {"title": "T", "body": body, "csrf_token": token}
    preview = ada.send(f"{IMPRINT}/preview", {"data": fields, "headers": {"HX-Request": "true"}})
    assert not preview.select("footer")
    edit(ada, body=body, title="T")
    page = client.page("/imprint")
    for part in (".prose", ".contents"):
        assert preview.texts(f"#vorschau {part}") == page.texts(f".document {part}")
    assert page.texts(".contents a") == ["A", "C", "D", "A"]
    assert [a.get("href") for a in page.select(".contents a")] == ["#s-a", "#s-c", "#s-d", "#s-a-2"]


def test_two_editors_lose_nothing(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    first, second = ada.page(IMPRINT).form(IMPRINT), ada.page(IMPRINT).form(IMPRINT)
    first.fill(body="Wir wohnen in der Hauptstraße 1.").submit("Speichern")
    stale = second.fill(body="Wir wohnen in der Hauptstraße 2.").submit("Speichern", expect=422)
    assert "Jemand anderes hat diesen Text inzwischen geändert" in stale
    assert [text.split()[1] for text in stale.texts(".changes del")][-1] == "1"
    assert [text.split()[1] for text in stale.texts(".changes ins")][-1] == "2"
    assert "Hauptstraße 1" in client.page("/imprint").main, "nobody's text is written over unseen"
    assert "Hauptstraße 2" in stale.form(IMPRINT).submit("Speichern").main


def test_versions_are_compared_and_restored(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    edit(ada, body="Erstens.\n\nDas Büro ist in Döbeln.", note="eins")
    edit(ada, body="Erstens.\n\nDas Büro ist in Pirna.", note="zwei")
    version = ada.page(f"{IMPRINT}/versions/2")
    assert version.texts(".changes del") == ["gestrichen: Döbeln Ende gestrichen"]
    assert version.texts(".changes ins") == ["neu: Pirna Ende neu"]
    old = ada.page(f"{IMPRINT}/versions/1")
    back = old.press("Diese Version wiederherstellen")
    assert "Version 3" in back.text
    assert "Version 1 wiederhergestellt" in back.text
    assert "Döbeln" in client.page("/imprint").main
    shipped = ada.page(f"{IMPRINT}/versions/0")
    shipped.press("Diese Version wiederherstellen")
    assert "[Straße und Hausnummer]" in client.page("/imprint").main


def test_a_language_nobody_wrote_falls_back_to_the_edited_german(
    signed_in: SignedIn, client: Client, cast: Cast
) -> None:
    """The shipped translation would say something else than the operator."""
    ada = signed_in(cast.ada)
    edit(ada, body="Nur auf Deutsch.")
    english = client.page("/imprint?lang=en")
    assert english.select("html")[0].get("lang") == "en"
    assert english.select("article .prose[lang=de]")
    assert english.select("article h1[lang=de]")
    assert "Nur auf Deutsch." in english.main
    assert "fehlt, gezeigt wird Deutsch" in ada.page("/admin/pages?lang=de").text
    edit(ada, address="/admin/pages/imprint/en", body="In English.")
    assert client.page("/imprint?lang=en").select("article .prose:not([lang])")
    edit(ada, body="Nur auf Deutsch, neu.")
    assert "älter als der deutsche Text" in ada.page("/admin/pages").text


def test_commands_guard_themselves(app: Flask, cast: Cast) -> None:
    text = PageText(key="terms", language="de", number=0, title="T", body="B")
    with app.test_request_context():
        with unit_of_work(), pytest.raises(NotAllowed):
            commands.edit_page(text, based_on=0, by=person("ruth"))
        with unit_of_work():
            assert commands.edit_page(text, based_on=0, by=person("ada")) == 1
        other = PageText(key="terms", language="de", number=0, title="T", body="C")
        with unit_of_work(), pytest.raises(Conflict):
            commands.edit_page(other, based_on=0, by=person("ada"))
        with unit_of_work():
            assert queries.newest_text("terms", "de").body == "B"


@pytest.mark.on("sqlite")
def test_nothing_typed_is_lost_when_something_is_missing(signed_in: SignedIn, cast: Cast) -> None:
    form = signed_in(cast.ada).page(IMPRINT).form(IMPRINT)
    page = form.fill(title="", body="Ein langer Text.", note="n").submit("Speichern", expect=422)
    assert "Geben Sie der Seite eine Überschrift." in page
    assert page.form(IMPRINT).values["body"] == ["Ein langer Text."]
    too_long = form.fill(title="T", body="x" * 60_001).submit("Speichern", expect=422)
    assert "Höchstens 60000 Zeichen" in too_long.text


def edit(client: Client, *, address: str = IMPRINT, **fields: str):  # type: ignore[no-untyped-def]
    return client.page(address).form(address).fill(**fields).submit("Speichern")
