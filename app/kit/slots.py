"""Slots: sockets a page leaves open, filled by packages further up.

A fill loads once for all subjects of a page, then renders: `slot("idea.body", [idea])`. In a list,
`slot_each("project.card", projects)` gives one piece for each subject's id.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

Fill = Callable[[Sequence[Any]], str]
Foresee = Callable[[Sequence[Any]], None]
FillEach = Callable[[Sequence[Any]], Mapping[int, str]]
_fills: dict[str, list[Fill]] = defaultdict(list)
_foresee: dict[str, list[Foresee]] = defaultdict(list)
_fills_each: dict[str, list[FillEach]] = defaultdict(list)


def fills(name: str, *, foresee: Foresee | None = None) -> Callable[[Fill], Fill]:
    """Fill the slot `name` with what the decorated function renders for a sequence of subjects.

    foresee: tells the database what that will ask.
    """

    def add(fill: Fill) -> Fill:
        if fill not in _fills[name]:
            _fills[name].append(fill)
            _foresee[name] += [foresee] if foresee is not None else []
        return fill

    return add


def slot(name: str, subjects: Sequence[Any] = ()) -> Markup:
    """Everything that fills the slot, in the order the packages started."""
    return Markup("").join(Markup(fill(subjects)) for fill in _fills[name])  # noqa: S704 (templates escaped it)


def foresee(name: str, subjects: Sequence[Any]) -> None:
    """Tell that a page will leave this slot: what fills it is asked for with the next statement (`kit.prepared`)."""
    for tell in _foresee[name]:
        tell(subjects)


def fills_each(name: str) -> Callable[[FillEach], FillEach]:
    """Fill the slot `name` of a list: the decorated function renders a piece for each subject's id it has one for."""

    def add(fill: FillEach) -> FillEach:
        if fill not in _fills_each[name]:
            _fills_each[name].append(fill)
        return fill

    return add


def slot_each(name: str, subjects: Sequence[Any]) -> dict[int, Markup]:
    """What fills the slot, by the subject's id; subjects without anything are missing."""
    pieces: dict[int, Markup] = {}
    for fill in _fills_each[name] if subjects else ():
        for key, piece in fill(subjects).items():
            pieces[key] = pieces.get(key, Markup("")) + Markup(piece)  # noqa: S704 (templates escaped it)
    return pieces
