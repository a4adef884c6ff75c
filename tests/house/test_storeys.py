"""Imports go down only."""

import subprocess
import sys
from pathlib import Path

from tests.house.source import APP, ROOT, functions, imported, modules, name_of, parsed


def test_no_package_imports_one_above_it() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_imports_from_the_application_itself() -> None:
    """`from app import db` ties every Flask project's modules into one knot."""
    packages = {path.name for path in APP.iterdir()} | {path.stem for path in APP.glob("*.py")}
    tangled = [
        f"{name_of(path)}:{line} {name}"
        for path in modules()
        for line, name in imported(parsed(path))
        if name == "app" or (name.startswith("app.") and name.split(".")[1] not in packages)
    ]
    assert tangled == []


def test_nothing_of_our_own_is_imported_inside_a_function() -> None:
    hidden = [
        f"{name_of(path)}:{line} {name}"
        for path in modules()
        for function in functions(path)
        for line, name in imported(function)
        if name.split(".")[0] == "app"
    ]
    assert hidden == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        f"{name_of(path)}:{line}"
        for path in modules()
        if path.name != "config.py"
        for line, text in enumerate(path.read_text().splitlines(), 1)
        if "os.environ" in text or "getenv(" in text
    ]
    assert readers == []
