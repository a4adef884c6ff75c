"""Hostile pictures sent through the form of the running platform: refused with a reason, or encoded anew and clean.

Each answer takes less than five seconds, and no web worker ever needs 512 MiB (VmHWM of its process).
"""

import io
import os
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import html
from PIL import Image
from sqlalchemy import select

from app.attachments.models import Picture
from app.ideas.models import Idea
from app.kit import storage
from app.kit.db import db, unit_of_work
from tests.support.crowd import Visitor, backstage, invite
from tests.support.live import LiveServer

pytestmark = pytest.mark.on("sqlite")
SECONDS, MEGABYTES = 5, 512
WORDS = {"summary": "Kurz.", "problem": "Ein Satz, der bleibt.", "solution": "So.", "benefit": "Alle.", "topic": "care"}
# Long enough not to occur by chance in packed pixels.
TELLTALE = (b"<script", b"Exif\0\0", b"<?php", b"http://ns.adobe.com", b"ICC_PROFILE", b"geheim")


def photo(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture with detail, as photographs have."""
    grey = Image.effect_noise((width // 16 + 1, height // 16 + 1), 90).resize((width, height), Image.Resampling.BICUBIC)
    bands = [grey, *(grey.transpose(Image.Transpose(turn)) for turn in (0, 1, 3))]
    return Image.merge(mode, bands[: len(mode)])


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes = b"", extra: bytes = b"", colour: int = 2) -> bytes:
    """A PNG by hand: `pixels` is compressed; `extra` stands between header and pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def zeros(width: int, height: int) -> bytes:
    """A PNG bomb: a few kilobytes that unfold to width × height black pixels."""
    packer = zlib.compressobj(9)
    line = b"\0" * (3 * width + 1)
    return png(width, height, b"".join(packer.compress(line) for _ in range(height)) + packer.flush())


def small_png(extra: bytes) -> bytes:
    return png(2, 2, zlib.compress(b"\0" * 14), extra)


def text_bombs() -> bytes:
    packed = zlib.compress(b"geheim" * 12_000_000, 9)
    return small_png(chunk(b"zTXt", b"Comment\0\0" + packed) + chunk(b"iTXt", b"XML\0\1\0\0\0" + packed))


def with_secrets() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "<script>alert(1)</script>"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 0.0), 3: "E", 4: (13.0, 44.0, 0.0)})
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0<script>geheim</script>"
    return encoded(photo(900, 600), "JPEG", exif=exif, comment=b"<?php geheim", icc_profile=b"ICC_PROFILE geheim" * 40)


def animation(frames: int, size: tuple[int, int]) -> bytes:
    """A GIF of many frames by hand: the first one as Pillow writes it, then minimal ones."""
    first = encoded(Image.new("P", size), "GIF")[:-1]
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return first + frame * frames + b"\x3b"


