"""Ideas of other platforms come in whole, once, with a report in words about what does not fit."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.ideas.commands import IdeaText
from app.ideas.models import Answer, Idea, IdeaOrigin
from app.imports.commands import bring
from app.imports.models import ImportRun
from app.kit import tables
from app.kit.db import db
from app.places.models import Place
from app.subjects.models import ActivityRow
from app.topics.models import Topic
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.tables import csv_bytes, file_of, import_ideas, run

ODD = [
    {
        "external_id": "1",
        "title": "  Bänke für „Groß & Klein“  ",
        "text": ' Erste Zeile\r\nzweite;\tmit "Zeichen"\n\n<b>keine</b> Formel\n ',
        "category": " Verkehr ",
        "created_at": "2017-09-14T13:40:55+02:00",
        "source_url": "https://alt.example/vorschlag/1?seite=2",
        "author_name": "Karla Wendisch",
        "place": "Döbeln",
        "lat": "51.1203",
        "lon": "13.1101",
        "support": "38",
        "status": "realised",
        "answer": "Wird gemacht.\r\n\r\nIm Mai.",
    },
    {"external_id": "2", "title": "=1+1", "text": "", "created_at": "2017-09-14T13:40:55+02:00"},
    {
        "external_id": "3",
        "title": "@SUM(A1)",
        "text": "+49 341",
        "created_at": "2018-01-14T13:40:55+01:00",
        "support": "0",
    },
]
ODD = [{column: row.get(column, "") for column in ODD[0]} for row in ODD]


@pytest.fixture
def there(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


def ideas(app: Flask) -> dict[str, tuple[Idea, IdeaOrigin]]:
    with app.app_context():
        found = db.session.execute(db.select(IdeaOrigin, Idea).join(Idea, Idea.id == IdeaOrigin.idea_id)).all()
        return {origin.external_id: (idea, origin) for origin, idea in found}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_rows_go_in_and_out_unchanged_in_every_format(
    app: Flask, there: world.World, tmp_path: Path, kind: str
) -> None:
    file, out = file_of(tmp_path, ODD, kind), tmp_path / f"out.{kind}"
    assert "3 rows: 3 imported, 0 known before, 0 left out." in import_ideas(app, file, there.challenge).output
    assert "3 rows: 0 imported, 3 known before, 0 left out." in import_ideas(app, file, there.challenge).output
    columns = ",".join(ODD[0])
    done = run(app, "export", "ideas", out, "--challenge", there.challenge, "--columns", columns)
    assert done.exit_code == 0, done.output
    rows = {row["external_id"]: row for row in _read(out, kind)}
    for row in ODD:
        expected = row | {"status": row["status"] or "in_discussion"}
        assert rows[row["external_id"]] == expected


def _read(path: Path, kind: str) -> list[dict[str, str]]:
    table = tables.read(path.read_bytes(), path.name, dict.fromkeys(ODD[0], ()))
    return [{column: row.values.get(column, "") for column in ODD[0]} for row in table.rows]


def test_everything_a_row_says_is_kept_and_shown_apart(
    app: Flask, there: world.World, tmp_path: Path, client: Client
) -> None:
    import_ideas(app, file_of(tmp_path, ODD), there.challenge)
    idea, origin = ideas(app)["1"]
    assert (idea.title, idea.problem) == (ODD[0]["title"], ODD[0]["text"])
    assert (idea.lat, idea.lon, idea.status) == (51.1203, 13.1101, "realised")
    assert (origin.supports, idea.supporters_count, idea.author_id) == (38, 0, None)
    with app.app_context():
        assert db.session.get_one(Place, idea.place_id).name == "Döbeln"
        answer = db.session.scalars(db.select(Answer).where(Answer.idea_id == idea.id)).one()
        assert (answer.author_id, answer.author_name, answer.body) == (None, "alt", ODD[0]["answer"])
        names = set(db.session.scalars(db.select(ActivityRow.name)))
    assert {"import_opened", "import_begun", "import_ended", "idea_imported"} <= names
    page = client.page(f"/ideas/{idea.id}")
    for words in ("38 Stimmen von alt mitgebracht", "nicht mit einem Konto verbunden", "Karla Wendisch", "51,1203"):
        assert words in page
    assert "Wird gemacht." in page
    assert page.texts(".journey b")[-1] == "Übernommen", "last of all, though it was submitted long before"


def test_a_text_is_not_said_twice_and_nobody_gets_initials(
    app: Flask, there: world.World, tmp_path: Path, client: Client
) -> None:
    rows = [
        {"external_id": "1", "title": "Kurz", "text": "Es regnet herein."},
        {"external_id": "2", "title": "Gekürzt", "text": "Es regnet herein. " * 30},
        {"external_id": "3", "title": "Mit Kurzfassung", "text": "Es regnet herein.", "summary": "Ein Dach."},
    ]
    import_ideas(app, file_of(tmp_path, [{"summary": ""} | row for row in rows]), there.challenge)
    pages = {key: client.page(f"/ideas/{idea.id}") for key, (idea, _origin) in ideas(app).items()}
    assert [pages[key].texts(".subject .lead") for key in "123"] == [[], [], ["Ein Dach."]]
    assert pages["1"].texts("#herkunft strong") == ["Ohne Namen"]
    assert pages["1"].texts("#herkunft .avatar") == [""]
    assert pages["1"].select("#herkunft .avatar svg")


def test_changed_rows_change_nothing(app: Flask, there: world.World, tmp_path: Path) -> None:
    import_ideas(app, file_of(tmp_path, ODD), there.challenge)
    changed = [row | {"title": "Anders", "support": "99", "status": "not_pursued"} for row in ODD]
    assert "0 imported, 3 known before" in import_ideas(app, file_of(tmp_path, changed), there.challenge).output
    idea, origin = ideas(app)["1"]
    assert (idea.title, origin.supports, idea.status) == (ODD[0]["title"], 38, "realised")
    assert "0 differences" in run(app, "recount").output


def test_a_windows_file_with_two_lost_commas_brings_300_ideas_and_two_reports(
    app: Flask, there: world.World, tmp_path: Path
) -> None:
    rows = [
        {"Nr": n, "Titel": f"Straße {n}", "Beschreibung": "Größe „x“;\nzwei", "Breite": "51,0504", "Länge": "13,7373"}
        for n in range(1, 301)
    ]
    rows[41]["Länge"], rows[250]["Länge"] = "7031", "6921"
    file = tmp_path / "moers.csv"
    file.write_bytes(csv_bytes(rows, sign=";", encoding="cp1252"))
    done = import_ideas(app, file, there.challenge)
    assert "300 rows: 300 imported, 0 known before, 0 left out." in done.output
    reports = [line for line in done.output.splitlines() if line.startswith("row ")]
    assert len(reports) == 2
    assert reports[0].startswith("row 84: lon: „7031“ kann keine Länge sein")  # each row before takes two lines
    assert "„6921“" in reports[1]
    found = ideas(app)
    assert len(found) == 300
    assert [key for key, (idea, _origin) in found.items() if idea.lat is None] == ["42", "251"]
    assert all(idea.problem == "Größe „x“;\nzwei" for idea, _origin in found.values())
    with app.app_context():
        assert db.session.get_one(Place, found["1"][0].place_id).name == "Dresden"


CELLS = [
    ({"lat": "13.7373", "lon": "51.0504"}, "lat", "vertauscht"),
    ({"lat": "52.52", "lon": "13.405"}, "lat", "nicht in der Region"),
    ({"lat": "99", "lon": "13.4"}, "lat", "keine Breite"),
    ({"lat": "51.05"}, "lon", "Eine fehlt"),
    ({"lat": "nan", "lon": "inf"}, "lat", "keine Zahl"),
    ({"place": "Atlantis"}, "place", "Diesen Ort kennen wir nicht"),
    ({"place": "Bernsdorf"}, "place", "mehrmals"),
    ({"status": "im Himmel"}, "status", "kennen wir nicht"),
    ({"support": "-3"}, "support", "keine Anzahl"),
    ({"support": "1,5"}, "support", "keine Anzahl"),
    ({"support": "1.0"}, "support", "keine Anzahl"),
    ({"support": "1.000,5"}, "support", "keine Anzahl"),
    ({"source_url": "javascript:alert(1)"}, "source_url", "keine Web-Adresse"),
]


@pytest.mark.parametrize(("cells", "column", "words"), CELLS)
def test_what_does_not_fit_is_reported_and_the_idea_comes_all_the_same(
    app: Flask, there: world.World, tmp_path: Path, cells: dict[str, str], column: str, words: str
) -> None:
    row = {"external_id": "1", "title": "Bank", "text": "Text"} | cells
    done = import_ideas(app, file_of(tmp_path, [row]), there.challenge)
    assert "1 rows: 1 imported" in done.output
    assert f"row 2: {column}: " in done.output
    assert words in done.output
    idea, origin = ideas(app)["1"]
    assert (idea.lat, idea.lon, idea.status, origin.supports, origin.url) == (None, None, "in_discussion", None, "")


LEFT_OUT = [
    ({"external_id": " "}, "external_id", "leer"),
    ({"title": ""}, "title", "leer"),
    ({"title": "x" * 301}, "title", "länger als 300"),
    ({"text": "x" * 1_000_000}, "text", "länger als 32.000"),
    ({"text": "a\0b"}, "text", "NUL"),
    ({"created_at": "gestern"}, "created_at", "kein Datum"),
    ({"created_at": "ges\0tern"}, "created_at", "NUL"),
    ({"created_at": "31.02.2017"}, "created_at", "kein Datum"),
    ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at", "kein Datum"),
    ({"created_at": "9999-12-31"}, "created_at", "nicht stimmen"),
    ({"external_id": "0"}, "external_id", "schon in Zeile 2"),
    ({"visibility": "hidden"}, "visibility", "nicht öffentlich"),
]


@pytest.mark.parametrize(("cells", "column", "words"), LEFT_OUT)
def test_a_bad_row_is_left_out_with_its_reason_and_spoils_no_other(
    app: Flask, there: world.World, tmp_path: Path, cells: dict[str, str], column: str, words: str
) -> None:
    good = {"external_id": "0", "title": "Davor", "text": "x"}
    bad = {"external_id": "1", "title": "Schlecht", "text": "x"} | cells
    rows = [row | {c: row.get(c, "") for c in bad} for row in (good, bad, good | {"external_id": "2"})]
    done = import_ideas(app, file_of(tmp_path, rows), there.challenge)
    assert "3 rows: 2 imported, 0 known before, 1 left out." in done.output
    assert f"row 3: {column}: " in done.output
    assert words in done.output
    assert done.exit_code == 1
    assert set(ideas(app)) == {"0", "2"}


def test_lone_surrogates_in_json_are_left_out(app: Flask, there: world.World, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    lines = [{"external_id": "1", "title": "\ud800", "text": ""}, {"external_id": "2", "title": "Gut", "text": ""}]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = import_ideas(app, file, there.challenge)
    assert "2 rows: 1 imported, 0 known before, 1 left out." in done.output


def test_german_dates_status_words_and_topics_are_understood(app: Flask, there: world.World, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "titel": "A", "text": "x", "datum": "14.09.2017 13:40", "stand": "In Prüfung", "kategorie": "Wege"}
    ]
    topics = tmp_path / "topics.csv"
    topics.write_text("category,topic\nWege,mobility\n", encoding="utf-8")
    dry = import_ideas(app, file_of(tmp_path, rows), there.challenge, "--topics", topics, "--dry-run")
    assert "Wege (1) -> mobility" in dry.output
    assert "1 would be imported" in dry.output
    assert ideas(app) == {}
    with app.app_context():
        assert db.session.scalars(db.select(ImportRun.id)).all() == [there.run]
    import_ideas(app, file_of(tmp_path, rows), there.challenge, "--topics", topics)
    idea, _origin = ideas(app)["1"]
    assert (idea.submitted_at.isoformat(), idea.status) == ("2017-09-14T11:40:00+00:00", "under_review")
    with app.app_context():
        assert db.session.get_one(Topic, idea.topic_id).key == "mobility"
    again = import_ideas(app, file_of(tmp_path, rows), there.challenge, "--dry-run")
    assert "Wege (1) -> mobility" in again.output  # the source's mapping is remembered


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b"external_id,title\n", "text"),
        (b"1,2,3\n", "fehlen"),
        (b"\x89PNG\r\n\x1a\n", "keine Tabelle"),
        (b"external_id,title,text,Titel\n", "0 rows"),
        (b"external_id,title,text,text\n", "zweimal"),
        (b"external_id,title,text\n", "0 rows: 0 imported"),
        (b"PK\x03\x04broken", "lässt sich nicht lesen"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    app: Flask, there: world.World, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    done = import_ideas(app, file, there.challenge)
    assert words in done.output
    assert "Traceback" not in done.output


def test_an_unknown_challenge_or_topic_is_named(app: Flask, there: world.World, tmp_path: Path) -> None:
    file, topics = file_of(tmp_path, ODD), tmp_path / "t.csv"
    assert "gibt es nicht" in import_ideas(app, file, "nirgends").output
    topics.write_text("category,topic\nWege,nonsense\n", encoding="utf-8")
    assert "no topic nonsense" in import_ideas(app, file, there.challenge, "--topics", topics).output


def test_export_holds_native_ideas_and_leaves_out_what_is_not_public(
    app: Flask, there: world.World, tmp_path: Path
) -> None:
    run(app, "export", "ideas", tmp_path / "public.csv")
    run(app, "export", "ideas", tmp_path / "all.csv", "--all")
    public, everything = (_all(tmp_path / name) for name in ("public.csv", "all.csv"))
    native = public[f"idea-{there.idea}"]
    assert (native["text"], native["solution"], native["benefit"]) == ("Das Problem.", "Die Lösung.", "Viele.")
    assert f"idea-{there.hidden_idea}" not in public
    assert everything[f"idea-{there.hidden_idea}"]["visibility"] == "hidden"
    again = import_ideas(app, tmp_path / "all.csv", there.challenge).output
    assert "nicht öffentlich" in again
    brought = ideas(app)[f"idea-{there.idea}"][0]
    assert (brought.solution, brought.benefit, brought.summary) == ("Die Lösung.", "Viele.", "Kurz gesagt.")


def _all(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["external_id"]: row for row in csv.DictReader(lines)}


def test_a_row_the_database_refuses_is_undone_alone(
    app: Flask, there: world.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_idea = bring.bring_idea

    def refuse_the_second(text: IdeaText, *rest: Any, **more: Any) -> Idea:
        idea = bring_idea(text, *rest, **more)
        if text.title == "Idee 2":
            raise IntegrityError("INSERT", {}, ValueError("no"))
        return idea

    monkeypatch.setattr(bring, "bring_idea", refuse_the_second)
    rows = [{"external_id": str(n), "title": f"Idee {n}", "text": "Sonderbarwort"} for n in range(1, 4)]
    done = import_ideas(app, file_of(tmp_path, rows), there.challenge)
    assert "3 rows: 2 imported, 0 known before, 1 left out." in done.output
    assert "row 3: Die Datenbank nimmt diese Zeile nicht an." in done.output
    assert set(ideas(app)) == {"1", "3"}
    assert "0 differences" in run(app, "recount").output
    monkeypatch.undo()
    assert "1 imported, 2 known before" in import_ideas(app, file_of(tmp_path, rows), there.challenge).output
