"""The operator's colour in the house: everything derived from it, with the contrast computed, never assumed.

The grounds and inks are those of `static/css/foundation.css`, which is read, so that the two cannot drift apart. Text
reaches 7:1 (WCAG 2.2, 1.4.6), what marks a control or a place 3:1 (1.4.11). Where a colour cannot, the nearest one of
its hue that can takes its place.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.kit.colours import Colour, contrast, nearest, of_oklch, parse

TEXT, CONTROL = 7.0, 3.0
SHIPPED = "#facf38"
SNOW, WHITE = Colour(255, 254, 249), Colour(255, 255, 255)
BLOCK = re.compile(r":root \{(.*?)\n {2,4}\}", re.DOTALL)
TOKEN = re.compile(r"(--[a-z0-9-]+): ([^;]+);")

Tokens = dict[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a theme lays a colour on, and the inks written on it."""

    grounds: tuple[Colour, ...]
    ink: Colour
    soft: Colour
    dark_ink: Colour
    """The ink of the light theme: what is written on a light colour in either theme."""

    def carries(self, colour: Colour) -> bool:
        """Whether a control or mark of this colour stands out everywhere."""
        return all(contrast(colour, ground) >= CONTROL for ground in self.grounds)

    def is_read_on(self, tint: Colour) -> bool:
        """Whether both inks can be read on this tint."""
        return min(contrast(self.ink, tint), contrast(self.soft, tint)) >= TEXT

    def text_on(self, colour: Colour) -> Colour:
        """Dark or light, whichever is read better on this colour."""
        return max((self.dark_ink, SNOW), key=lambda text: contrast(text, colour))

    def is_written_on(self, colour: Colour) -> bool:
        """Whether text can be read on this colour."""
        return contrast(self.text_on(colour), colour) >= TEXT


@dataclass(frozen=True, slots=True)
class Theme:
    """The operator's colour in one theme: the tokens of the style sheet, by name."""

    tokens: dict[str, Colour]
    ground: Ground

    @property
    def text_contrast(self) -> float:
        """Of text on the brand colour."""
        return contrast(self.tokens["on-brand"], self.tokens["brand"])

    @property
    def action_contrast(self) -> float:
        """Of the words on the main button, at rest and under the pointer: the smaller one."""
        on = self.tokens["on-action"]
        return min(contrast(on, self.tokens["action"]), contrast(on, self.tokens["action-hover"]))

    @property
    def mark_contrast(self) -> float:
        """Of the line that says where one is, on the ground it stands out from least."""
        return min(contrast(self.tokens["brand-deep"], ground) for ground in self.ground.grounds)

    @property
    def focus_contrast(self) -> float:
        """Of the ring around what has the focus: on pages, and on the house in the brand colour."""
        on_page = min(contrast(self.ground.ink, ground) for ground in self.ground.grounds)
        return min(on_page, contrast(self.tokens["on-wall"], self.tokens["wall"]))


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand colour in light and dark."""

    colour: Colour
    light: Theme
    dark: Theme


def palette(colour: Colour) -> Palette:
    """Everything derived from a brand colour, on the grounds of our style sheet."""
    return _palette(colour, _foundation())


def brand_sheet(colour: Colour) -> str:
    """The style sheet that puts a brand colour into every page."""
    own = palette(colour)
    light, dark = _block(":root", _written(own.light)), _block(":root", _written(own.dark))
    return f"@layer tokens {{\n{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n}}\n"


def preview_sheet(colour: Colour) -> str:
    """The style sheet that shows a brand colour in `.as-light` and in `.as-dark`, whatever the reader's theme is."""
    own = palette(colour)
    light, dark = _themes(_foundation())
    blocks = _block(".as-light", light | _written(own.light) | {"color-scheme": "light"})
    blocks += _block(".as-dark", light | dark | _written(own.dark) | {"color-scheme": "dark"})
    return f"@layer tokens {{\n{blocks}}}\n"


