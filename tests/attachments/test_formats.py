"""Pictures in two formats: a page offers what there is, and both are as visible as what they belong to."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.attachments.commands import add_picture, attach, remove, store_files
from app.attachments.models import Picture
from app.ideas.commands import set_state
from app.ideas.models import IdeaState
from app.kit import storage
from app.kit.actor import SYSTEM
from app.kit.db import db, unit_of_work
from app.kit.pictures import take_in
from app.subjects import registry
from tests.client import Client
from tests.factories import world
from tests.kit.test_pictures import encoded_noise
from tests.people import Cast

SignedIn = Callable[..., Client]


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    """An idea with a photograph, of which there are files in both formats."""
    made = world.build(app)
    with app.test_request_context():
        safe = take_in(encoded_noise(1200, 800))
        stem = store_files(safe)
        with unit_of_work():
            anton = world.person("anton")
            attach(made.idea, add_picture(safe, stem, by=anton).id, alt="Eine Bank", by=anton)
    return made.idea


def test_a_page_offers_avif_beside_webp(client: Client, idea: int) -> None:
    page = client.page(f"/ideas/{idea}")
    source, image = page.select(".subject picture source")[0], page.select(".subject picture img")[0]
    assert source.get("type") == "image/avif"
    assert source.get("sizes") == image.get("sizes")
    for offered, kind in ((source, "avif"), (image, "webp")):
        addresses = [part.split()[0] for part in offered.get("srcset").split(", ")]
        assert len(addresses) == 3
        for address in addresses:
            assert ask(client, address) == (200, f"image/{kind}")
    assert image.get("alt") == "Eine Bank"


def test_an_older_picture_without_avif_is_shown_as_before(app: Flask, client: Client, idea: int) -> None:
    picture = of(app, idea)
    with app.app_context(), unit_of_work():
        db.session.get_one(Picture, picture.id).formats = ["webp"]
        db.session.flush()
    page = client.page(f"/ideas/{idea}")
    assert not page.select("picture")
    assert page.select(".subject img[srcset]")
    assert ask(client, f"/pictures/{picture.id}/480.webp")[0] == 200
    assert ask(client, f"/pictures/{picture.id}/480.avif")[0] == 404
    assert ask(client, f"/pictures/{picture.id}/480.svg")[0] == 404
    assert ask(client, f"/pictures/{picture.id}/481.webp")[0] == 404


def test_both_formats_are_gone_with_the_idea(app: Flask, client: Client, idea: int) -> None:
    picture = of(app, idea)
    with app.test_request_context(), unit_of_work():
        set_state(registry.load(SYSTEM, idea), IdeaState.HIDDEN, "Der Ton.")
    for kind in ("webp", "avif"):
        assert ask(client, f"/pictures/{picture.id}/480.{kind}")[0] == 410


def test_removing_a_picture_removes_every_file(app: Flask, idea: int) -> None:
    keys = of(app, idea).keys
    assert len(keys) == 6
    with app.test_request_context():
        assert all(storage.path_of(key).exists() for key in keys)
        with unit_of_work():
            remove(db.session.get_one(Picture, of(app, idea).id))
        assert not any(storage.path_of(key).exists() for key in keys)


def ask(client: Client, address: str) -> tuple[int, str]:
    """Status and type of an answer."""
    with client.get(address) as response:
        return response.status_code, response.mimetype


def of(app: Flask, idea: int) -> Picture:
    """The idea's picture."""
    with app.app_context(), unit_of_work(writes=False):
        found: Picture = registry.load(SYSTEM, idea).pictures[0]
        db.session.expunge(found)
        return found
