"""What is committed is safe to publish and the same everywhere."""

import hashlib
import re
import tomllib
from dataclasses import fields

from app.config import Settings
from tests.house.source import ROOT, name_of, tracked_texts

VENDOR = ROOT / "static" / "vendor"


def test_locks_name_no_addresses_and_every_file_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted-host", text), name
        assert text.count("==") <= text.count("--hash=sha256:"), name


def test_both_locks_hold_the_same_versions() -> None:
    runtime, dev = (set(re.findall(r"^(\S+==\S+)", (ROOT / n).read_text(), re.MULTILINE)) for n in LOCKS)
    assert runtime <= dev


LOCKS = ("requirements.lock", "requirements-dev.lock")


def test_every_library_asked_for_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (ROOT / "requirements.lock").read_text().lower()
    names = [re.split(r"[\[<>=]", line)[0].lower() for line in asked]
    assert [name for name in names if not re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE)] == []


def test_no_path_of_one_machine_is_written_down() -> None:
    pattern = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|root|home|Users)/\w")
    found = [
        f"{name_of(path)}:{number}"
        for path in tracked_texts()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [
        f"{name_of(path)}:{number}"
        for path in tracked_texts()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_files_of_others_are_listed_with_their_checksums() -> None:
    listed = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (VENDOR / "VENDOR.md").read_text(), re.MULTILINE))
    present = {path.name for path in VENDOR.rglob("*") if path.is_file() and path.suffix not in {".md", ".txt"}}
    assert present == set(listed)
    for name, checksum in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == checksum, name


def test_every_setting_is_explained_for_operators() -> None:
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert explained == {field.name.upper() for field in fields(Settings)}


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "make test" in (ROOT / "README.md").read_text()
    assert "make check\nmake test\n" in (ROOT / ".ci" / "run").read_text()
