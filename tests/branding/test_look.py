"""The operator's look: name, logo, colour, first words and footer logos, at once on every page of every process."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.branding.commands import keep_logo, save_look
from app.branding.models import Look
from app.branding.queries import current_look, shipped_look
from app.kit import pictures
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict, NotAllowed
from app.subjects.models import ActivityRow
from tests import hostile
from tests.client import Client
from tests.factories.world import person, photo
from tests.people import Cast, settle
from tests.support.pages import Page
from tests.support.queries import counted

SignedIn = Callable[..., Client]
PLACE = "/admin/appearance"


def save(app: Flask, **values: Any) -> int:
    """Save a look as Ada, past the form."""
    with app.test_request_context(), unit_of_work():
        now = current_look()
        return save_look(replace(now, **values), based_on=now.version, by=person("ada"))


def uploads(page: Page, **files: bytes) -> dict[str, Any]:
    """The body of the page's form with files chosen."""
    values = {name: list(texts) for name, texts in page.form(PLACE).values.items()}
    chosen = {name: (BytesIO(content), "logo.jpg") for name, content in files.items()}
    return {"data": values | chosen, "content_type": "multipart/form-data"}


def test_the_settings_hold_until_somebody_saves_a_look(make_app: Callable[..., Flask]) -> None:
    app = make_app(SITE_NAME="Zukunft Nord", SITE_CLAIM="Gemeinsam", BRAND_COLOUR="#003399", EU_EMBLEM="on")
    client = app.test_client()
    assert isinstance(client, Client)
    home = client.page("/")
    assert home.texts(".brand b") == ["Zukunft Nord"]
    assert home.texts("title")[0].endswith("Zukunft Nord")
    assert "Kofinanziert von der Europäischen Union" in home.texts("footer .eu-emblem")[0]
    assert re.search(r"/branding-003399-[0-9a-f]{10}\.css", str(client.get("/").data))


def test_a_saved_look_is_on_every_page_at_once(app: Flask, signed_in: SignedIn, client: Client, cast: Cast) -> None:
    assert not client.page("/ideas").select("link[href^='/branding-']"), "the shipped colour needs no sheet of its own"
    client.get("/search?q=bank")
    form = signed_in(cast.ada).page(PLACE).form(PLACE)
    form.fill(name="Döbeln denkt", claim="Alle für alle", claim_en="All for all", colour="0B5C8F")
    form.fill(hero_title="Was braucht Döbeln?", hero_lead="Sagen Sie es hier.", hero_title_en="What does Döbeln need?")
    page = form.submit("Speichern")
    assert "Gespeichert" in page
    for address in ("/", "/ideas", "/search?q=bank", "/privacy", "/gibt-es-nicht"):
        seen = client.page(address, expect=404 if "nicht" in address else 200)
        assert seen.texts(".brand b") == ["Döbeln denkt"]
        assert seen.select("link[href^='/branding-0b5c8f-']")
    assert client.page("/").h1 == "Was braucht Döbeln?"
    assert "Sagen Sie es hier." in client.page("/").main
    english = client.page("/?lang=en")
    assert english.h1 == "What does Döbeln need?"
    assert "All for all" in english.texts(".brand")[0]
    with app.app_context():
        facts = db.session.scalars(select(ActivityRow).where(ActivityRow.name == "look_changed")).one()
        assert (facts.actor_id, facts.is_public) == (cast.ada.id, False)
        assert set(facts.facts["changed"]) >= {"name", "claim", "colour", "hero_title"}


def test_another_process_sees_it_in_its_next_page(make_app: Callable[..., Flask]) -> None:
    one, other = make_app(), make_app()
    settle(one)
    client = other.test_client()
    assert isinstance(client, Client)
    for _ in range(2):
        assert client.page("/search?q=bank").texts(".brand b") == ["Zukunftsplattform"]
    save(one, name="Döbeln denkt")
    assert client.page("/search?q=bank").texts(".brand b") == ["Döbeln denkt"]


