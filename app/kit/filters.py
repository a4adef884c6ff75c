"""Filters of lists: groups of options that live in the address, so that a list can be shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.kit.here import argument


class Option(NamedTuple):
    """One choice; `hue` colours its dot, `count` says how many there are, `is_more` that there are more than that."""

    value: str
    name: str
    selected: bool
    hue: int | None = None
    count: int | None = None  # type: ignore[assignment]  # a tuple has a method of this name
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A query argument and what it may be."""

    name: str
    label: str
    options: Sequence[Option]


def chosen(name: str, allowed: Sequence[str]) -> str:
    """The value of a query argument if it is allowed, else the first allowed one."""
    value = argument(name, allowed[0])
    return value if value in allowed else allowed[0]


def chosen_id(name: str) -> int | None:
    """A query argument that is an id of at most 63 bits, or None."""
    value = argument(name)
    if not value.isascii() or not value.isdigit() or len(value) > 19:
        return None
    number = int(value)
    return number if number < 2**63 else None