def scans() -> bytes:
    """A progressive JPEG whose last scan comes two thousand times more: each makes a decoder walk the picture again."""
    whole = encoded(photo(2000, 1500), "JPEG", progressive=True, quality=40)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * (8_000_000 // (len(whole) - last)) + b"\xff\xd9"


def zip_in_a_png() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("geheim.html", "<script>alert(1)</script>")
    return encoded(photo(300, 200), "PNG") + packed.getvalue()


def random_png(size: int) -> bytes:
    """Noise that no encoder can shrink: the most work a file of this length can make."""
    noise = random.Random(7).randbytes(size * size * 4)
    return encoded(Image.frombytes("RGBA", (size, size), noise), "PNG", compress_level=1)


UNREADABLE, TOO_LARGE, TOO_NARROW = "lässt sich nicht lesen", "Bild ist zu groß", "Bild ist zu schmal"
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "text": ("bank.jpg", lambda: b"Das ist kein Bild.", UNREADABLE),
    "half a jpeg": ("halb.jpg", lambda: encoded(photo(900, 600), "JPEG")[:9000], UNREADABLE),
    "half a png": ("halb.png", lambda: encoded(photo(900, 600), "PNG")[:9000], UNREADABLE),
    "30,000 x 30,000": ("riesig.png", lambda: png(30_000, 30_000, zlib.compress(b"\0" * 90_001)), TOO_LARGE),
    "zeros just over the limit": ("bombe.png", lambda: zeros(7_100, 7_050), TOO_LARGE),
    "texts that unfold": ("texte.png", text_bombs, UNREADABLE),
    "a huge canvas": (
        "leinwand.gif",
        lambda: b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0\x3b",
        UNREADABLE,
    ),
    "a large webp": ("gross.webp", lambda: encoded(Image.new("RGB", (4_000, 4_000)), "WEBP"), TOO_LARGE),
    "two thousand scans": ("scans.jpg", scans, UNREADABLE),
    "svg": ("bild.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UNREADABLE),
    "svg named png": ("bild.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', UNREADABLE),
    "a page that begins like a gif": ("seite.gif", lambda: b"GIF89a<script>alert(1)</script>", UNREADABLE),
    "a page that begins like a jpeg": ("seite.jpg", lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>", UNREADABLE),
    "1 x 20,000": ("faden.png", lambda: encoded(Image.new("RGB", (1, 20_000)), "PNG"), TOO_NARROW),
    "nothing": ("leer.png", lambda: b"\x89PNG\r\n\x1a\n", UNREADABLE),
}
TAKEN: dict[str, tuple[Callable[[], bytes], tuple[int, int]]] = {
    "zeros just under the limit": (lambda: zeros(7_050, 7_050), (1_600, 1_600)),
    "50 million pixels": (lambda: encoded(photo(8_100, 6_100), "JPEG", quality=70), (1_600, 1_205)),
    "50 million in several passes": (
        lambda: encoded(photo(8_100, 6_100), "JPEG", quality=70, progressive=True),
        (1_600, 1_205),
    ),
    "secrets, lying on its side": (with_secrets, (600, 900)),
    "a page behind a jpeg": (lambda: encoded(photo(400, 300), "JPEG") + b"<script>geheim</script>", (400, 300)),
    "an archive behind a png": (zip_in_a_png, (300, 200)),
    "10,000 frames": (lambda: animation(10_000, (400, 300)), (400, 300)),
    "an animated webp": (
        lambda: encoded(photo(300, 200), "WEBP", save_all=True, append_images=[photo(300, 200)] * 40),
        (300, 200),
    ),
    "four inks": (lambda: encoded(photo(500, 400, "CMYK"), "JPEG"), (500, 400)),
    "16 bits": (
        lambda: encoded(Image.linear_gradient("L").convert("I").point(lambda v: v * 257).convert("I;16"), "PNG"),
        (256, 256),
    ),
    "palette with transparency": (lambda: encoded(Image.new("P", (300, 200)), "PNG", transparency=0), (300, 200)),
    "1 x 1": (lambda: encoded(Image.new("RGB", (1, 1)), "PNG"), (1, 1)),
    "noise": (lambda: random_png(1_700), (1_600, 1_600)),
}


@dataclass
class Door:
    """The running platform, and somebody who may upload."""

    server: LiveServer
    visitor: Visitor

    def send(self, name: str, content: bytes) -> tuple[int, str, float]:
        """Submit an idea with this picture: status, page or address, and seconds.

        Where other programs keep the machine busy, the seconds of work count, not those of waiting for a processor.
        """
        fields = WORDS | {"title": f"Bild {uuid4()}", "csrf_token": self.visitor.token}
        body, kind = multipart(fields, name, content)
        headers = {"Cookie": f"session={self.visitor.cookie}", "Content-Type": kind}
        started, worked = time.monotonic(), self.worked
        status, answer_headers, page = self.ask("POST", "/ideas", body, headers)
        seconds = min(time.monotonic() - started, self.worked - worked)
        return status, answer_headers.get("Location", "") or page.decode(), seconds

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, Message, bytes]:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    @property
    def worked(self) -> float:
        """Processor seconds the platform has used so far (proc(5): fields 14 and 15 of stat)."""
        times = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in self.server.pids]
        return sum(int(ticks) for pair in times for ticks in pair) / os.sysconf("SC_CLK_TCK")

    @property
    def megabytes(self) -> int:
        """The most any process of the platform ever held, in MiB."""
        peaks = [Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0] for pid in self.server.pids]
        return max(int(peak) for peak in peaks) // 1024