def test_a_page_asks_once(app: Flask, client: Client, cast: Cast) -> None:
    save(app, name="Döbeln denkt")
    client.get("/privacy")
    assert counted(app, lambda: client.get("/privacy")) == 2, "the look, and the text of the page"


def test_a_mail_speaks_for_the_operator(app: Flask, cast: Cast) -> None:
    save(app, name="Döbeln denkt")
    with app.test_request_context():
        words = app.jinja_env.from_string("{{ site_name() }} · {{ site_claim() }}").render()
    assert words.startswith("Döbeln denkt · ")


def test_logos_are_encoded_anew_and_shown_in_both_themes(
    app: Flask, signed_in: SignedIn, client: Client, cast: Cast
) -> None:
    ada = signed_in(cast.ada)
    body = uploads(ada.page(PLACE), logo=photo(1200, 400), logo_dark=photo(600, 200))
    ada.send(PLACE, body)
    home = client.page("/")
    image, source = home.select(".brand img")[0], home.select(".brand source")[0]
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("480", "160", "")
    assert source.get("media") == "(prefers-color-scheme: dark)"
    answer = client.get(str(image.get("src")))
    assert answer.mimetype == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.data[:4] == b"RIFF"
    answer.close()
    body = uploads(ada.page(PLACE))
    body["data"] |= {"logo_dark_gone": "1"}
    del body["data"]["shows_name"]
    ada.send(PLACE, body)
    home = client.page("/")
    assert home.select(".brand img.logo-plate"), "without one for dark grounds it stands on a light plate"
    assert home.select(".brand img")[0].get("alt") == "Zukunftsplattform"
    assert not home.texts(".brand b")


