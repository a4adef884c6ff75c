"""The files of the demo content (see content/README.md)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parents[1] / "content"
PASSWORD = "zukunft-demo"
Entry = dict[str, Any]


@cache
def entries(kind: str) -> list[Entry]:
    """The entries of one file, in its order."""
    with (CONTENT / f"{kind}.toml").open("rb") as file:
        found: list[Entry] = tomllib.load(file)[kind]
    return found


def demo_sign_ins() -> list[tuple[str, str]]:
    """The people the start introduces: (e-mail address, what they are)."""
    owners = {organisation["owner"]: organisation["name"] for organisation in entries("organisations")}
    people = [person for person in entries("people") if person["introduced"]]
    return [(person["email"], _what(person, owners.get(person["key"], ""))) for person in people]


def texts(entry: Entry, *names: str) -> dict[str, Any]:
    """These texts of an entry, without the line breaks around them; "" where one is missing."""
    return {name: entry.get(name, "").strip() for name in names}


def _what(person: Entry, owned: str) -> str:
    return ", ".join(person["roles"]) or (f"owner of {owned}" if owned else "member")
