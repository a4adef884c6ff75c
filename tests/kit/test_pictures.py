"""Every upload is decoded under a limit and encoded anew, or refused with a reason."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.kit import pdf
from app.kit.errors import Invalid
from app.kit.pictures import take_in

pytestmark = pytest.mark.on("sqlite")


def encoded(kind: str, size: tuple[int, int] = (700, 500), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (20, 90, 160)).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def encoded_noise(width: int, height: int, mode: str = "RGB", kind: str = "PNG") -> bytes:
    """A picture with detail, as photographs have."""
    grey = Image.effect_noise((width // 8 + 1, height // 8 + 1), 90).resize((width, height), Image.Resampling.BICUBIC)
    out = BytesIO()
    Image.merge(mode, [grey.rotate(90 * turn).resize((width, height)) for turn in range(len(mode))]).save(out, kind)
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
def test_a_picture_comes_out_in_fitting_widths(app: Flask, kind: str) -> None:
    with app.test_request_context():
        small, large = take_in(encoded(kind)), take_in(encoded(kind, (2400, 1200)))
    assert small.widths == [480, 700]
    assert large.widths == [480, 960, 1600]
    assert (large.width, large.height) == (1600, 800)
    assert all(Image.open(BytesIO(content)).format == "WEBP" for content in large.files["webp"].values())


def test_avif_is_kept_where_it_saves_something(app: Flask) -> None:
    with app.test_request_context():
        photo, flat = take_in(encoded_noise(900, 600)), take_in(encoded("PNG", (40, 30)))
    assert list(photo.files) == ["webp", "avif"]
    assert {width: Image.open(BytesIO(content)).size for width, content in photo.files["avif"].items()} == {
        480: (480, 320),
        900: (900, 600),
    }
    assert sum(map(len, photo.files["avif"].values())) < sum(map(len, photo.files["webp"].values()))
    assert list(flat.files) == ["webp"], "an AVIF of one colour is larger: its header alone is"


def test_an_alpha_channel_that_says_nothing_is_dropped(app: Flask) -> None:
    opaque, clear = Image.new("RGBA", (600, 400), (9, 9, 9, 255)), Image.new("RGBA", (600, 400), (9, 9, 9, 0))
    modes = []
    for image in (opaque, clear):
        out = BytesIO()
        image.save(out, "PNG")
        with app.test_request_context():
            modes.append(Image.open(BytesIO(take_in(out.getvalue()).files["webp"][600])).mode)
    assert modes == ["RGB", "RGBA"]


def test_position_script_and_turn_do_not_travel_along(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "<script>alert(1)</script>"
    exif[0x8825] = {1: "N", 2: (51.0, 2.0, 3.0)}
    polyglot = encoded("JPEG", exif=exif, comment=b"<?php system($_GET[0]); ?>") + b"<script>alert(1)</script>"
    with app.test_request_context():
        taken = take_in(polyglot)
    assert (taken.width, taken.height) == (500, 700), "turned upright"
    for content in [content for files in taken.files.values() for content in files.values()]:
        assert b"script" not in content
        assert b"php" not in content
        assert not Image.open(BytesIO(content)).getexif()


def test_making_pdfs_lets_no_half_picture_pass(app: Flask) -> None:
    """WeasyPrint switches the check for halves off, for the whole process, when it is loaded."""
    pdf.is_possible.cache_clear()
    assert pdf.is_possible()
    with app.test_request_context(), pytest.raises(Invalid):
        take_in(HOSTILE["truncated"])
