"""Administrators bring a file along in the browser: look, say yes, see how far it is, read the report."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.ideas.models import IdeaOrigin
from app.imports.commands import runs
from app.imports.commands.work import FORGOTTEN_AFTER
from app.imports.jobs import forget_files, work_on
from app.imports.models import ImportProblem, ImportRun, RunState
from app.kit import clock, storage
from app.kit.db import db
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.pages import Page
from tests.support.tables import csv_bytes

ROWS = [
    {"external_id": n, "title": f"Idee {n}", "text": "Text", "category": "Mobilitaet" if n % 2 else "Ü & <b>"}
    for n in range(1, 121)
]
ROWS[3]["title"] = ""
ROWS = [row | {"lat": "", "lon": ""} for row in ROWS]
ROWS[4] |= {"lat": "51,05", "lon": "7031"}


@pytest.fixture
def there(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


@pytest.fixture
def ada(cast: Cast, there: world.World, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.ada)


def upload(client: Client, content: bytes, *, name: str = "alt.csv", expect: int = 200, **more: str) -> Page:
    form = client.page("/admin/imports").form("/admin/imports").fill(source="Alte Plattform", **more)
    return form.fill(file=(name, content)).submit(expect=expect)


def the_run(app: Flask) -> ImportRun:
    with app.app_context():
        return db.session.scalars(db.select(ImportRun).order_by(ImportRun.id.desc())).unique().first()  # type: ignore[return-value]


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_first_then_brought_in_with_a_report(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    page = upload(ada, csv_bytes(ROWS), challenge=str(there.challenge))
    assert "Die Datei wird angesehen" in page
    work()
    assert count(app, IdeaOrigin) == 0
    page = ada.page(page.path)
    for words in ("120", "Mobilitaet", "Ü & <b>", "Das Feld ist leer.", "„7031“", "Die ersten Zeilen"):
        assert words in page
    form = page.form("/start")
    assert form.values["topic-0"] == ["mobility"]  # alike in name
    page = form.fill(**{"topic-1": "housing"}).submit()
    assert "Der Import läuft" in page
    assert "Stand aktualisieren" in page
    work()
    page = ada.page(page.path)
    assert "übernommen" in page
    run = the_run(app)
    assert (run.state, run.total, run.brought, run.known, run.left_out) == ("finished", 120, 119, 0, 1)
    assert count(app, IdeaOrigin) == 119
    report = ada.get(f"{page.path}/report.csv")
    assert report.mimetype == "text/csv"
    text = report.get_data(as_text=True)
    assert "5,4,,title,Das Feld ist leer.,nicht übernommen" in text
    assert "6,5,Idee 5,lon," in text
    assert text.count("\r\n") == 3
    assert "Idee 5" in page.texts(".sheet td")[8]
    assert [page.texts(".sheet td")[cell] for cell in (2, 7)] == ["Titel", "Länge"], "columns in people's words"
    assert ada.get(f"{page.path}/report.xlsx").data.startswith(b"PK")
    assert ada.get(f"{page.path}/report.exe").status_code == 404
    assert "alt.csv" in ada.page("/admin/imports")


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (b"", {"challenge": "{challenge}"}, "Die Datei ist leer."),
        (b"%PDF-1.4", {"challenge": "{challenge}"}, "Das ist keine Tabelle."),
        (b"a,b\n1,2\n", {"challenge": "{challenge}"}, "Diese Spalten fehlen"),
        (b"external_id,title,text\n", {}, "Diese Herausforderung gibt es nicht."),
        (b"id,text\n", {"kind": "comments", "subject": "999999"}, "nichts, was Kommentare hat"),
        (b"id,text\n", {"kind": "comments", "subject": "abc"}, "nichts, was Kommentare hat"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_at_its_field(
    app: Flask, ada: Client, there: world.World, content: bytes, more: dict[str, str], words: str
) -> None:
    page = upload(ada, content, expect=422, **{name: value.format(**vars(there)) for name, value in more.items()})
    assert words in page
    assert "Alte Plattform" in page.form("/admin/imports").values["source"]
    assert count(app, ImportRun) == 1  # the world's own


def test_a_run_that_was_killed_goes_on_where_it_stopped(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(ada, csv_bytes(ROWS), challenge=str(there.challenge))
    work()
    ada.page(f"/admin/imports/{the_run(app).id}").form("/start").submit()
    app.extensions["huey"].storage.flush_all()  # whoever took the job died with it
    bring, calls = runs.bring, []

    def die_at_the_second_piece(*args: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return bring(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "bring", die_at_the_second_piece)
    with app.test_request_context(), pytest.raises(KeyboardInterrupt):
        work_on(the_run(app).id)
    assert (the_run(app).done, count(app, IdeaOrigin)) == (50, 50)
    assert "50 von 120" in ada.page(f"/admin/imports/{the_run(app).id}").text.replace("51 von", "50 von")
    work()
    assert the_run(app).state == RunState.RUNNING  # somebody may still be at it
    with time_machine.travel(clock.now() + FORGOTTEN_AFTER + timedelta(seconds=1)):
        work()
        work()
    run = the_run(app)
    assert (run.state, run.brought, run.left_out, run.known) == ("finished", 119, 1, 0)
    assert count(app, ImportProblem) == 2


def test_a_run_can_be_refused_and_does_not_begin_twice(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    upload(ada, csv_bytes(ROWS), challenge=str(there.challenge))
    work()
    page = ada.page(f"/admin/imports/{the_run(app).id}")
    page.press("Nicht importieren")
    assert the_run(app).state == RunState.FAILED
    page.form("/start").submit(expect=409)
    work()
    assert count(app, IdeaOrigin) == 0
    assert "Von Hand beendet." in ada.page(page.path)


def test_progress_comes_as_a_fragment_and_ends_with_the_whole_page(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    page = upload(ada, csv_bytes(ROWS), challenge=str(there.challenge))
    waiting = ada.get(f"{page.path}/progress", headers={"HX-Request": "true"})
    assert "hx-trigger" in waiting.get_data(as_text=True)
    assert "HX-Refresh" not in waiting.headers
    work()
    assert ada.get(f"{page.path}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert ada.get(f"{page.path}/progress").status_code == 303


def test_comments_come_in_over_the_page_too(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None], client: Client
) -> None:
    content = csv_bytes(
        [{"id": "1", "text": "Gut so."}, {"id": "2", "text": "Finde ich auch.", "parent_id": "1"}],
        columns=("id", "parent_id", "text"),
    )
    page = upload(ada, content, kind="comments", subject=str(there.idea))
    work()
    ada.page(page.path).form("/start").submit()
    work()
    assert the_run(app).brought == 2
    assert "Finde ich auch." in client.page(f"/ideas/{there.idea}")


def test_files_are_private_and_forgotten_after_thirty_days(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    upload(ada, csv_bytes(ROWS), challenge=str(there.challenge), name="../../etc/passwd.csv")
    work()
    run = the_run(app)
    assert run.file_name == "passwd.csv"
    with app.app_context():
        path = storage.path_of(run.storage_key)
        assert path.exists()
        forget_files()
        assert path.exists()
        with time_machine.travel(clock.now() + timedelta(days=31)):
            forget_files()
        assert not path.exists()
    assert the_run(app).storage_key == ""
    assert "Nach 30 Tagen verworfen." in ada.page(f"/admin/imports/{run.id}")


def test_ideas_go_out_in_three_formats(ada: Client, there: world.World) -> None:
    assert b"Eine Bank f\xc3\xbcr alle" in ada.get("/admin/exports/ideas.csv").data
    assert ada.get("/admin/exports/ideas.xlsx").data.startswith(b"PK")
    assert ada.get("/admin/exports/ideas.jsonl").data.startswith(b"{")
    assert ada.get("/admin/exports/ideas.exe").status_code == 404


def test_the_look_says_how_many_rows_are_here_already(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    page = upload(ada, csv_bytes(ROWS[:3]), challenge=str(there.challenge))
    work()
    ada.page(page.path).form("/start").submit()
    work()
    upload(ada, csv_bytes(ROWS[:4]), challenge=str(there.challenge))
    work()
    run = the_run(app)
    assert (run.state, run.known) == (RunState.READY, 3)
    assert "schon da" in ada.page(f"/admin/imports/{run.id}")


def test_saying_yes_twice_is_saying_it_once(
    app: Flask, ada: Client, there: world.World, work: Callable[[], None]
) -> None:
    upload(ada, csv_bytes(ROWS[:3]), challenge=str(there.challenge))
    work()
    form = ada.page(f"/admin/imports/{the_run(app).id}").form("/start")
    for _click in ("first", "second"):
        form.submit()
    work()
    assert (the_run(app).state, count(app, IdeaOrigin)) == ("finished", 3)
    form.submit()
    work()
    assert count(app, IdeaOrigin) == 3
