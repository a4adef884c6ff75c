"""The application's source, as the house's tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
TEMPLATES = ROOT / "templates"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(folder: Path = APP) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """The path as people say it: app/ideas/views.py."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: a law quoted there is no complexity."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every import under a node: its line and the full name of what it brings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call of a method: its line and what is called, like `db.session.add`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, ast.unparse(node.func)


def tracked_texts() -> list[Path]:
    """Files of the repository that are text and our own."""
    skipped = {".git", ".hypothesis", ".venv", "var", "vendor", "__pycache__", "node_modules"}
    endings = {
        ".py",
        ".html",
        ".txt",
        ".md",
        ".toml",
        ".lock",
        ".cfg",
        ".css",
        ".js",
        ".po",
        ".sh",
        ".yml",
        ".example",
        "",
    }
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and path.suffix in endings and not _is_hidden_or(skipped, path)
    ]


def _is_hidden_or(skipped: set[str], path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part in skipped or (part.startswith(".") and part.endswith("_cache")) for part in parts)