@pytest.fixture
def door(server: LiveServer) -> Iterator[Door]:
    with backstage(server) as app:
        yield Door(server, invite(app, 1)[0])


def test_what_is_no_sound_picture_is_refused_with_a_reason(door: Door, record_property: Callable[..., None]) -> None:
    slowest = ("", 0.0)
    for case, (name, make, reason) in REFUSED.items():
        status, page, seconds = door.send(name, make())
        tree = html.fromstring(page)
        assert status == 422, case
        assert reason in tree.xpath("string(//*[@id='picture-fehler'])"), case
        assert WORDS["problem"] in tree.xpath("string(//textarea[@name='problem'])"), f"{case}: the text stays"
        assert seconds < SECONDS, case
        slowest = max(slowest, (case, seconds), key=lambda pair: pair[1])
    assert door.megabytes < MEGABYTES
    record_property(
        "figures", f"{len(REFUSED)} refused, slowest {slowest[1]:.2f} s ({slowest[0]}), {door.megabytes} MiB"
    )


def test_what_can_be_shown_comes_out_clean(door: Door, record_property: Callable[..., None]) -> None:
    slowest = ("", 0.0)
    for case, (make, size) in TAKEN.items():
        status, address, seconds = door.send("<script>.jpg", make())
        assert status == 303, f"{case}: {address[:2000]}"
        assert seconds < SECONDS, f"{case}: {seconds:.1f} s"
        slowest = max(slowest, (case, seconds), key=lambda pair: pair[1])
        looks_clean(door, address, size, case)
    assert door.megabytes < MEGABYTES
    record_property("figures", f"{len(TAKEN)} taken, slowest {slowest[1]:.2f} s ({slowest[0]}), {door.megabytes} MiB")


def test_many_large_uploads_at_once_stay_within_memory(door: Door, record_property: Callable[..., None]) -> None:
    """Eight threads with pictures of fifty megapixels: one is worked on at a time, who waits too long is told."""
    transparent = Image.new("RGBA", (7_050, 7_050), (200, 120, 40, 90))
    contents = [
        encoded(transparent, "PNG", compress_level=1),
        encoded(photo(8_100, 6_100), "JPEG", quality=80, progressive=True),
        zeros(7_050, 7_050),
        encoded(photo(5_900, 5_900), "JPEG", quality=60, progressive=True, subsampling=0),
    ]
    started = time.monotonic()
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda content: door.send("gross.jpg", content), contents * 2))
    refused = [page for status, page, _seconds in answers if status != 303]
    assert all("Gerade werden viele Bilder hochgeladen" in page for page in refused), refused
    assert len(refused) <= 4
    assert door.megabytes < MEGABYTES
    seconds = time.monotonic() - started
    record_property("figures", f"8 of 35 to 50 megapixels at once: {seconds:.1f} s, {door.megabytes} MiB")


def looks_clean(door: Door, address: str, size: tuple[int, int], case: str) -> None:
    """Every file of the idea's picture is small, upright, of its type, and tells nothing but pixels."""
    with backstage(door.server) as app, app.app_context(), unit_of_work(writes=False):
        number = int(address.rpartition("/")[2].partition("-")[0])
        picture = db.session.scalars(select(Picture).where(Picture.subject_id == number)).one()
        assert db.session.get_one(Idea, number).pictures == [picture]
        shape, formats, widths, ident = (picture.width, picture.height), picture.formats, picture.widths, picture.id
        assert all(storage.path_of(key).exists() for key in picture.keys), case
    assert shape == size, case
    for kind in formats:
        for width in widths:
            status, headers, content = door.ask("GET", f"/pictures/{ident}/{width}.{kind}")
            assert (status, headers["Content-Type"]) == (200, f"image/{kind}"), case
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert not [word for word in TELLTALE if word in content], case
            shown = Image.open(io.BytesIO(content))
            assert shown.width == width, case
            assert not shown.getexif(), case
            assert not {"exif", "xmp", "icc_profile", "comment"} & {key for key, value in shown.info.items() if value}
            assert not getattr(shown, "is_animated", False), case


def multipart(fields: dict[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
    return "".join(
        [*parts, head]
    ).encode() + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
