"""The same rooms in every package, and in each room only what belongs there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import APP, calls, functions, imported, lines_of, modules, name_of, parsed

ROOMS = {
    "__init__", "models", "activities", "queries", "policy", "commands", "forms", "views", "listeners", "jobs", "cli",
}  # fmt: skip
FREE = {"kit", "subjects"}
"""Packages whose rooms are named after the mechanism they hold."""

WEB = ("flask.", "flask_login.", "flask_wtf.", "flask_htmx.", "werkzeug.")
REQUEST = ("flask.request", "flask.session", "flask.g", "flask.flash", "flask_login.current_user", "flask.current_app")
NEVER_IMPORTED = {
    "models": (*WEB, "flask_mailman.", "app.kit.mail", "app.kit.web"),
    "activities": (".models.",),
    "queries": (*WEB,),
    "policy": (*WEB, "sqlalchemy.", "app.kit.db"),
    "commands": (*REQUEST, "flask.render_template"),
    "views": ("sqlalchemy.", "app.kit.db.db"),
    "jobs": (*WEB, "sqlalchemy.", "app.kit.db.db"),
}
WRITING = ("session.add", "session.add_all", "session.delete", "session.merge", "session.flush", "populate_obj")
READING = ("session.execute", "session.scalar", "session.scalars", "session.get", "session.query")
NEVER_CALLED = {
    "models": (*WRITING, *READING),
    "queries": WRITING,
    "policy": (*WRITING, *READING),
    "forms": WRITING,
    "views": (*WRITING, *READING),
    "jobs": (*WRITING, *READING),
}


def packages() -> list[Path]:
    return [path for path in sorted(APP.iterdir()) if path.is_dir() and list(path.glob("*.py"))]


def rooms_of(package: Path) -> Iterator[tuple[str, Path]]:
    """Each module of a package with the name of its room; a folder is a room of its own name."""
    for path in modules(package):
        parts = path.relative_to(package).parts
        yield (parts[0] if len(parts) > 1 else path.stem), path


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_a_package_has_only_rooms_with_known_names(package: Path) -> None:
    if package.name not in FREE:
        assert {room for room, _ in rooms_of(package)} <= ROOMS


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_a_package_begins_by_saying_what_it_is(package: Path) -> None:
    tree = parsed(package / "__init__.py")
    assert isinstance(tree.body[0].value.value, str), "a docstring with the package's words"
    assert list(imported(tree)) == []


@pytest.mark.parametrize("room", NEVER_IMPORTED)
def test_a_room_does_not_import_what_belongs_elsewhere(room: str) -> None:
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in in_room(room)
        for line, name in imported(parsed(path))
        if any(_is_within(name, forbidden) for forbidden in NEVER_IMPORTED[room])
    ]
    assert found == []


@pytest.mark.parametrize("room", NEVER_CALLED)
def test_a_room_does_not_do_what_belongs_elsewhere(room: str) -> None:
    found = [
        f"{name_of(path)}:{line} {called}()"
        for path in in_room(room)
        for line, called in calls(path)
        if called.endswith(NEVER_CALLED[room])
    ]
    assert found == []


def test_only_the_unit_of_work_commits_or_rolls_back() -> None:
    found = [
        f"{name_of(path)}:{line} {called}()"
        for path in modules()
        if name_of(path) != "app/kit/db.py"
        for line, called in calls(path)
        if called.endswith((".commit", ".rollback", ".begin_nested"))
    ]
    assert found == []


def test_modules_stay_small() -> None:
    long = {name_of(path): count for path in modules() if (count := len(path.read_text().splitlines())) > 300}
    assert long == {}


def test_functions_stay_small() -> None:
    long = {
        f"{name_of(path)}:{function.lineno} {function.name}": lines_of(function)
        for path in modules()
        for function in functions(path)
        if lines_of(function) > _budget(path)
    }
    assert long == {}


def in_room(room: str) -> list[Path]:
    return [
        path for package in packages() if package.name not in FREE for name, path in rooms_of(package) if name == room
    ]


def _budget(path: Path) -> int:
    return 15 if path.stem == "views" or path.parent.name == "views" else 25


def _is_within(name: str, forbidden: str) -> bool:
    return forbidden in name if forbidden.startswith(".") else name == forbidden or name.startswith(forbidden)
