"""Files on the local disk, addressed by a key the platform makes itself; never by a person's name for them."""

import os
import re
import secrets
from pathlib import Path

from app.kit.web import settings

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}(?:-[0-9]{1,4})?\.[a-z]{3,4}")


def new_stem() -> str:
    """A fresh key without its ending: two digits as folder, thirty as name (122 bits and more at random)."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name[2:]}"


def save(key: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def delete(key: str) -> None:
    """Remove a file; one that is gone already is fine."""
    path_of(key).unlink(missing_ok=True)


def path_of(key: str) -> Path:
    """Where the file of a key lies.

    Raises:
        ValueError: the key is none of ours.
    """
    if not KEY.fullmatch(key):
        raise ValueError("not a storage key")
    return folder() / key


def folder() -> Path:
    """The folder of all files; a backup takes it whole."""
    return settings().data_dir / "files"
