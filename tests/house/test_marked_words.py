"""Whatever a person reads is marked for translation: no word stands bare in a template or a view."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.house.source import ROOT, TEMPLATES

PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name not in {"emails", "demo"}]
MARKS = {"_", "gettext", "ngettext", "message", "lazy_gettext", "lazy_ngettext", "N_", "_l", "say"}
TAGS = re.compile(r"<[^>]*>")
SHOWN = "aria-label|aria-description|title|placeholder|alt|label|data-text"
READ = re.compile(rf'\s(?:{SHOWN})="([^"]*[A-Za-zÄÖÜäöüß]{{2}}[^"]*)"')
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{2}")
GERMAN = re.compile(r"[äöüßÄÖÜ„“]|^[A-ZÄÖÜ][a-zäöüß]+ [a-zäöüßA-ZÄÖÜ]")
# For operators, who run commands and settings in the language of the region.
SAID_AS_IT_IS = {"app/config.py", "app/kit/mail.py", "app/kit/backup.py"}
# What other platforms call their columns and states; the lists of German words that the search knows.
DATA = {"app/imports/forms/columns.py", "app/kit/german.py", "app/kit/snippets.py", "app/kit/text.py"}
DATA |= {"app/kit/textquery.py", "app/places/queries.py"}
BELOW = {"demo", "seeding"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_word_of_a_template_stands_bare(path: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text())
    whole = "\0".join(part.data for part in tree.find_all(nodes.TemplateData))
    bare = [text.strip() for text in re.split("[\0\n]", TAGS.sub("\n", whole)) if WORD.search(text) and "=" not in text]
    bare += READ.findall(whole)
    assert [text for text in bare if not text.startswith("data-")] == []
    assert [text for text in texts_of(tree) if GERMAN.search(text)] == []


def texts_of(node: nodes.Node) -> Iterator[str]:
    """Every text in an expression that is not given to a function of translation."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in MARKS:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            yield child.value
        yield from texts_of(child)


def test_no_german_of_a_program_stands_bare() -> None:
    found = [
        f"{name_of(path)}:{line}: {text!r}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if not BELOW & set(path.parts) and path.name != "cli.py" and name_of(path) not in SAID_AS_IT_IS | DATA
        for line, text in bare_texts(ast.parse(path.read_text()))
        if len(text) > 2 and GERMAN.search(text)
    ]
    assert found == []


def bare_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that are neither docstrings nor given to a function of translation."""
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            marked.add(id(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS:
            marked |= {id(inner) for given in node.args for inner in ast.walk(given)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in marked:
            yield node.lineno, node.value
