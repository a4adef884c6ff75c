"""What the platform holds about a person: every package registers how it is exported and anonymised.

Rights of access and erasure: Regulation (EU) 2016/679, Art. 15, 17 and 20.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Export = Callable[[int], Any]
Anonymise = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data about people. `anonymise` runs in the transaction that deletes the account."""

    name: str
    export: Export
    anonymise: Anonymise


_holdings: dict[str, Holding] = {}


def register(name: str, *, export: Export, anonymise: Anonymise) -> None:
    """Register what a package holds; registering the name again replaces it."""
    _holdings[name] = Holding(name, export, anonymise)


def export_all(person_id: int) -> dict[str, Any]:
    """Everything about the person, as plain data that JSON can hold, keyed by holding."""
    return {name: holding.export(person_id) for name, holding in sorted(_holdings.items())}


def anonymise_all(person_id: int) -> None:
    """Let every package forget the person, keeping what others answered to."""
    for holding in _holdings.values():
        holding.anonymise(person_id)
