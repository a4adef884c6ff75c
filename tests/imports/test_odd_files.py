"""Odd files of other platforms: votes and dates of spreadsheets, several sources in one file, contradictions."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from app.imports.models import ImportProblem
from app.kit.db import db
from tests.factories import world
from tests.imports.test_ideas_come_in import ideas
from tests.people import Cast
from tests.support.tables import file_of, import_ideas, run


@pytest.fixture
def there(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


@pytest.mark.parametrize("votes", ["1234", "1.234", "1,234", "1 234", "1\u202f234", "1\u00a0234"])
def test_a_number_of_votes_may_have_thousands(app: Flask, there: world.World, tmp_path: Path, votes: str) -> None:
    rows = [{"external_id": "1", "title": "Bank", "text": "x", "support": votes}]
    assert "1 imported" in import_ideas(app, file_of(tmp_path, rows), there.challenge).output
    assert ideas(app)["1"][1].supports == 1234


def test_a_row_that_is_left_out_has_no_cell_that_comes_in(app: Flask, there: world.World, tmp_path: Path) -> None:
    rows = [{"external_id": "1", "title": "", "text": "x", "lat": "13.7", "lon": "51.0", "support": "viele"}]
    output = import_ideas(app, file_of(tmp_path, rows), there.challenge).output
    assert "row 2: support: „viele“ ist keine Anzahl.\n" in output
    assert "kommt ohne Punkt" not in output
    assert "Sie bleibt weg" not in output
    with app.app_context():
        assert all(db.session.scalars(db.select(ImportProblem.is_left_out)))


def test_a_title_of_two_lines_and_an_address_given_twice_are_remarked(
    app: Flask, there: world.World, tmp_path: Path
) -> None:
    rows = [
        {"external_id": str(n), "title": title, "text": "x", "source_url": "https://alt.example/v?id=1"}
        for n, title in enumerate(("Bank\nBaum", "Baum"))
    ]
    output = import_ideas(app, file_of(tmp_path, rows), there.challenge).output
    assert "2 imported" in output
    assert "row 2: title: Der Titel hat mehrere Zeilen." in output
    assert "row 4: source_url: Diese Adresse hat schon Zeile 2." in output


def test_two_sources_with_the_same_ids_go_out_and_come_in_elsewhere(
    app: Flask, there: world.World, tmp_path: Path
) -> None:
    rows = [
        {"external_id": "1", "title": f"Aus {name}", "text": "x", "source": name} for name in ("alt", "Nord", "", "Süd")
    ]
    output = import_ideas(app, file_of(tmp_path, rows), there.challenge).output
    assert "4 rows: 3 imported, 0 known before, 1 left out." in output
    assert "row 4: external_id: Die Kennung steht schon in Zeile 2." in output  # this row is of the file's own source
    run(app, "export", "ideas", tmp_path / "out.csv")
    again = import_ideas(app, tmp_path / "out.csv", there.challenge, "--dry-run").output
    assert "3 known before, 0 left out." in again
    sources = {row["title"]: row["source"] for row in _all_rows(tmp_path / "out.csv")}
    assert (sources["Aus Nord"], sources["Aus alt"], sources["Eine Bank für alle"]) == ("Nord", "alt", "")


def _all_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("topic", "words"), [("mobility", "Wege für Größere (1) -> mobility"), ("x", "no topic x")])
def test_topics_come_from_every_kind_of_table(
    app: Flask, there: world.World, tmp_path: Path, topic: str, words: str
) -> None:
    rows = [{"external_id": "1", "title": "A", "text": "x", "category": "Wege für Größere"}]
    topics = tmp_path / "topics.csv"
    topics.write_bytes(f"category;topic\r\nWege für Größere;{topic}\r\n".encode("cp1252"))
    file = file_of(tmp_path, rows)
    assert words in import_ideas(app, file, there.challenge, "--topics", topics, "--dry-run").output
    topics.write_bytes(b"\x89PNG\r\n")
    assert "keine Tabelle" in import_ideas(app, file, there.challenge, "--topics", topics).output


def test_a_date_that_a_spreadsheet_keeps_as_a_number_is_read(app: Flask, there: world.World, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["external_id", "title", "text", "created_at"])
    book.active.append(["1", "A", "x", 42992.5])
    book.save(tmp_path / "x.xlsx")
    import_ideas(app, tmp_path / "x.xlsx", there.challenge)
    assert ideas(app)["1"][0].submitted_at.isoformat() == "2017-09-14T10:00:00+00:00"
    plain = [{"external_id": "2", "title": "A", "text": "x", "created_at": "42992.5"}]
    assert "kein Datum" in import_ideas(app, file_of(tmp_path, plain), there.challenge).output


def test_a_folder_that_is_not_there_is_said_in_words(app: Flask, there: world.World, tmp_path: Path) -> None:
    done = run(app, "export", "ideas", tmp_path / "nirgends" / "x.csv")
    assert (done.exit_code, "cannot be written" in done.output) == (1, True)


def test_the_same_rows_give_the_same_ideas_in_every_format(
    app: Flask, there: world.World, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    names = "external_id,title,text,category,created_at,source_url".split(",")
    rows = _real_rows(pytestconfig.rootpath) or [
        dict.fromkeys(names, "") | {"external_id": str(n), "title": f" Idee {n}; „ä“", "text": f"=1\r\n\t{n}\u00ad "}
        for n in range(60)
    ]
    found = []
    for kind in ("csv", "xlsx", "jsonl"):
        done = import_ideas(app, file_of(tmp_path, rows, kind), there.challenge, "--source", kind)
        assert f"{len(rows)} rows: {len(rows)} imported" in done.output
        out = tmp_path / f"out-{kind}.csv"
        run(app, "export", "ideas", out, "--columns", ",".join([*names, "source"]))
        mine = [row for row in _all_rows(out) if row["source"] == kind]
        given = [name for name in names if name != "created_at" or rows[0][name]]  # none given: now
        found.append([{name: row[name] for name in given} for row in mine])
    assert [[row["title"], row["text"]] for row in found[0]] == [[row["title"], row["text"]] for row in rows]
    assert found[0] == found[1] == found[2]


def _real_rows(root: Path) -> list[dict[str, str]]:
    file = root.parent / "shared" / "data" / "participation" / "ideas-moers-2017.csv"
    return _all_rows(file) if file.exists() else []
