"""Colours: reading and writing them, how light they are, and how well one stands out on another.

oklch after Björn Ottosson (https://bottosson.github.io/posts/oklab/); contrast after WCAG 2.2, "contrast ratio".
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")
STEPS = 250

Linear = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour a screen can show, in eight bits for each of red, green and blue."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, from 0 (black) to 1 (white)."""
        red, green, blue = (_linear(part / 255) for part in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def oklch(self) -> tuple[float, float, float]:
        """Lightness from 0 to 1, chroma, hue in degrees."""
        red, green, blue = (_linear(part / 255) for part in (self.red, self.green, self.blue))
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
        return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def parse(text: str) -> Colour | None:
    """The colour of `#ffcc00`, `#fc0` (the sign may be missing) or `oklch(0.98 0.007 95)`; None for anything else."""
    if found := HEX.fullmatch(text.strip()):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return Colour(*(int(digits[place : place + 2], 16) for place in (0, 2, 4)))
    if found := OKLCH.fullmatch(text.strip()):
        return of_oklch(*(float(part) for part in found.groups()))
    return None


def of_oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """The colour a screen can show that has this lightness and hue, and as much of this chroma as there is."""
    least, most = 0.0, chroma
    if _is_shown(_from_oklch(lightness, chroma, hue)):
        least = chroma
    else:
        for _ in range(14):
            half = (least + most) / 2
            least, most = (half, most) if _is_shown(_from_oklch(lightness, half, hue)) else (least, half)
    return Colour(*(round(255 * _encoded(part)) for part in _from_oklch(lightness, least, hue)))


def contrast(one: Colour, other: Colour) -> float:
    """From 1 (alike) to 21 (black on white)."""
    dark, light = sorted((one.luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)


def nearest(start: Colour, fits: Callable[[Colour], bool], *, otherwise: Colour) -> Colour:
    """`start` if it fits, else the colour of its hue that fits and is as little lighter or darker as possible."""
    if fits(start):
        return start
    lightness, chroma, hue = start.oklch
    for step in range(1, STEPS + 1):
        for other in (lightness + step / STEPS, lightness - step / STEPS):
            if 0 <= other <= 1 and fits(found := of_oklch(other, chroma, hue)):
                return found
    return otherwise


def _from_oklch(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(parts: Linear) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
