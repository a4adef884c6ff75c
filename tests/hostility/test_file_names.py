"""A person's name for a file never becomes a name on the disk, and breaks nothing."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask

from app.kit import storage
from tests.client import Client
from tests.factories import world
from tests.hostile import FILE_NAMES
from tests.people import Cast

WORDS = {"summary": "x", "problem": "y", "solution": "z", "benefit": "w", "topic": "care"}


def test_hostile_file_names_leave_only_our_own_keys_on_the_disk(
    app: Flask, signed_in: Callable[..., Client], cast: Cast
) -> None:
    client = signed_in(cast.anton)
    token = client.page("/").form("#acts").values["csrf_token"][0]
    for number, name in enumerate(FILE_NAMES):
        data = WORDS | {"title": f"Bild {number}", "csrf_token": token, "picture": (BytesIO(world.photo()), name)}
        response = client.post("/ideas", data=data, content_type="multipart/form-data")
        assert response.status_code in (303, 400, 413, 422), name
    with app.app_context():
        stored = [path for path in storage.folder().rglob("*") if path.is_file()]
        assert stored
        assert all(storage.KEY.fullmatch(str(path.relative_to(storage.folder()))) for path in stored)
