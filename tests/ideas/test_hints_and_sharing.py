"""Before publishing: what is similar. After it: sharing, the poster, and how an idea fares."""

import re
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from app.ideas.models import Idea
from app.kit import clock, pdf
from app.kit.charts import HEIGHT, bars_over_time
from app.kit.db import db, unit_of_work
from app.subjects import attention
from tests.client import Client
from tests.factories.world import World
from tests.people import Cast

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def test_similar_ideas_are_offered_while_a_title_is_typed(client: Client, world: World) -> None:
    page = client.page("/ideas/similar?title=B%C3%A4nke+f%C3%BCr+alle")
    assert page.texts(".similar li > p a")[0].startswith("Eine Bank für alle")
    assert re.fullmatch(r"Unterstützen: Eine Bank für alle[^,]*, bisher \d+", page.texts(".similar button.support")[0])
    nothing = client.page("/ideas/similar?title=Windrad")
    assert nothing.select("#aehnliche")[0].get("hidden") is not None


def test_one_presses_support_there_instead(client: Client, cast: Cast, world: World) -> None:
    client.become(cast.mara.key)
    button = client.page("/ideas/similar?title=Eine+Bank").select(".similar button.support")[0]
    answer = client.post(button.get("formaction"), headers={"HX-Request": "true"}, data=_token(client))
    assert answer.status_code == 200
    assert "Unterstützt" in answer.get_data(as_text=True)


def test_nothing_similar_is_told_of_what_is_not_public(client: Client, world: World) -> None:
    for title in ("Etwas Verstecktes", "Wartet noch"):
        assert not client.page(f"/ideas/similar?title={title}").select(".similar li a[href*='/ideas/']")


def test_without_javascript_similar_ideas_stand_in_the_preview(client: Client, cast: Cast, world: World) -> None:
    client.become(cast.mara.key)
    preview = _written(client, title="Eine Bank für jeden").submit("Vorschau ansehen")
    assert "Eine Bank für alle" in " ".join(preview.texts(".similar"))
    form = preview.click("Weiter schreiben").form("/ideas")
    assert "Eine Bank für alle" in " ".join(form.page.texts(".similar"))
    form.fill(different_because="Meine hat eine Lehne.").submit("Idee einreichen")


def test_what_is_different_is_told_to_moderators_only(app: Flask, client: Client, cast: Cast, world: World) -> None:
    client.become(cast.mara.key)
    sent = _written(client, title="Eine Bank für jeden", different_because="Meine hat eine Lehne.").submit(
        "Idee einreichen"
    )
    assert "Meine hat eine Lehne." not in sent
    client.become(cast.ruth.key)
    case = client.page("/moderation").click("Eine Bank für jeden")
    assert "Meine hat eine Lehne." in case
    assert "Eine Bank für alle" in " ".join(case.texts("[aria-labelledby=aehnlich-h] li"))


def test_a_public_idea_is_shared_by_link_code_and_poster(client: Client, world: World) -> None:
    page = client.page(f"/ideas/{world.idea}").click("Weitersagen: Link, QR-Code, Aushang")
    assert page.select("#link")[0].get("value").endswith(f"/ideas/{world.idea}")
    code = client.get(f"/ideas/{world.idea}/qr.svg")
    assert code.mimetype == "image/svg+xml"
    assert b"<script" not in code.data
    poster = page.click("Aushang ansehen")
    assert poster.h1 == "Eine Bank für alle"


def test_what_is_not_public_is_not_shared(client: Client, cast: Cast, world: World) -> None:
    client.become(cast.anton.key)
    for page in ("share", "qr.svg", "poster"):
        assert client.get(f"/ideas/{world.waiting_idea}/{page}").status_code == 404
    client.sign_out()
    for page in ("share", "qr.svg", "poster"):
        assert client.get(f"/ideas/{world.hidden_idea}/{page}").status_code == 410


def test_views_are_counted_without_knowing_anybody(app: Flask, client: Client, cast: Cast, world: World) -> None:
    app.extensions["unlimited"] = True
    attention._seen = attention.Seen()
    address = client.page(f"/ideas/{world.idea}", headers=BROWSER).response.request.path
    client.get(address, headers={"User-Agent": "Examplebot/2.0"})
    client.head(address, headers=BROWSER)
    client.become(cast.anton.key)
    client.get(address, headers=BROWSER)
    with app.test_request_context():
        attention.count_views([(*key, number) for key, number in attention._seen._counts.items()])
        attention.count_views([(world.idea, clock.today().isoformat(), 2)])
        attention.count_views([(world.idea, (clock.today() - timedelta(days=40)).isoformat(), 9)])
        with unit_of_work(writes=False):
            assert attention.views_of(world.idea) == 3
    page = client.page(f"/ideas/{world.idea}/dashboard")
    assert "3" in page.texts(".figures dd")


