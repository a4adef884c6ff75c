"""Any brand colour: what is derived from it can be read, and seen."""

import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kit.colours import Colour, contrast, of_oklch, parse
from app.kit.palette import CONTROL, TEXT, Palette, Theme, brand_sheet, palette, preview_sheet
from tests.house.source import ROOT

pytestmark = pytest.mark.on("sqlite")
DEFAULT = "#facf38"
KNOWN = ["#ffffff", "#000000", "#767676", "#777777", "#808080", "#959595", "#ffff00", "#ffcc00", "#003399", "#ff0000"]
KNOWN += ["#00ff00", "#0000ff", "#00ffff", "#ff00ff", "#e6007e", "#0a7d3c", "#7a7a00", "#1c1c2e", "#fbfaf5", DEFAULT]
PAIRS = [("on-brand", "brand"), ("on-action", "action"), ("on-action", "action-hover"), ("on-wall", "wall")]
COLOURS = st.builds(Colour, *(st.integers(0, 255) for _ in range(3)))


def made(app: Flask, text: str) -> Palette:
    colour = parse(text)
    assert colour
    with app.app_context():
        return palette(colour)


def check(theme: Theme) -> None:
    """What the house promises of every theme."""
    own, ground = theme.tokens, theme.ground
    for text, on in [
        ("on-brand", "brand"),
        ("on-action", "action"),
        ("on-action", "action-hover"),
        ("on-wall", "wall"),
        ("on-wall-action", "wall-action"),
        ("on-wall-action", "wall-action-hover"),
    ]:
        assert contrast(own[text], own[on]) >= TEXT, (text, on)
    for ink in (ground.ink, ground.soft):
        assert contrast(ink, own["brand-tint"]) >= TEXT
    for place in ground.grounds:
        assert contrast(own["brand-deep"], place) >= CONTROL
        assert contrast(own["action"], place) >= CONTROL
        assert contrast(own["action-hover"], place) >= CONTROL
        edge = max(contrast(own["brand"], place), contrast(own["on-brand"], place))
        assert edge >= CONTROL, "a pressed button stands out by its ground or by its border"
    assert contrast(own["wall-action"], own["wall"]) >= CONTROL
    assert own["action"] != own["action-hover"]
    assert theme.focus_contrast >= CONTROL
    assert theme.text_contrast >= TEXT <= theme.action_contrast
    assert theme.mark_contrast >= CONTROL


@pytest.mark.parametrize("text", KNOWN)
def test_what_is_made_of_known_colours_is_read_and_seen(app: Flask, text: str) -> None:
    own = made(app, text)
    check(own.light)
    check(own.dark)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(COLOURS)
def test_what_is_made_of_any_colour_is_read_and_seen(app: Flask, colour: Colour) -> None:
    own = made(app, colour.hex)
    check(own.light)
    check(own.dark)


def test_a_colour_that_can_stay_stays(app: Flask) -> None:
    assert made(app, "#ffcc00").light.tokens["brand"].hex == "#ffcc00"
    assert made(app, "#003399").light.tokens["brand"].hex == "#003399"
    assert made(app, "#003399").light.tokens["action"].hex == "#003399", "it stands out: the main button takes it"
    assert made(app, "#ffcc00").light.tokens["action"] == made(app, "#ffcc00").light.ground.ink


def test_a_colour_that_cannot_stay_moves_no_further_than_it_must(app: Flask) -> None:
    grey = made(app, "#808080").light
    assert grey.tokens["brand"].hex != "#808080"
    assert TEXT <= grey.text_contrast < TEXT + 0.2
    _lightness, chroma, _hue = grey.tokens["brand"].oklch
    assert chroma < 0.002, "a grey stays a grey"


def test_the_style_sheet_of_the_house_keeps_the_same_promises() -> None:
    """Without a colour of the operator's no sheet is sent: then the tokens of foundation.css are what people see."""
    text = (ROOT / "static" / "css" / "foundation.css").read_text()
    blocks = re.findall(r":root \{(.*?)\n {2,4}\}", text, re.DOTALL)
    light = dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", blocks[0]))
    for tokens in (light, light | dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", blocks[1]))):
        one = {name: resolved(tokens, name) for name in tokens}
        for pair in PAIRS:
            assert contrast(*(known(one, name) for name in pair)) >= TEXT, pair
        for place in ("paper", "surface", "sunken"):
            assert contrast(known(one, "brand-deep"), known(one, place)) >= CONTROL
            assert contrast(known(one, "action"), known(one, place)) >= CONTROL
        for ink in ("ink", "ink-soft"):
            assert contrast(known(one, ink), known(one, "brand-tint")) >= TEXT


def resolved(tokens: dict[str, str], name: str) -> Colour | None:
    value = tokens[name]
    while found := re.fullmatch(r"var\(--([a-z-]+)\)", value):
        value = tokens[found[1]]
    return parse(value)


def known(colours: dict[str, Colour | None], name: str) -> Colour:
    colour = colours[name]
    assert colour is not None, name
    return colour


def test_the_sheets_declare_tokens_and_nothing_else(app: Flask) -> None:
    with app.app_context():
        brand, preview = brand_sheet(Colour(0, 51, 153)), preview_sheet(Colour(0, 51, 153))
    assert brand.count(":root") == 2
    assert "--brand: #003399;" in brand
    assert set(re.findall(r"[{;] ([a-z-]+):", brand)) <= set(re.findall(r"--[a-z-]+", brand))
    assert ".as-light { --paper: oklch(0.984 0.007 95);" in preview
    assert ".as-dark { --paper: oklch(0.2 0.022 285);" in preview
    assert preview.count("{") == preview.count("}")


@settings(max_examples=100)
@given(COLOURS)
def test_a_colour_survives_the_way_through_oklch(colour: Colour) -> None:
    there = of_oklch(*colour.oklch)
    assert max(abs(one - other) for one, other in zip(vars_of(colour), vars_of(there), strict=True)) <= 1


def vars_of(colour: Colour) -> tuple[int, int, int]:
    return colour.red, colour.green, colour.blue


@pytest.mark.parametrize(
    ("text", "hex_"),
    [("#FC0", "#ffcc00"), ("ffcc00", "#ffcc00"), (" #FFCC00 ", "#ffcc00"), ("oklch(1 0 0)", "#ffffff")],
)
def test_colours_are_read_as_people_write_them(text: str, hex_: str) -> None:
    colour = parse(text)
    assert colour
    assert colour.hex == hex_


@pytest.mark.parametrize("text", ["", "#", "#ff", "#ffcc0", "#ggg", "red", "rgb(1,2,3)", "#ffcc00;}", "#ffcc00\n}"])
def test_anything_else_is_no_colour(text: str) -> None:
    assert parse(text) is None


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(Colour(0, 0, 0), Colour(255, 255, 255)) == pytest.approx(21)
    assert contrast(Colour(118, 118, 118), Colour(255, 255, 255)) == pytest.approx(4.54, abs=0.01)
