"""The style guide shows every component there is."""

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import nodes

from app.ideas.activities import STATUS_LOOK
from app.kit.covers import HUES
from tests.client import Client
from tests.house.source import TEMPLATES

pytestmark = pytest.mark.on("sqlite")
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
Macro = tuple[str, str]


def test_every_macro_is_shown(app: Flask) -> None:
    """Called by the style guide, or by a component that is."""
    bodies: dict[Macro, nodes.Macro] = {}
    known: dict[str, dict[str, Macro]] = {}
    for path in COMPONENTS:
        tree = app.jinja_env.parse(path.read_text())
        own = {macro.name: (path.name, macro.name) for macro in tree.find_all(nodes.Macro)}
        bodies |= {own[macro.name]: macro for macro in tree.find_all(nodes.Macro)}
        known[path.name] = imported(tree) | own
    shown: set[Macro] = set()
    waiting = [
        macro
        for path in (TEMPLATES / "demo").glob("*.html")
        for tree in [app.jinja_env.parse(path.read_text())]
        for macro in called(tree, imported(tree))
    ]
    while waiting:
        macro = waiting.pop()
        if macro not in shown:
            shown.add(macro)
            waiting += called(bodies[macro], known[macro[0]])
    assert sorted(set(bodies) - shown) == []


def test_it_shows_every_state_and_every_motif_in_every_hue(client: Client) -> None:
    page = client.page("/styleguide")
    for _colour, _icon, word in STATUS_LOOK.values():
        assert str(word) in page.text
    for word in ("Wartet auf Freigabe", "Ausgeblendet", "Zurückgezogen", "Gelöscht", "Crowdfunding läuft"):
        assert word in page.text
    assert len(page.select(".cover-cell")) == 6 * len(HUES)
    assert {cell.get("title").split()[0] for cell in page.select(".cover-cell")} == {
        "arcade", "hills", "leaves", "quilt", "ripples", "thread",
    }  # fmt: skip
    assert page.select(".support[aria-pressed=true]")
    assert page.select(".support-closed")
    assert page.select("#fehler")
    assert len(page.select("form .field-error")) >= 5


def test_production_has_none(make_app: Callable[..., Flask]) -> None:
    production = {"SECRET_KEY": "x" * 40, "SMTP_HOST": "localhost", "MAIL_FROM": "a@example.org"}
    app = make_app(ENVIRONMENT="production", BASE_URL="https://localhost", **production)
    assert app.test_client().get("/styleguide", base_url="https://localhost").status_code == 404
    assert app.test_client().get("/", base_url="https://localhost").status_code == 200


def imported(tree: nodes.Template) -> dict[str, Macro]:
    """The names a template imports, and the macros they stand for."""
    names: dict[str, Macro] = {}
    for node in tree.find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        file = node.template.value.rpartition("/")[2]
        for name in node.names:
            theirs, ours = name if isinstance(name, tuple) else (name, name)
            names[ours] = (file, theirs)
    return names


def called(tree: nodes.Node, names: dict[str, Macro]) -> list[Macro]:
    """The macros called anywhere below a node."""
    return [
        names[call.node.name]
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in names
    ]
