"""A challenge has a cover, a gallery and files of its own."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.attachments.models import File, Picture
from app.challenges.commands import discard_draft
from app.kit.actor import SYSTEM
from app.kit.db import db, unit_of_work
from app.subjects import registry
from tests.attachments.test_gallery import photo, rows, shown
from tests.client import Client
from tests.factories import world
from tests.factories.documents import office, pdf
from tests.people import Cast

WORDS = {"title": "Warten ohne Bank", "summary": "Viele stehen.", "problem": "Seit Jahren.", "good_answer": "Bald."}


@pytest.fixture
def anton(app: Flask, cast: Cast, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.anton)


def test_pictures_and_files_are_uploaded_kept_and_shown(anton: Client) -> None:
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS, topic="mobility")
    page = form.fill(picture=[photo(1), photo(2)], picture_alt="Die Haltestelle").submit("Bilder hochladen")
    assert page.path == "/challenges/new"
    assert rows(page) == [1, 2]
    page = page.form("/challenges").fill(file=("Plan.pdf", pdf())).submit("Dateien hochladen")
    assert rows(page) == [1, 2]
    challenge = page.form("/challenges").submit("einreichen")
    assert shown(challenge) == [(1, "Die Haltestelle"), (2, "")]
    assert challenge.texts("#dateien li") == ["Plan.pdf PDF, 1 kB"]
    assert anton.page("/challenges").select(".challenge-card img.photo")


def test_what_is_public_may_still_be_illustrated(anton: Client) -> None:
    challenge = anton.page("/challenges/new").form("/challenges").fill(**WORDS, topic="mobility").submit("einreichen")
    address = f"/challenges/{challenge.path.split('/')[2].partition('-')[0]}/edit"
    page = anton.page(address).form(address).fill(picture=[photo(3)]).submit("Bilder hochladen")
    assert page.path == address
    assert rows(page) == [3]
    saved = page.form(address).fill(file=("Zahlen.xlsx", office("xlsx"))).submit()
    assert shown(saved) == [(3, "")]
    assert saved.texts("#dateien a") == ["Zahlen.xlsx"]


def test_a_draft_thrown_away_takes_pictures_and_files_along(app: Flask, anton: Client) -> None:
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS, topic="mobility", picture=[photo(1)])
    draft = form.fill(file=("Plan.pdf", pdf())).submit("Als Entwurf speichern")
    number = int(draft.path.split("/")[2].partition("-")[0])
    with app.test_request_context(), unit_of_work():
        discard_draft(registry.load(SYSTEM, number), by=world.person("anton"))
        assert db.session.scalar(db.select(db.func.count()).select_from(Picture)) == 0
        assert db.session.scalar(db.select(db.func.count()).select_from(File)) == 0
