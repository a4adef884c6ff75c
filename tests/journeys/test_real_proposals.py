"""Real citizens' proposals come in whole, can be found, and one of them walks to a project and a campaign."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.ideas.models import Idea, IdeaOrigin
from app.kit.db import db
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted

# What stands in the proposals in place of the word itself; folded, so ß is ss.
COMPOUNDS = {"ampelschaltung", "fussgängerampel", "fahrradampel", "ampelphasen", "ampelanlage", "ampelkreuzung"}
COMPOUNDS |= {"bedarfsampel", "anforderungsampel", "radfahrerampel", "linksabiegerampel", "ampelsteuerung", "autoampel"}


def test_459_real_proposals_come_in_whole_are_found_and_one_becomes_a_project(
    app: Flask, cast: Cast, client: Client, signed_in: Callable[..., Client], shared_data: Path, tmp_path: Path
) -> None:
    """One story, since bringing them in takes seconds."""
    file = shared_data / "participation" / "ideas-moers-2017.csv"
    world.build(app)
    assert "459 rows: 459 imported, 0 known before, 0 left out." in bring(app, file)
    check_words(app, file)
    assert "459 rows: 0 imported, 459 known before, 0 left out." in bring(app, file)
    assert goes_out_byte_for_byte(app, file, tmp_path / "out.csv")
    assert "0 differences" in app.test_cli_runner().invoke(args=["recount"]).output
    read_them(app, client)
    find_compounds(app, client, file)
    walk(signed_in(cast.ruth))


def bring(app: Flask, file: Path) -> str:
    return app.test_cli_runner().invoke(args=["import", "ideas", str(file), "--challenge", "warten-ohne-bank"]).output


def rows_of(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["external_id"]: row for row in csv.DictReader(lines)}


def check_words(app: Flask, file: Path) -> None:
    rows = rows_of(file)
    with app.app_context():
        found = db.session.execute(db.select(IdeaOrigin, Idea).join(Idea, Idea.id == IdeaOrigin.idea_id)).all()
    assert len(rows) == len(found) == 459
    for origin, idea in found:
        row = rows[origin.external_id]
        assert (idea.title, idea.problem) == (row["title"], row["text"])
        assert (origin.category, origin.url) == (row["category"], row["source_url"])


def goes_out_byte_for_byte(app: Flask, file: Path, out: Path) -> bool:
    """What an export writes of them is the file they came in, but for the two ideas that were here before."""
    columns = ["--columns", "external_id,title,text,category,created_at,source_url"]
    done = app.test_cli_runner().invoke(args=["export", "ideas", str(out), "--challenge", "warten-ohne-bank", *columns])
    assert done.exit_code == 0, done.output
    _heading, _end, rows = file.read_bytes().partition(b"\r\n")
    return out.read_bytes().endswith(b"\r\n" + rows)


def read_them(app: Flask, client: Client) -> None:
    """List, search and page, each within its pinned number of queries."""
    assert "461 Ideen" in client.page("/ideas")
    hits = client.page("/search?q=radweg")
    assert len(hits.select(".hits li")) == 20
    assert client.page("/search?q=radwge").texts(".meant a")[0] == "radwege"
    straight, folded = (
        client.page(f"/search?q={word}").texts(".hits h3") for word in ("Fahrradstraße", "fahrradstrasse")
    )
    assert straight == folded != []
    found = hits.texts(".hits h3 a")[0]
    pages = (
        lambda: client.page("/ideas?sort=supported"),
        lambda: client.page("/search?q=radwege"),
        lambda: hits.click(found),
    )
    assert [counted(app, page) for page in pages] == [4, 5, 4]


def find_compounds(app: Flask, client: Client, file: Path) -> None:
    """`ampel` finds all 79 proposals with a word it is part of, 26 of them without itself; but no `Trampelpfad`."""
    words = {key: lights(row["title"] + " " + row["text"]) for key, row in rows_of(file).items()}
    expected = {key for key, found in words.items() if found}
    hidden = {key: found for key, found in words.items() if found and not found & {"ampel", "ampeln"}}
    assert (len(expected), len(hidden)) == (79, 26)
    assert set().union(*hidden.values()) >= COMPOUNDS
    assert origins(app, hits(client, "ampel")) == expected
    for word in ("Ampelschaltung", "Fußgängerampel"):
        assert {key for key, found in words.items() if word.casefold() in found} <= origins(app, hits(client, word))


def lights(text: str) -> set[str]:
    words = {word.casefold() for word in re.findall(r"\w*ampel\w*", text, re.IGNORECASE)}
    return {word for word in words if "trampel" not in word}


def hits(client: Client, words: str) -> set[int]:
    """The ideas among all hits, over all pages."""
    page, found = client.page(f"/search?q={words}"), set[int]()
    while True:
        found |= {int(a.get("href").split("/")[2].partition("-")[0]) for a in page.select(".hits h3 a")}
        if "Weitere Treffer" not in page:
            return found
        page = page.click("Weitere Treffer")


def origins(app: Flask, ideas: set[int]) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(db.select(IdeaOrigin.external_id).where(IdeaOrigin.idea_id.in_(ideas))))


def walk(moderator: Client) -> None:
    idea = moderator.page("/search?q=sperrgitter fahrradanhänger").click("Sperrgitter")
    project = idea.click("Zum Projekt machen").form("/project").fill(reason="Das Gitter kommt weg.").submit()
    form = moderator.page(project.path).click("Crowdfunding").form("/campaign")
    form.fill(url="https://crowdfunding.example/g", platform="Beispiel", goal="500", raised="0", backers="0")
    form.fill(starts_on="2026-11-01", ends_on="2027-01-31").submit()
    assert "Crowdfunding" in moderator.page(idea.path).texts(".journey b")