def digest(sheet: str) -> str:
    """What a style sheet's address says of its content."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:10]


@lru_cache(maxsize=64)
def _palette(colour: Colour, foundation: str) -> Palette:
    light, dark = _themes(foundation)
    day = _ground(light, light)
    return Palette(colour, _by_day(colour, day), _in_the_evening(colour, _ground(light | dark, light), light | dark))


def _by_day(colour: Colour, ground: Ground) -> Theme:
    """On the light paper: the main button takes the brand colour if that stands out, else it is of ink."""
    brand = nearest(colour, ground.is_written_on, otherwise=WHITE)
    on_brand = ground.text_on(brand)
    is_action = ground.carries(brand)
    action, on_action = (brand, on_brand) if is_action else (ground.ink, SNOW)
    is_dark = on_brand == SNOW
    tokens = {"brand": brand, "on-brand": on_brand, "brand-deep": nearest(colour, ground.carries, otherwise=ground.ink)}
    tokens |= {"brand-tint": _tint(colour, ground, 0.957, 0.06), "action": action, "on-action": on_action}
    tokens |= {"action-hover": _hover(action, on_action, ground), "wall": brand, "on-wall": on_brand, "door": on_brand}
    tokens |= {"wall-action": SNOW if is_dark else ground.ink, "on-wall-action": brand if is_dark else SNOW}
    tokens["wall-action-hover"] = WHITE if is_dark else _hover(ground.ink, SNOW, ground)
    return Theme(tokens, ground)


def _in_the_evening(colour: Colour, ground: Ground, known: Tokens) -> Theme:
    """On the dark paper: as light as it must be to glow; the house itself keeps the colour of the evening."""

    def glows(one: Colour) -> bool:
        return ground.carries(one) and contrast(ground.dark_ink, one) >= TEXT

    brand, on_brand = nearest(colour, glows, otherwise=WHITE), ground.dark_ink
    hover = _hover(brand, on_brand, ground)
    tokens = {"brand": brand, "on-brand": on_brand, "brand-deep": nearest(colour, ground.carries, otherwise=brand)}
    tokens |= {"brand-tint": _tint(colour, ground, 0.32, 0.05), "action": brand, "on-action": on_brand}
    tokens |= {"action-hover": hover, "wall": _read(known, "wall"), "on-wall": ground.ink, "door": brand}
    tokens |= {"wall-action": brand, "on-wall-action": on_brand, "wall-action-hover": hover}
    return Theme(tokens, ground)


def _tint(colour: Colour, ground: Ground, lightness: float, most: float) -> Colour:
    _own, chroma, hue = colour.oklch
    return nearest(of_oklch(lightness, min(chroma * 0.37, most), hue), ground.is_read_on, otherwise=ground.grounds[0])


def _hover(colour: Colour, text: Colour, ground: Ground) -> Colour:
    """A shade one sees is another one, and on which the same text is read as well."""
    lightness, chroma, hue = colour.oklch

    def fits(one: Colour) -> bool:
        is_other = abs(one.oklch[0] - lightness) >= 0.045
        return is_other and contrast(text, one) >= TEXT and ground.carries(one)

    away = 0.1 if lightness < 0.5 else 0.055
    return nearest(of_oklch(min(1.0, lightness + away), chroma, hue), fits, otherwise=colour)


def _ground(tokens: Tokens, light: Tokens) -> Ground:
    grounds = tuple(_read(tokens, name) for name in ("paper", "surface", "sunken"))
    return Ground(grounds, _read(tokens, "ink"), _read(tokens, "ink-soft"), _read(light, "ink"))


def _read(tokens: Mapping[str, str], name: str) -> Colour:
    found = parse(tokens[f"--{name}"])
    assert found is not None, name
    return found


def _foundation() -> str:
    return _file(Path(current_app.static_folder or "") / "css" / "foundation.css")


@lru_cache(maxsize=2)
def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _themes(foundation: str) -> tuple[Tokens, Tokens]:
    """The tokens of the light theme, and those the dark one changes."""
    light, dark = BLOCK.findall(foundation)[:2]
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(dark))


def _written(theme: Theme) -> Tokens:
    return {f"--{name}": colour.hex for name, colour in theme.tokens.items()}


def _block(selector: str, tokens: Mapping[str, str]) -> str:
    return f"{selector} {{ {_declared(tokens.items())} }}\n"


def _declared(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}: {value};" for name, value in pairs)
