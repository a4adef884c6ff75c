"""What is wrong with a file is said in the language of whoever reads the report."""

from collections.abc import Callable

from flask import Flask

from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.tables import csv_bytes


def test_a_report_speaks_the_language_of_whoever_reads_it(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], work: Callable[[], None]
) -> None:
    there, ada = world.build(app), signed_in(cast.ada)
    form = ada.page("/admin/imports?lang=en").form("/admin/imports")
    rows = [
        {"external_id": "1", "title": "", "text": "Text", "place": "", "lat": "", "lon": ""},
        {"external_id": "2", "title": "Zwei", "text": "Text", "place": "Nirgendheim", "lat": "51", "lon": "6921"},
    ]
    content = csv_bytes(rows)
    page = form.fill(source="Alte Plattform", challenge=str(there.challenge), file=("alt.csv", content)).submit()
    work()
    words = {
        "en": [
            "The field is empty.",
            "“6921” can't be a longitude",
            "The idea comes without a point.",
            "We don't know",
        ],
        "de": ["Das Feld ist leer.", "„6921“ kann keine Länge sein", "Die Idee kommt ohne Punkt.", "kennen wir nicht"],
    }
    for language, other in (("en", "de"), ("de", "en")):
        told = " ".join(ada.page(f"{page.path}?lang={language}").texts("td.words"))
        report = ada.get(f"{page.path}/report.csv?lang={language}").get_data(as_text=True)
        for text in (told, report):
            assert [part for part in words[language] if part not in text] == []
            assert [part for part in words[other] if part in text] == []


def test_why_an_import_ended_is_said_in_the_language_of_whoever_reads_it(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], work: Callable[[], None]
) -> None:
    there, ada = world.build(app), signed_in(cast.ada)
    form = ada.page("/admin/imports?lang=de").form("/admin/imports")
    content = csv_bytes([{"external_id": "1", "title": "Eins", "text": "Text"}]) + b'2,"offen'
    page = form.fill(source="Alte Plattform", challenge=str(there.challenge), file=("alt.csv", content)).submit()
    work()
    assert "In Zeile 3 öffnet sich ein Anführungszeichen" in ada.page(f"{page.path}?lang=de")
    english = ada.page(f"{page.path}?lang=en")
    assert "öffnet sich" not in english
    assert "row 3" in english
