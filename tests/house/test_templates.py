"""Templates name only what exists, say what they need and stay small."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from app.kit import access
from tests.house.source import ROOT, TEMPLATES

PAGES = sorted(TEMPLATES.rglob("*.html"))
BUILDING_BLOCKS = {"layouts", "components", "emails"}
FRAGMENTS = [path for path in PAGES if path.name.startswith("_") and path.parent.name not in BUILDING_BLOCKS]


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def calls_of(app: Flask, function: str) -> Iterator[tuple[str, str]]:
    """Every first argument that is written out in `function('…')`, with its template."""
    for path in sorted(TEMPLATES.rglob("*.*")):
        tree = app.jinja_env.parse(path.read_text())
        for call in tree.find_all(nodes.Call):
            named = isinstance(call.node, nodes.Name) and call.node.name == function and call.args
            if named and isinstance(call.args[0], nodes.Const):
                yield name_of(path), str(call.args[0].value)


@pytest.mark.on("sqlite")
def test_every_template_compiles_and_what_it_includes_exists(app: Flask) -> None:
    kinds = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)
    for path in sorted(TEMPLATES.rglob("*.*")):
        app.jinja_env.get_template(name_of(path))
        for node in app.jinja_env.parse(path.read_text()).find_all(kinds):
            if isinstance(node.template, nodes.Const):
                app.jinja_env.get_template(node.template.value)


@pytest.mark.on("sqlite")
def test_every_address_asked_for_exists(app: Flask) -> None:
    unknown = [found for found in calls_of(app, "url_for") if found[1] not in app.view_functions]
    assert unknown == []


@pytest.mark.on("sqlite")
def test_every_rule_asked_for_exists(app: Flask) -> None:
    assert [found for found in calls_of(app, "can") if found[1] not in access._rules] == []


@pytest.mark.on("sqlite")
def test_every_icon_and_file_asked_for_exists(app: Flask) -> None:
    sprite = (ROOT / "static" / "icons" / "sprite.svg").read_text()
    icons = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    assert [found for found in calls_of(app, "icon") if found[1] not in icons] == []
    assert [found for found in calls_of(app, "asset") if not (ROOT / "static" / found[1]).is_file()] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_says_what_it_needs_and_stays_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= (60 if path.name.startswith("_") else 120)
    assert text.startswith("{#"), "it opens with a comment that names its inputs"
    if path.parent.name not in BUILDING_BLOCKS:
        assert text.startswith("{# inputs:")


@pytest.mark.parametrize("path", FRAGMENTS, ids=name_of)
def test_a_fragment_can_be_swapped_by_its_id(path: Path) -> None:
    """Its outermost element carries an id; one drawn by a macro says so: `Root: #support-<id>`."""
    text = path.read_text()
    first = re.match(r"<[^>]*>", re.sub(r"{#.*?#}|{%.*?%}", "", text, flags=re.DOTALL).strip())
    assert "Root: #" in text.split("#}")[0] or (first and re.search(r"\bid=", first.group())), text[:200]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_holds_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    if "emails" in path.parts:
        return
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|hx-on|javascript:", text)


def test_nothing_marks_what_people_typed_as_safe() -> None:
    """Only `|markdown` and our own macros make Markup; `|safe` would open a door."""
    assert [name_of(path) for path in PAGES if re.search(r"\|\s*safe\b|autoescape", path.read_text())] == []
