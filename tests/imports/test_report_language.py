"""What is wrong with a file is said in the language of the page it was brought on."""

from collections.abc import Callable

from flask import Flask

from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.tables import csv_bytes


def test_a_report_speaks_the_language_of_whoever_brought_the_file(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], work: Callable[[], None]
) -> None:
    there, ada = world.build(app), signed_in(cast.ada)
    form = ada.page("/admin/imports?lang=en").form("/admin/imports")
    content = csv_bytes([{"external_id": "1", "title": "", "text": "Text"}])
    page = form.fill(source="Alte Plattform", challenge=str(there.challenge), file=("alt.csv", content)).submit()
    work()
    page = ada.page(page.path)
    assert "The field is empty." in page
    assert "Das Feld ist leer." not in page
