"""The words beside files that are too large come back, whatever a body holds."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.kit import salvage
from app.kit.salvage import typed_beside_files
from tests.client import Client
from tests.people import Cast
from tests.support.pages import Page

MEGABYTE = 1024 * 1024
TEXT = "Wer um 22 Uhr Feierabend hat, kommt nicht mehr nach Hause.\r\nWirklich nicht – nie."


KIND = "multipart/form-data; boundary=grenze"
Part = tuple[str, str | bytes]


def form_of(*parts: Part) -> bytes:
    """A form as browsers send it; bytes are a file."""
    lines = b""
    for name, content in parts:
        about = f'form-data; name="{name}"' + ('; filename="a.pdf"' if isinstance(content, bytes) else "")
        kind = "\r\nContent-Type: application/pdf" if isinstance(content, bytes) else ""
        lines += f"--grenze\r\nContent-Disposition: {about}{kind}\r\n\r\n".encode()
        lines += (content if isinstance(content, bytes) else content.encode()) + b"\r\n"
    return lines + b"--grenze--\r\n"


def sent(body: bytes, **more: str) -> dict[str, Any]:
    return {"CONTENT_TYPE": KIND, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)} | more


def test_words_before_between_and_after_files_are_read() -> None:
    large = b"\r\n--grenz" * MEGABYTE
    words = [("title", "Ein Bus"), ("problem", TEXT), ("needs", "1"), ("needs", "2")]
    body = form_of(words[0], ("picture", b"x" * MEGABYTE), words[1], ("file", large), ("file", b""), *words[2:])
    assert list(typed_beside_files(sent(body)).items(multi=True)) == words


def test_what_is_cut_off_gives_back_what_came() -> None:
    body = form_of(("title", "Ein Bus"), ("picture", b"x" * MEGABYTE), ("problem", TEXT))
    environ = sent(body) | {"wsgi.input": BytesIO(body[:MEGABYTE])}
    assert typed_beside_files(environ).to_dict() == {"title": "Ein Bus"}


@pytest.mark.parametrize(
    "other",
    [
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
        {"CONTENT_TYPE": "multipart/form-data"},
        {"CONTENT_TYPE": ""},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "viel"},
        {"CONTENT_LENGTH": str(salvage.MOST_READ + 1)},
        {"HTTP_EXPECT": "100-continue"},
    ],
)
def test_what_is_no_such_form_is_not_read(other: dict[str, str]) -> None:
    environ = sent(form_of(("title", "Ein Bus"), ("file", b"x"))) | other
    assert not typed_beside_files(environ)
    assert environ["wsgi.input"].tell() == 0


def test_more_words_than_anybody_types_are_not_kept() -> None:
    assert not typed_beside_files(sent(form_of(("problem", "x" * (salvage.MOST_WORDS + 1)), ("file", b"x"))))


@given(st.binary(max_size=300))
def test_any_body_is_survived(body: bytes) -> None:
    typed_beside_files(sent(body))
    typed_beside_files(sent(b"--grenze\r\n" + body))


def test_a_form_with_too_large_files_gives_its_text_back(
    app: Flask, cast: Cast, signed_in: Callable[..., Client]
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/ideas/new").form("/ideas")
    form.fill(title="Ein Bus", summary="Zwei.", problem=TEXT, solution="Er wartet.", benefit="Alle.", topic="mobility")
    words = [(name, value) for name, values in form.values.items() for value in values]
    body = form_of(*words, ("file", b"x" * 7 * MEGABYTE), ("file", b"y" * 7 * MEGABYTE))
    response = anton.post("/ideas", data=body, content_type=KIND)
    assert response.status_code == 413
    page = Page(anton, response)
    assert "dürfen zusammen höchstens 12 MB haben" in page
    assert TEXT.split("\r\n", maxsplit=1)[0] in page.select("textarea")[0].text
    assert page.form("/ideas").submit("Ohne Bilder und Dateien senden").h1 == "Ein Bus"
