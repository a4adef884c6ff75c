"""A gallery without JavaScript: up to six pictures in rows, with words, in an order; the first is the cover."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.attachments.models import Picture
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.pages import Form, Page

SignedIn = Callable[..., Client]
WORDS = {"title": "Eine Bank", "summary": "Kurz.", "problem": "Kein Platz.", "solution": "Ja.", "benefit": "Alle."}
LADEN = "Bilder hochladen"


def photo(number: int) -> tuple[str, bytes]:
    """A picture of a width of its own, by which it is known again, with a place and a comment in it."""
    exif = Image.Exif()
    exif[0x010E] = "geheim"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 0.0), 3: "E", 4: (13.0, 44.0, 0.0)})
    out = BytesIO()
    Image.new("RGB", (600 + number, 400), (200, 30 * number, 40)).save(out, "JPEG", exif=exif, comment=b"geheim")
    return f"bild-{number}.jpg", out.getvalue()


def form_of(page: Page) -> Form:
    return page.form("/edit") if page.path.endswith("/edit") else page.form("/ideas")


def rows(page: Page) -> list[int]:
    """Which pictures stand in the form, by their numbers, in their order."""
    return [int(image.get("width")) - 600 for image in page.select(".upload-row img")]


def ids(page: Page) -> list[str]:
    return [field.get("value") for field in page.select("input[name=picture_id]")]


def shown(page: Page) -> list[tuple[int, str]]:
    """Number and words of the cover and the pictures behind it."""
    found = page.select(".window img.photo") + page.select(".gallery img")
    return [(int(image.get("width")) - 600, image.get("alt")) for image in found]


@pytest.fixture
def anton(app: Flask, cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.anton)


@pytest.fixture
def form(anton: Client) -> Form:
    """The form for a new idea, filled in."""
    return anton.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care")


def press(page: Page, verb: str, place: int) -> Page:
    """Press a row's button."""
    button = page.select(f"[id^=picture-{verb}-]")[place]
    form = form_of(page)
    form.values["arrange"] = [button.get("value")]
    sent = form.page.client.post(
        button.get("formaction"), data=form.values | {}, content_type="multipart/form-data", follow_redirects=True
    )
    return Page(form.page.client, sent)


def test_pictures_are_uploaded_described_ordered_and_removed_before_the_idea_is_sent(form: Form) -> None:
    page = form.fill(picture=[photo(1), photo(2), photo(3)], picture_alt="Die erste").submit(LADEN)
    assert page.path == "/ideas/new", "the form again, with a draft"
    assert rows(page) == [1, 2, 3]
    assert page.select("textarea[name=problem]")[0].text.strip() == WORDS["problem"]
    first, second, third = ids(page)
    assert page.select(f"#picture_alt_{first}")[0].get("value") == "Die erste"
    page = press(page, "up", 2)
    assert rows(page) == [1, 3, 2]
    page = press(press(page, "up", 1), "down", 1)
    assert rows(page) == [3, 2, 1]
    page = press(page, "gone", 1)
    assert rows(page) == [3, 1]
    filled = form_of(page).fill(**{f"picture_alt_{third}": "Eine Bank im Park"})
    idea = filled.submit("Idee einreichen")
    assert shown(idea) == [(3, "Eine Bank im Park"), (1, "Die erste")]
    assert f"/pictures/{second}/" not in idea.html


def test_moving_beyond_the_ends_changes_nothing(form: Form) -> None:
    page = form.fill(picture=[photo(1), photo(2)]).submit(LADEN)
    assert rows(press(page, "up", 0)) == [1, 2]
    assert rows(press(page, "down", 1)) == [1, 2]


def test_a_reload_and_the_preview_keep_what_was_uploaded(form: Form, anton: Client) -> None:
    page = form.fill(picture=[photo(1), photo(2)]).submit(LADEN)
    address = page.response.request.url.partition("localhost")[2]
    again = anton.page(address)
    assert rows(again) == [1, 2]
    one, two = ids(again)
    preview = form_of(again).fill(**{f"picture_alt_{one}": "Ein Park"}).submit("Vorschau")
    assert shown(preview) == [(1, "Ein Park"), (2, "")]
    assert "Nicht jedes Bild hat eine Beschreibung." in preview
    back = preview.click("Bilder beschreiben")
    settled = form_of(back).fill(**{f"picture_plain_{two}": True}).submit("Vorschau")
    assert "Nicht jedes Bild hat eine Beschreibung." not in settled
    idea = settled.form("#vorschau-senden").submit()
    assert shown(idea) == [(1, "Ein Park"), (2, "")]


def test_pictures_chosen_and_sent_in_one_go_are_all_there(form: Form) -> None:
    idea = form.fill(picture=[photo(1), photo(2)], picture_alt="Ein Park").submit("Idee einreichen")
    assert shown(idea) == [(1, "Ein Park"), (2, "")]


def test_a_seventh_picture_is_refused_in_words_and_six_stay(form: Form) -> None:
    page = form.fill(picture=[photo(n) for n in range(1, 8)]).submit(LADEN)
    assert "Höchstens 6 Bilder, bitte." in page
    assert rows(page) == [1, 2, 3, 4, 5, 6]
    assert not page.select("input[type=file][name=picture]")
    page = press(page, "gone", 0)
    assert page.select("input[type=file][name=picture]")


def test_a_broken_picture_is_named_and_the_others_stay(form: Form) -> None:
    page = form.fill(picture=[photo(1), ("../kaputt.jpg", b"\xff\xd8\xff\xe0<script>"), photo(3)]).submit(LADEN)
    assert "kaputt" in page.main
    assert "lässt sich nicht lesen" in page
    assert rows(page) == [1, 3]


