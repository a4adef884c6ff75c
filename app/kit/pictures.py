"""Picture intake: every upload is decoded within limits, turned upright, stripped and encoded anew.

What a decoder needs at its peak is known before it starts, from the header alone: what would need more than
`MAX_BYTES` is refused. One picture is worked on at a time in each process, and it is made small strip by strip,
so that a web worker stays small however many people upload at once.
"""

import ctypes
import io
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.kit.errors import Invalid
from app.kit.i18n import gettext as _

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 50_000_000
MAX_BYTES = 220_000_000
MAX_STRETCH = 10
MAX_SCANS = 100
PATIENCE_SECONDS = 30
WIDTHS, HEIGHT = (480, 960, 1600), 2400
STRIP = 256
WEBP_QUALITY, AVIF_QUALITY, AVIF_SPEED = 78, 60, 9
# At the peak of decoding, per pixel: Pillow keeps colours in four bytes; its WebP decoder holds the picture four times.
BYTES_PER_PIXEL = {"PNG": 4, "GIF": 4, "WEBP": 16}
# EXIF 2.32, tag Orientation: how to turn a picture upright; five to eight are lying (Image.Transpose by number).
ORIENTATION, LYING = 0x0112, (5, 6, 7, 8)
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_one_at_a_time = threading.Lock()
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made safe: files by format ("webp", "avif") and width in pixels, and the size of the largest."""

    width: int
    height: int
    files: dict[str, dict[int, bytes]]

    @property
    def widths(self) -> list[int]:
        return sorted(self.files["webp"])


def take_in(content: bytes) -> Picture:
    """Decode an upload and encode it anew in up to three widths.

    Raises:
        Invalid: not a picture of a kind we take, damaged, with too many pixels, or far longer than wide.
    """
    with _turn(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _encode(_decode(content))
        except Invalid:
            raise
        except Exception as error:  # decoders raise whatever a broken file makes them raise
            raise _refusal_of(error) from error


@contextmanager
def _turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise Invalid(_("Gerade werden viele Bilder hochgeladen. Bitte versuchen Sie es gleich noch einmal."))
    try:
        yield
    finally:
        _give_back()
        _one_at_a_time.release()


def _give_back() -> None:
    """Return freed memory to the system (glibc): else each thread's heap keeps what its largest picture needed."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:
        trim(0)


def _refusal_of(error: Exception) -> Invalid:
    if type(error).__name__ == "DecompressionBombError":
        return _too_large(MAX_PIXELS)
    return Invalid(_("Das Bild lässt sich nicht lesen. Bitte wählen Sie ein JPEG, PNG, WebP oder GIF."))


def _decode(content: bytes) -> "Image.Image":
    """The first frame, upright, in RGB or RGBA, less than twice as large as the largest file will be."""
    from PIL import Image  # noqa: PLC0415 (a heavy library, loaded on first use)

    with Image.open(io.BytesIO(content), formats=FORMATS) as source:
        _check_size(source, content)
        orientation = source.getexif().get(ORIENTATION, 1)
        most_across, most_down = (HEIGHT, WIDTHS[-1]) if orientation in LYING else (WIDTHS[-1], HEIGHT)
        shrink = max(1, source.width / most_across, source.height / most_down)
        source.draft("RGB", (int(source.width / shrink), int(source.height / shrink)))
        source.load()
        small = _reduced(source, max(1, int(max(source.width / most_across, source.height / most_down))))
    if small.mode == "RGBA" and small.getchannel("A").getextrema() == (255, 255):
        small = small.convert("RGB")  # an alpha channel that says nothing
    return small.transpose(Image.Transpose(TURNS[orientation])) if orientation in TURNS else small


def _check_size(source: Any, content: bytes) -> None:
    width, height = source.size
    most = min(MAX_PIXELS, MAX_BYTES // _bytes_per_pixel(source))
    if width * height > most:
        raise _too_large(most)
    if max(width, height) > MAX_STRETCH * min(width, height):
        raise Invalid(_("Das Bild ist zu schmal. Die lange Seite darf höchstens zehnmal so lang sein wie die kurze."))
    if source.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > MAX_SCANS:
        raise Invalid(_("Das Bild lässt sich nicht lesen. Bitte wählen Sie ein JPEG, PNG, WebP oder GIF."))


def _bytes_per_pixel(source: Any) -> int:
    """What decoding needs; a JPEG in several scans keeps two bytes for each sample of each component."""
    if source.format not in ("JPEG", "MPO"):
        return BYTES_PER_PIXEL[source.format]
    factors = [(across, down) for _id, across, down, _table in source.layer]
    widest = max(across for across, _down in factors) * max(down for _across, down in factors)
    return int(-(-2 * sum(across * down for across, down in factors) // widest))


def _too_large(pixels: int) -> Invalid:
    words = _("Das Bild ist zu groß. Bitte verkleinern Sie es auf höchstens %(number)s Millionen Bildpunkte.")
    return Invalid(words % {"number": pixels // 1_000_000})


def _reduced(source: "Image.Image", factor: int) -> "Image.Image":
    """A copy in RGB or RGBA, a whole `factor` smaller.

    Strip by strip: Pillow would copy a whole picture with transparency twice to scale it.
    """
    from PIL import Image  # noqa: PLC0415

    mode = "RGBA" if source.mode in ("RGBA", "LA", "PA") or "transparency" in source.info else "RGB"
    small = Image.new(mode, (-(-source.width // factor), -(-source.height // factor)))
    for top in range(0, source.height, STRIP * factor):
        strip = source.crop((0, top, source.width, min(top + STRIP * factor, source.height)))
        small.paste(_plain(strip, mode).reduce(factor), (0, top // factor))
    return small


def _plain(strip: "Image.Image", mode: str) -> "Image.Image":
    """The strip in 8 bits a sample; of 16-bit greys the upper half counts."""
    if strip.mode.startswith("I"):
        strip = strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return strip.convert(mode)


def _encode(image: "Image.Image") -> Picture:
    """Files in WebP; and in AVIF, if this Pillow can and it saves something. With transparency AVIF takes too long."""
    from PIL import features  # noqa: PLC0415

    widest = max(1, min(image.width, WIDTHS[-1], image.width * HEIGHT // image.height))
    widths = [*(width for width in WIDTHS if width < widest), widest]
    sizes = {width: (width, max(1, round(image.height * width / image.width))) for width in widths}
    # Fresh images without `info`: no EXIF, no comments, no profiles travel along.
    scaled = {width: image.resize(size, reducing_gap=2.0) for width, size in sizes.items()}
    files = {"webp": {width: _saved(picture, "WEBP", quality=WEBP_QUALITY) for width, picture in scaled.items()}}
    if features.check("avif") and image.mode == "RGB":
        options = {"quality": AVIF_QUALITY, "speed": AVIF_SPEED, "max_threads": 1}
        smaller = {width: _saved(picture, "AVIF", **options) for width, picture in scaled.items()}
        if sum(map(len, smaller.values())) < sum(map(len, files["webp"].values())):
            files["avif"] = smaller
    return Picture(*sizes[widths[-1]], files)


def _saved(image: "Image.Image", kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, exif=b"", icc_profile=b"", **options)
    return out.getvalue()
