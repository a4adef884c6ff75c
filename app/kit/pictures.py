"""Picture intake: every upload is decoded under a pixel limit, turned upright, stripped and encoded anew."""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kit.errors import Invalid

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 50_000_000
WIDTHS = (480, 960, 1600)
QUALITY = 78


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made safe: WebP files by width in pixels, and the size of the largest."""

    width: int
    height: int
    files: dict[int, bytes]


def take_in(content: bytes) -> Picture:
    """Decode an upload and encode it anew in up to three widths.

    Raises:
        Invalid: not a picture of a kind we take, damaged, or with more than 50 million pixels.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 (a heavy library, loaded on first use)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as source:
                _check_size(source)
                source.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
                upright = ImageOps.exif_transpose(source)
                plain = upright.convert("RGBA" if _has_alpha(upright) else "RGB")
        except Invalid:
            raise
        except Exception as error:  # decoders raise whatever a broken file makes them raise
            raise Invalid(
                _("Das Bild lässt sich nicht lesen. Bitte wählen Sie ein JPEG, PNG, WebP oder GIF.")
            ) from error
    return _encode(plain)


def _check_size(source: Any) -> None:
    width, height = source.size
    if width * height > MAX_PIXELS:
        raise Invalid(_("Das Bild ist zu groß. Bitte verkleinern Sie es auf höchstens 50 Millionen Bildpunkte."))


def _has_alpha(image: "Image.Image") -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _encode(image: "Image.Image") -> Picture:
    widths = [width for width in WIDTHS if width < image.width] or [image.width]
    if widths[-1] < image.width < WIDTHS[-1]:
        widths.append(image.width)
    files: dict[int, bytes] = {}
    height = image.height
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        out = io.BytesIO()
        # A fresh image without `info`: no EXIF, no comments, no profiles travel along.
        image.resize((width, height), reducing_gap=2.0).save(out, "WEBP", quality=QUALITY, exif=b"", icc_profile=b"")
        files[width] = out.getvalue()
    return Picture(widths[-1], height, files)
