"""Every upload is decoded under a limit and encoded anew, or refused with a reason."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.kit.errors import Invalid
from app.kit.pictures import take_in

pytestmark = pytest.mark.on("sqlite")


def encoded(kind: str, size: tuple[int, int] = (700, 500), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (20, 90, 160)).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


HOSTILE = {
    "text": b"Das ist kein Bild.",
    "nothing": b"",
    "truncated": encoded("JPEG")[:3000],
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a png of 30,000 x 30,000": bomb(30_000, 30_000),
    "a page": b"GIF89a<script>alert(1)</script>",
    "a pdf": b"%PDF-1.7\n1 0 obj",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_sound_picture_is_refused_quickly(app: Flask, content: bytes) -> None:
    started = time.monotonic()
    with app.test_request_context(), pytest.raises(Invalid) as refusal:
        take_in(content)
    assert "Bild" in str(refusal.value.message)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_comes_out_as_webp_in_fitting_widths(app: Flask, kind: str) -> None:
    with app.test_request_context():
        small, large = take_in(encoded(kind)), take_in(encoded(kind, (2400, 1200)))
    assert sorted(small.files) == [480, 700]
    assert sorted(large.files) == [480, 960, 1600]
    assert (large.width, large.height) == (1600, 800)
    assert all(Image.open(BytesIO(content)).format == "WEBP" for content in large.files.values())


def test_position_script_and_turn_do_not_travel_along(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "<script>alert(1)</script>"
    exif[0x8825] = {1: "N", 2: (51.0, 2.0, 3.0)}
    polyglot = encoded("JPEG", exif=exif, comment=b"<?php system($_GET[0]); ?>") + b"<script>alert(1)</script>"
    with app.test_request_context():
        taken = take_in(polyglot)
    assert (taken.width, taken.height) == (500, 700), "turned upright"
    for content in taken.files.values():
        assert b"script" not in content
        assert b"php" not in content
        assert not Image.open(BytesIO(content)).getexif()
