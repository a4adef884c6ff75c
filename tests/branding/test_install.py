"""The platform can be put on a home screen, in the operator's look, and says so when the connection is gone."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from app.branding.commands import keep_logo, save_look
from app.branding.queries import current_look
from app.kit import pictures
from app.kit.db import unit_of_work
from tests.client import Client
from tests.factories.world import person, photo
from tests.people import Cast

SignedIn = Callable[..., Client]


def save(app: Flask, **values: Any) -> None:
    with app.test_request_context(), unit_of_work():
        now = current_look()
        save_look(replace(now, **values), based_on=now.version, by=person("ada"))


def icons(client: Client) -> dict[str, Image.Image]:
    """The icons of the manifest by purpose and size, as pictures."""
    found = {}
    for entry in client.get("/manifest.webmanifest").get_json()["icons"]:
        answer = client.get(entry["src"])
        assert (answer.mimetype, answer.headers["Cache-Control"]) == (
            "image/png",
            "public, max-age=31536000, immutable",
        )
        found[f"{entry['purpose']} {entry['sizes']}"] = Image.open(BytesIO(answer.data)).convert("RGBA")
        answer.close()
    return found


def test_the_manifest_says_what_the_site_is(app: Flask, client: Client, cast: Cast) -> None:
    save(app, name="Döbeln denkt weiter und noch weiter", claim_en="For all", colour="#003399")
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"})
    said = answer.get_json()
    assert answer.mimetype == "application/manifest+json"
    assert (said["name"], said["short_name"]) == ("Döbeln denkt weiter und noch weiter", "Döbeln")
    assert (said["start_url"], said["scope"], said["display"], said["lang"]) == ("/", "/", "standalone", "en")
    assert (said["description"], said["theme_color"]) == ("For all", "#003399")
    assert [client.get(one["url"]).status_code for one in said["shortcuts"]] == [200, 200]
    assert client.page("/").select("link[rel='manifest'][href='/manifest.webmanifest']")


def test_icons_are_made_of_the_initial(app: Flask, client: Client, cast: Cast) -> None:
    save(app, name="„Zukunft“", colour="#003399")
    made = icons(client)
    assert {name: image.size for name, image in made.items()} == {
        "any 192x192": (192, 192),
        "any 512x512": (512, 512),
        "maskable 512x512": (512, 512),
    }
    assert made["any 512x512"].getpixel((0, 0))[3] == 0, "round corners"  # type: ignore[index]
    assert made["maskable 512x512"].getpixel((0, 0)) == (0, 51, 153, 255), "the system cuts the shape out"
    assert len(made["any 192x192"].getcolors(100_000) or []) > 2, "a letter stands on it"


def test_icons_are_made_of_the_logo(app: Flask, client: Client, cast: Cast) -> None:
    with app.app_context():
        logo = keep_logo(pictures.take_in(photo(300, 100)))
    before = client.get("/manifest.webmanifest").get_json()["icons"][0]["src"]
    save(app, logo=logo)
    made = icons(client)
    assert made["maskable 512x512"].getpixel((0, 0)) == (255, 255, 255, 255)
    middle = made["maskable 512x512"].getpixel((256, 256))
    assert middle != (255, 255, 255, 255)
    old = client.get(before)
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache"), "an old address shows today's icon"
    old.close()
    assert client.page("/").select("link[rel='icon'][href^='/icon-']")


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


@pytest.mark.parametrize(("language", "words"), [("de", "Gerade keine Verbindung"), ("en", "No connection right now")])
def test_the_page_for_such_times_is_the_same_for_everyone(
    client: Client, signed_in: SignedIn, cast: Cast, language: str, words: str
) -> None:
    page = client.page(f"/offline?lang={language}")
    assert page.h1 == words
    assert page.select("meta[name='robots'][content='noindex']")
    assert "Ada Lindner" not in page
    assert signed_in(cast.ada).page(f"/offline?lang={language}").h1 == words