def test_an_edit_adds_orders_and_removes(app: Flask, form: Form, anton: Client) -> None:
    idea = form.fill(picture=[photo(1), photo(2)], picture_alt="Ein Park").submit("Idee einreichen")
    number = re.search(r"/ideas/(\d+)", idea.path)
    assert number
    address = f"/ideas/{number[1]}/edit"
    page = anton.page(address)
    assert rows(page) == [1, 2]
    page = press(page, "down", 0)
    assert page.path == address
    assert rows(page) == [2, 1]
    assert rows(anton.page(address)) == [1, 2], "nothing has changed yet"
    page = form_of(page).fill(picture=[photo(3)]).submit(LADEN)
    assert rows(page) == [2, 1, 3]
    page = press(page, "gone", 0)
    saved = form_of(page).submit("Änderungen speichern")
    assert shown(saved) == [(1, "Ein Park"), (3, "")]
    with app.app_context(), unit_of_work(writes=False):
        left = db.session.scalars(db.select(Picture.width).where(Picture.subject_id == int(number[1]))).all()
    assert sorted(left) == [601, 603]


def test_an_older_form_takes_away_nothing_it_does_not_know(form: Form, anton: Client) -> None:
    idea = form.fill(picture=[photo(1)]).submit("Idee einreichen")
    address = f"/ideas/{idea.path.split('/')[2].partition('-')[0]}/edit"
    old = form_of(anton.page(address))
    form_of(anton.page(address)).fill(picture=[photo(2)]).submit("Änderungen speichern")
    saved = old.fill(summary="Kürzer.").submit("Änderungen speichern")
    assert [number for number, _words in shown(saved)] == [1, 2]


def test_a_draft_from_before_galleries_still_shows_its_picture(app: Flask, anton: Client, form: Form) -> None:
    page = form.fill(picture=[photo(1)]).submit(LADEN)
    token = page.form("/ideas").values["csrf_token"][0]
    fields = WORDS | {"topic": "care", "picture_id": ids(page)[0], "picture_alt": "Wie früher", "csrf_token": token}
    saved = anton.post("/drafts", data=fields | {"form_address": "/ideas"}).get_json()
    again = anton.page(f"/ideas/new?draft={saved['draft_token']}")
    assert rows(again) == [1]
    assert shown(form_of(again).submit("Idee einreichen")) == [(1, "Wie früher")]


def test_pictures_of_others_stay_out_of_reach(app: Flask, cast: Cast, signed_in: SignedIn, form: Form) -> None:
    theirs = ids(form.fill(picture=[photo(1)]).submit(LADEN))[0]
    mara = signed_in(cast.mara)
    page = (
        mara.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care").force(picture_id=theirs).submit("Vorschau")
    )
    assert shown(page) == []
    idea = page.form("#vorschau-senden").force(picture_id=theirs).submit()
    assert shown(idea) == []
    assert mara.get(f"/pictures/{theirs}/480.webp").status_code == 404


def test_a_picture_attached_elsewhere_is_not_moved(app: Flask, cast: Cast, form: Form, anton: Client) -> None:
    made = world.build(app)
    idea = form.force(picture_id=str(made.picture)).submit("Idee einreichen")
    assert shown(idea) == []
    assert anton.page(f"/ideas/{made.idea}").select(".window img.photo")


def test_every_file_of_a_gallery_tells_nothing_but_pixels(app: Flask, client: Client, form: Form) -> None:
    idea = form.fill(picture=[photo(1), photo(2)]).submit("Idee einreichen")
    addresses = {link for image in idea.select(".window source, .window img, .gallery img") for link in _srcset(image)}
    assert len(addresses) >= 6
    for address in addresses:
        with client.get(address) as answer:
            assert answer.mimetype in ("image/webp", "image/avif")
            assert b"geheim" not in answer.data
            assert b"Exif" not in answer.data
            assert not Image.open(BytesIO(answer.data)).getexif()


def test_a_guest_is_not_offered_to_upload_but_may_choose(app: Flask, cast: Cast, client: Client) -> None:
    page = client.page("/ideas/new")
    assert page.select("input[type=file][name=picture]")
    assert LADEN not in page
    assert not page.select("[hx-post^='/uploads']")


def test_whose_session_ended_while_uploading_finds_their_text_again(client: Client, cast: Cast) -> None:
    client.sign_in(cast.anton.email, cast.anton.password)
    form = client.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care", picture=[photo(1)])
    client.sign_out()
    back = form.submit(LADEN).form("/login").fill(email=cast.anton.email, password=cast.anton.password).submit()
    page = back.form("Weiter").fill(picture=photo(1)).submit()
    assert page.path == "/ideas/new"
    assert page.select("textarea[name=problem]")[0].text.strip() == WORDS["problem"]
    assert rows(page) == [1]


def test_htmx_gets_only_the_rows(app: Flask, anton: Client, form: Form) -> None:
    values = form.values | {"picture": (BytesIO(photo(1)[1]), "a.jpg")}
    answer = anton.post("/uploads/picture", data=values, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert text.lstrip().startswith("<fieldset")
    assert 'id="picture-rows"' in text
    assert "autofocus" in text
    assert "<html" not in text


def _srcset(image: object) -> list[str]:
    return [part.split()[0] for part in (image.get("srcset") or "").split(", ") if part]  # type: ignore[attr-defined]


def test_the_form_says_how_much_fits_into_one_sending(app: Flask, cast: Cast, client: Client) -> None:
    page = client.page("/ideas/new")
    most = app.config["MAX_CONTENT_LENGTH"] // 1024**2
    for field in ("picture", "file"):
        assert f"zusammen höchstens {most} MB" in page.texts(f"#{field}-hinweis")[0]
