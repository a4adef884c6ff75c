"""Files beside an idea: for download only, as visible as the idea, checked by their content."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask import Flask

from app.attachments.commands import Arranged, Row, add_file, arrange_files, attach_part, store_document
from app.attachments.models import File
from app.ideas.commands import set_state
from app.ideas.models import IdeaState
from app.kit import clock, documents, jobs, personal_data, storage
from app.kit.actor import SYSTEM
from app.kit.db import db, unit_of_work
from app.kit.documents import take_in
from app.subjects import registry
from tests.client import Client
from tests.factories import world
from tests.factories.documents import bomb, office, open_document, packed, pdf
from tests.hostile import FILE_NAMES
from tests.people import Cast
from tests.support.pages import Form, Page

SignedIn = Callable[..., Client]
WORDS = {"title": "Eine Bank", "summary": "Kurz.", "problem": "Kein Platz.", "solution": "Ja.", "benefit": "Alle."}
LADEN = "Dateien hochladen"


@pytest.fixture
def anton(app: Flask, cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.anton)


@pytest.fixture
def form(anton: Client) -> Form:
    """The form for a new idea, filled in."""
    return anton.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care")


def offered(page: Page) -> list[tuple[str, str]]:
    """Names and facts of the files on a page."""
    return [(text.partition(".")[0], text) for text in page.texts("#dateien li")]


def addresses(page: Page) -> list[str]:
    return [link.get("href") for link in page.select("#dateien li a")]


def test_files_are_offered_for_download_with_their_kind_and_size(form: Form, client: Client) -> None:
    sent = [("Plan.pdf", pdf(b"%" + b"x" * 240_000 + b"\n")), ("Kosten.xlsx", office("xlsx"))]
    idea = form.fill(file=sent).submit("Idee einreichen")
    assert [text for _name, text in offered(idea)] == ["Plan.pdf PDF, 240 kB", "Kosten.xlsx Excel-Tabelle, 1 kB"]
    with client.get(addresses(idea)[0]) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"] == "attachment; filename=Plan.pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.data == sent[0][1]
    with client.get(addresses(idea)[1]) as answer:
        assert answer.mimetype == documents.MEDIA["xlsx"]
        assert b"Geheim" not in answer.data


def test_a_file_answers_not_modified(form: Form, client: Client) -> None:
    address = addresses(form.fill(file=("a.pdf", pdf())).submit("Idee einreichen"))[0]
    with client.get(address) as answer:
        etag = answer.headers["ETag"]
    with client.get(address, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_rows_of_files_are_uploaded_ordered_and_removed_without_javascript(form: Form) -> None:
    page = form.fill(file=[("eins.pdf", pdf()), ("zwei.odt", open_document())]).submit(LADEN)
    assert page.texts(".upload-file a") == ["eins.pdf", "zwei.odt"]
    assert "OpenDocument-Text, 1 kB" in page
    page = page.form("/ideas").submit("Nach vorn: zwei.odt")
    assert page.texts(".upload-file a") == ["zwei.odt", "eins.pdf"]
    preview = page.form("/ideas").submit("Vorschau")
    assert [name for name, _text in offered(preview)] == ["zwei", "eins"]
    page = preview.click("Weiter schreiben").form("/ideas").submit("Entfernen: zwei.odt")
    assert [name for name, _text in offered(page.form("/ideas").submit("Idee einreichen"))] == ["eins"]


def test_a_sixth_file_is_refused_in_words(form: Form) -> None:
    page = form.fill(file=[(f"{n}.pdf", pdf()) for n in range(6)]).submit(LADEN)
    assert "Höchstens 5 Dateien, bitte." in page
    assert len(page.select(".upload-file")) == 5


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rechnung.pdf", b"MZ\x90\0" + b"\0" * 200, "nehmen wir nicht an"),
        ("bericht.pdf", b"<!doctype html><script>alert(1)</script>", "nehmen wir nicht an"),
        ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "nehmen wir nicht an"),
        ("makro.docx", office(more={"word/vbaProject.bin": b"x"}), "Makros"),
        ("bombe.docx", bomb(), "entpackt zu groß"),
        ("zwei.pdf", pdf() + packed({"a.html": b"<script>"}), "lässt sich nicht lesen"),
        ("leer.pdf", b"", "Die Datei ist leer."),
    ],
)
def test_hostile_files_are_refused_and_the_text_stays(form: Form, name: str, content: bytes, reason: str) -> None:
    page = form.fill(file=(name, content)).submit("Idee einreichen", expect=422)
    assert reason in page.texts("#file-fehler")[0]
    assert page.select("textarea[name=problem]")[0].text.strip() == WORDS["problem"]
    page = form.submit(LADEN)
    assert reason in page
    assert not page.select(".upload-file")


def test_a_broken_file_is_named_and_the_others_stay(form: Form) -> None:
    page = form.fill(file=[("gut.pdf", pdf()), ("../../kaputt.docx", b"PK\3\4")]).submit(LADEN)
    assert "kaputt" in page.main
    assert page.texts(".upload-file a") == ["gut.pdf"]


def test_hostile_names_leave_our_own_keys_on_the_disk_and_plain_names_on_the_page(app: Flask, form: Form) -> None:
    client, values = form.page.client, dict(form.values)
    for number, name in enumerate([*FILE_NAMES, "x" * 5000 + ".pdf"]):
        data = values | {"title": f"Idee {number}", "problem": name.replace("\0", ""), "file": (BytesIO(pdf()), name)}
        answer = client.post("/ideas", data=data, content_type="multipart/form-data")
        assert answer.status_code in (303, 400, 413, 422), name
    with app.app_context(), unit_of_work(writes=False):
        files = db.session.scalars(db.select(File)).all()
        assert len(files) > 5
        for file in files:
            assert storage.KEY.fullmatch(file.key)
            assert file.name.endswith(".pdf")
            assert len(file.name) <= documents.NAME_LENGTH + 4
            assert not set('/\\:<>"|?*\0\r\n\u202e') & set(file.name), ascii(file.name)
        stored = [path for path in storage.folder().rglob("*.pdf") if path.is_file()]
        assert all(storage.KEY.fullmatch(str(path.relative_to(storage.folder()))) for path in stored)


def test_a_name_with_umlauts_is_told_in_full(form: Form, client: Client) -> None:
    idea = form.fill(file=("Übersicht neu.pdf", pdf())).submit("Idee einreichen")
    with client.get(addresses(idea)[0]) as answer:
        told = answer.headers["Content-Disposition"]
        assert told.startswith("attachment;")
        assert unquote(told.partition("filename*=UTF-8''")[2]) == "Übersicht neu.pdf"


def test_a_file_is_as_visible_as_its_idea(app: Flask, cast: Cast, signed_in: SignedIn, client: Client) -> None:
    mara, ruth = signed_in(cast.mara), signed_in(cast.ruth)
    waiting = mara.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care", file=("a.pdf", pdf())).submit()
    address = addresses(waiting)[0]
    number = int(waiting.path.split("/")[2].partition("-")[0])
    assert [status(who, address) for who in (client, mara, ruth)] == [404, 200, 200]
    with app.test_request_context(), unit_of_work():
        set_state(registry.load(SYSTEM, number), IdeaState.PUBLISHED, "")
    assert status(client, address) == 200
    with app.test_request_context(), unit_of_work():
        set_state(registry.load(SYSTEM, number), IdeaState.HIDDEN, "Der Ton.")
    assert status(client, address) == 410
    assert status(ruth, address) == 200


def test_a_loose_file_is_its_uploaders_alone(form: Form, cast: Cast, signed_in: SignedIn, client: Client) -> None:
    page = form.fill(file=("geheim.pdf", pdf())).submit(LADEN)
    address = page.select(".upload-file a")[0].get("href")
    ident = address.rpartition("/")[2]
    mara = signed_in(cast.mara)
    assert [status(who, address) for who in (client, mara, form.page.client)] == [404, 404, 200]
    idea = mara.page("/ideas/new").form("/ideas").fill(**WORDS, topic="care").force(file_id=ident).submit()
    assert offered(idea) == []
    assert status(form.page.client, address) == 200


def test_a_part_of_an_idea_is_not_among_its_files(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    with app.test_request_context(), unit_of_work():
        anton, mara = world.person("anton"), world.person("mara")
        document = take_in(pdf(), "Antwort.pdf")
        ident = add_file(document, store_document(document), by=anton).id
        assert attach_part(made.idea, ident, by=mara) is None, "not hers"
        assert attach_part(made.idea, ident, by=anton) == ident
        arrange_files(made.idea, Arranged((Row(ident),), (ident,)), by=anton)
    assert status(client, f"/files/{ident}") == 200
    assert [name for name, _text in offered(client.page(f"/ideas/{made.idea}"))] == ["Plan"]


def test_loose_files_go_after_a_week_and_attached_ones_stay(app: Flask, form: Form) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        form.fill(file=("bleibt.pdf", pdf())).submit("Idee einreichen")
        form.fill(title="Noch eine", file=("geht.pdf", pdf())).submit(LADEN)
    with app.test_request_context():
        gone = db.session.scalars(db.select(File.key).where(File.name == "geht.pdf")).one()
        assert storage.path_of(gone).exists()
        jobs.run_daily()
        assert db.session.scalars(db.select(File.name)).all() == ["bleibt.pdf"]
        assert not storage.path_of(gone).exists()


def test_what_is_held_about_a_person_names_their_files_and_goes_with_them(app: Flask, cast: Cast, form: Form) -> None:
    form.fill(file=("Plan.pdf", pdf())).submit("Idee einreichen")
    form.fill(title="Noch eine", file=("lose.pdf", pdf())).submit(LADEN)
    with app.test_request_context(), unit_of_work():
        held = personal_data.export_all(cast.anton.id)["attachments"]
        assert [(file["name"], file["belongs_to"] is None) for file in held["files"]] == [
            ("Plan.pdf", False),
            ("lose.pdf", True),
        ]
        personal_data.anonymise_all(cast.anton.id)
        assert db.session.scalars(db.select(File.name)).all() == ["Plan.pdf"]


def test_nobody_heaps_up_uploads_without_end(app: Flask, cast: Cast, form: Form) -> None:
    with app.test_request_context(), unit_of_work():
        document = take_in(pdf(), "a.pdf")
        for _number in range(60):
            add_file(document, store_document(document), by=world.person("anton"))
    page = form.fill(file=("a.pdf", pdf())).submit(LADEN, expect=409)
    assert "sehr viele Bilder und Dateien" in page


def status(client: Client, address: str) -> int:
    with client.get(address) as answer:
        return answer.status_code
