"""Icons of the site for home screens: a letter or a logo on a square, as PNG."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.kit.colours import Colour

if TYPE_CHECKING:
    from PIL import Image

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
WEIGHT = 800
# https://www.w3.org/TR/appmanifest/#icon-masks: what matters lies within a circle of 40 % of the icon's width.
SAFE = 0.56


def letter_icon(letter: str, size: int, *, ground: Colour, ink: Colour, fills: bool) -> bytes:
    """A letter on a square with round corners; `fills`: on all of it, for systems that cut a shape out."""
    from PIL import ImageDraw, ImageFont  # noqa: PLC0415 (a heavy library, loaded on first use)

    image = _square(size, ground, fills=fills)
    font = ImageFont.truetype(str(FONT), round(size * (0.46 if fills else 0.62)))
    font.set_variation_by_axes([WEIGHT])
    ImageDraw.Draw(image).text((size / 2, size / 2), letter, font=font, fill=ink.hex, anchor="mm")
    return _saved(image)


def logo_icon(logo: bytes, size: int, *, ground: Colour, fills: bool) -> bytes:
    """A logo in the middle of a square."""
    from PIL import Image  # noqa: PLC0415

    image = _square(size, ground, fills=fills)
    with Image.open(io.BytesIO(logo)) as source:
        most = round(size * (SAFE if fills else 0.84))
        scale = most / max(source.size)
        fitting = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
        small = source.convert("RGBA").resize(fitting)
    image.paste(small, ((size - small.width) // 2, (size - small.height) // 2), small)
    return _saved(image)


def _square(size: int, ground: Colour, *, fills: bool) -> "Image.Image":
    from PIL import Image, ImageDraw  # noqa: PLC0415

    if fills:
        return Image.new("RGBA", (size, size), ground.hex)
    large = Image.new("RGBA", (4 * size, 4 * size))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, 4 * size - 1, 4 * size - 1), radius=size * 0.88, fill=ground.hex)
    return large.resize((size, size), reducing_gap=2.0)


def _saved(image: "Image.Image") -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