def test_the_footer_names_who_pays_in_the_order_given(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    page = ada.send(PLACE, {"data": uploads(ada.page(PLACE))["data"] | {"more": "1"}})
    more = uploads(page, **{"partner-0-picture": photo(200, 90), "partner-1-picture": photo(90, 200)})
    more["data"] |= {"partner-0-alt": "Stadt Döbeln", "partner-1-alt": "Sächsische Aufbauhilfe", "shows_eu": "y"}
    more["data"] |= {"partner-0-url": "https://doebeln.example", "partner-0-place": "2", "partner-1-place": "1"}
    ada.send(PLACE, more)
    footer = client.page("/ideas").select("footer .funders li")
    assert [one.get("alt") for item in footer for one in item.iter("img")] == [
        "Emblem der Europäischen Union",
        "Sächsische Aufbauhilfe",
        "Stadt Döbeln",
    ]
    assert [one.get("href") for item in footer for one in item.iter("a")] == ["https://doebeln.example"]
    assert client.page("/ideas?lang=en").texts(".eu-emblem") == ["Co-funded by the European Union"]
    gone = uploads(ada.page(PLACE))
    gone["data"] |= {"partner-0-remove": "y"}
    ada.send(PLACE, gone)
    assert len(client.page("/ideas").select("footer .funders li")) == 2


def test_a_preview_saves_nothing_and_loses_nothing(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    body = uploads(ada.page(PLACE), logo=photo(300, 100))
    body["data"] |= {"colour": "#808080", "name": "Versuch"}
    page = ada.send(f"{PLACE}/preview", body)
    assert page.select(".as-light")
    assert page.select(".as-dark")
    assert page.texts("#vorschau-light .brand b") == ["Versuch"]
    assert "wäre weder dunkle noch helle Schrift gut zu lesen" in page
    assert "gut zu lesen verlangt: 7" in page.texts("#vorschau-dark .look-contrasts")[0].replace("\xa0", " ")
    assert page.select("#vorschau-light .brand img"), "the logo is shown before it is saved"
    assert client.page("/").texts(".brand b") == ["Zukunftsplattform"]
    assert page.form(PLACE).submit("Speichern").texts(".site-header .brand b") == ["Versuch"]
    assert client.page("/").select(".brand img"), "and need not be chosen again"


def test_what_is_wrong_is_said_and_nothing_is_lost(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    body = uploads(ada.page(PLACE), logo=photo(300, 100), logo_dark=b"kein Bild")
    body["data"] |= {"name": "", "colour": "gelb", "claim": "Neu", "partner-0-alt": "Ohne Bild"}
    page = ada.send(PLACE, body, expect=422)
    for words in ("Das ist keine Farbe", "Geben Sie der Plattform einen Namen", "Das Bild lässt sich nicht lesen"):
        assert words in page
    assert "Wählen Sie das Bild" in page
    assert page.form(PLACE).values["claim"] == ["Neu"]
    assert page.form(PLACE).values["logo_kept"][0].endswith(" 300 100"), "the good picture is kept"


def test_two_administrators_do_not_write_over_each_other(
    app: Flask, signed_in: SignedIn, client: Client, cast: Cast
) -> None:
    ada = signed_in(cast.ada)
    first, second = ada.page(PLACE).form(PLACE), ada.page(PLACE).form(PLACE)
    first.fill(name="Erste").submit("Speichern")
    stale = second.fill(name="Zweite").submit("Speichern", expect=422)
    assert "Jemand anderes hat inzwischen etwas geändert" in stale
    assert client.page("/").texts(".brand b") == ["Erste"]
    assert stale.form(PLACE).submit("Speichern").texts(".site-header .brand b") == ["Zweite"]
    with app.test_request_context(), unit_of_work(), pytest.raises(Conflict):
        save_look(shipped_look(), based_on=0, by=person("ada"))


def test_saving_the_same_again_adds_nothing(app: Flask, cast: Cast) -> None:
    number = save(app, name="Neu")
    assert save(app, name="Neu") == number


def test_only_administrators_may(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work(), pytest.raises(NotAllowed):
        save_look(replace(shipped_look(), name="x"), based_on=0, by=person("ruth"))


@pytest.mark.parametrize("address", ["/branding-zzzzzz-0123456789.css", "/branding/" + "z" * 32 + ".webp"])
def test_what_is_no_address_of_ours_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.get("/branding/" + "0" * 32 + ".webp").status_code == 404


def test_the_sheet_is_kept_for_ever_only_under_its_own_version(client: Client, app: Flask, cast: Cast) -> None:
    save(app, colour="#e6007e")
    address = client.page("/").select("link[href^='/branding-']")[0].get("href")
    answer = client.get(str(address))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    assert "Set-Cookie" not in answer.headers
    assert client.get("/branding-e6007e-0000000000.css").headers["Cache-Control"] == "no-cache"


def test_hostile_strings_are_refused_or_shown_as_they_are(signed_in: SignedIn, client: Client, cast: Cast) -> None:
    ada = signed_in(cast.ada)
    fields = ("name", "claim", "claim_en", "hero_title", "hero_lead", "hero_title_en", "hero_lead_en")
    for name, text in hostile.STRINGS.items():
        data = uploads(ada.page(PLACE))["data"]
        wrong = dict.fromkeys([*fields, "colour", "logo_kept", "based_on", "partner-0-alt", "partner-0-url"], text)
        assert ada.post(f"{PLACE}/preview", data=data | wrong).status_code == 422, name
        assert ada.post(PLACE, data=data | dict.fromkeys(fields, text)).status_code in {303, 422}, name
    assert client.get("/").status_code == 200
    for text in hostile.REFUSED.values():
        assert ada.post(PLACE, data={"name": text}).status_code == 400


def test_a_look_of_a_later_release_can_be_read() -> None:
    look = Look.of_data({"name": "a", "claim": "b", "shows_snow": True}, 3)
    assert (look.name, look.version, look.partners) == ("a", 3, ())


def test_a_logo_larger_than_a_page_shows_is_kept_small(app: Flask) -> None:
    with app.app_context():
        assert keep_logo(pictures.take_in(photo(1600, 400))).width == 480
        assert keep_logo(pictures.take_in(photo(120, 40))).width == 120