def test_supports_stand_in_a_chart_and_a_table(app: Flask, client: Client, cast: Cast, world: World) -> None:
    client.become(cast.mara.key)
    client.post(f"/ideas/{world.idea}/support", data=_token(client))
    client.become(cast.anton.key)
    page = client.page(f"/ideas/{world.idea}/dashboard")
    rows = len(page.select(".chart tbody tr"))
    assert rows == len(page.select(".chart rect")) >= 1


def test_a_dashboard_says_what_is_missing(client: Client, cast: Cast, world: World) -> None:
    client.become(cast.anton.key)
    page = client.page(f"/ideas/{world.idea}/dashboard")
    assert "Noch etwas knapp" in page


def test_columns_cover_all_days_up_to_sixty_columns() -> None:
    start = date(2027, 1, 1)
    few = bars_over_time([(start, 2), (start + timedelta(days=2), 4)], start + timedelta(days=3))
    assert [bar.number for bar in few] == [2, 0, 4, 0]
    assert few[2].height == HEIGHT
    many = bars_over_time([(start, 1), (start + timedelta(days=200), 5)], start + timedelta(days=300))
    assert len(many) <= 60
    assert sum(bar.number for bar in many) == 6
    assert many[-1].last == start + timedelta(days=300)
    assert bars_over_time([], start) == []


def test_where_there_is_no_easy_text_that_is_said(client: Client, world: World) -> None:
    missing = "Diesen Text gibt es noch nicht in Leichter Sprache."
    assert missing not in client.page(f"/ideas/{world.idea}")
    for page in (f"/ideas/{world.idea}", f"/challenges/{world.challenge}"):
        assert missing in client.page(f"{page}?easy=1")


def test_a_text_in_easy_language_takes_the_place_of_the_other_one(app: Flask, client: Client, world: World) -> None:
    with app.test_request_context(), unit_of_work():
        idea = db.session.get(Idea, world.idea)
        idea.easy_text = "Alle sollen sitzen können.\n\nDie Bank ist für alle."
    page = client.page(f"/ideas/{world.idea}")
    assert "Die Bank ist für alle." not in page
    easy = page.click("Leichte Sprache")
    assert "Die Bank ist für alle." in easy
    assert "Die Bank ist für alle." in client.page(f"/ideas/{world.idea}")  # the choice persists
    assert "Die Bank ist für alle." not in easy.click("Den schweren Text zeigen")
    assert "Die Bank ist für alle." not in client.page(f"/ideas/{world.idea}")


def _token(client: Client) -> dict[str, str]:
    return {"csrf_token": client.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}


def _written(client: Client, **more: str) -> object:
    words = {
        "summary": "Sitzen.",
        "problem": "Es fehlt.",
        "solution": "Bauen.",
        "benefit": "Alle.",
        "topic": "mobility",
    }
    return client.page("/ideas/new").form("/ideas").fill(**(words | more))


def test_the_poster_is_a_tagged_pdf_of_one_page(client: Client, world: World) -> None:
    answer = client.get(f"/ideas/{world.idea}/poster.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"%PDF-")
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", answer.data, re.DOTALL)
    whole = answer.data + b"".join(zlib.decompressobj().decompress(stream) for stream in streams)
    assert b"pdfuaid" in whole
    assert b"/StructTreeRoot" in whole
    assert b"/Count 1" in whole


def test_where_nothing_makes_pdfs_the_page_is_printed(client: Client, world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(pdf, "is_possible", lambda: False)
    assert client.get(f"/ideas/{world.idea}/poster.pdf").status_code == 404
    assert "Als PDF" not in client.page(f"/ideas/{world.idea}/poster")


def test_a_pdf_fetches_nothing_from_elsewhere(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.txt").write_text("geheim")
    page = '<html lang="de"><title>x</title><img src="http://127.0.0.1:9/x.png" alt=""><img src="../secret.txt" alt="">'
    assert b"geheim" not in pdf.make_pdf(page, static=tmp_path / "static")
