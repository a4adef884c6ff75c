"""Pictures in a real browser: uploaded as soon as they are chosen, put in order, looked at large, with the keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.factories.documents import pdf
from tests.factories.world import photo
from tests.people import settle
from tests.support.crowd import backstage
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
TEXTS = {"title": "Eine Bank", "summary": "Kurz.", "problem": "Kein Platz.", "solution": "Ja.", "benefit": "Alle."}


def test_pictures_are_uploaded_ordered_and_looked_at_with_the_keyboard(
    server: LiveServer, windows: Windows, tmp_path: Path
) -> None:
    with backstage(server) as app:
        settle(app)
    paths = [tmp_path / f"{name}.jpg" for name in ("eins", "zwei")]
    for place, path in enumerate(paths):
        path.write_bytes(photo(640 + place, 480))
    (tmp_path / "Plan.pdf").write_bytes(pdf())
    page = windows.open()
    page.set_default_timeout(30_000)
    windows.sign_in(page, "anton@example.org")
    page.goto("/ideas/new")
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=topic][value=care]").check(force=True)
    expect(page.get_by_role("button", name="Bilder hochladen")).to_be_hidden()
    page.locator("[name=picture]").set_input_files(paths)
    words = page.get_by_label("Was ist darauf zu sehen?")
    expect(words).to_have_count(2, timeout=30_000)
    expect(words.first).to_be_focused()
    words.first.fill("Die erste")
    words.last.fill("Die zweite")
    later = page.locator("[id^=picture-down-]").first
    later.focus()
    page.keyboard.press("Enter")
    expect(words.first).to_have_value("Die zweite", timeout=30_000)
    page.locator("[name=file]").set_input_files(tmp_path / "Plan.pdf")
    expect(page.locator(".upload-file")).to_contain_text("PDF, 1 kB", timeout=30_000)
    expect(page.locator(".saved")).to_contain_text("Entwurf gespeichert um", timeout=30_000)
    page.reload()
    expect(words.first).to_have_value("Die zweite")
    page.locator(".form-end").get_by_role("button", name="Idee einreichen").click()
    expect(page.locator("h1")).to_have_text("Eine Bank", timeout=30_000)

    page.locator(".window a[data-enlarge]").focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_have_attribute("alt", "Die zweite")
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img")).to_have_attribute("alt", "Die erste")
    expect(viewer).to_contain_text("Bild 2 von 2")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.locator(".gallery a[data-enlarge]")).to_be_focused()
    with page.expect_download() as download:
        page.locator("#dateien a").click()
    assert download.value.suggested_filename == "Plan.pdf"


def test_more_than_fits_into_one_sending_is_said_before_it_is_sent(
    server: LiveServer, windows: Windows, tmp_path: Path
) -> None:
    with backstage(server) as app:
        settle(app)
    large = [tmp_path / f"{name}.pdf" for name in ("eins", "zwei")]
    for path in large:
        path.write_bytes(b"%PDF-" + b"x" * 7 * 1024 * 1024)
    (tmp_path / "Plan.pdf").write_bytes(pdf())
    page = windows.open()
    page.set_default_timeout(30_000)
    page.goto("/ideas/new")
    page.locator("[name=title]").fill(TEXTS["title"])
    chosen = page.locator("[name=file]")
    chosen.set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("zusammen größer als 12 MB")
    assert chosen.evaluate("field => field.files.length") == 0
    chosen.set_input_files(large[:1])
    expect(page.get_by_role("alert")).to_have_count(0)
    assert chosen.evaluate("field => field.files.length") == 1
    windows.sign_in(page, "anton@example.org")
    page.goto("/ideas/new")
    expect(page.get_by_text("Mehr laden Sie nach und nach hoch")).to_have_count(2)
    expect(page.get_by_text("Mehr laden Sie nach und nach hoch").first).to_be_hidden()
    chosen.set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("zusammen größer als 12 MB")
    chosen.set_input_files(tmp_path / "Plan.pdf")
    expect(page.locator(".upload-file")).to_contain_text("PDF, 1 kB", timeout=30_000)
