"""What every page says around its own: looked up in one statement, along with the reader where there is one."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import ColumnElement, Row, Select, select

from app.kit.here import noted
from app.kit.prepared import Prepared

Column = Callable[[], ColumnElement[Any]]
_for_everyone: dict[str, Column] = {}
_for_members: dict[str, Column] = {}


def register(name: str, column: Column, *, members_only: bool = False) -> None:
    """Say what pages will ask for: a scalar select, made anew for each statement."""
    (_for_members if members_only else _for_everyone)[name] = column


def columns() -> list[ColumnElement[Any]]:
    """All that is registered, for the statement that loads a member and whose row goes to `keep`."""
    return _labelled(_for_everyone | _for_members)


def is_kept() -> bool:
    """Whether what is asked for along with the reader will be remembered: in a request that only reads."""
    return has_request_context() and request.method in ("GET", "HEAD")


def keep(row: Row[Any]) -> None:
    """Remember what a statement said, for the rest of a request that only reads."""
    if is_kept():
        g.frame = row


def foresee() -> None:
    """Tell that a guest's page will ask for its parts; those of members come along with the reader."""
    if is_kept() and "frame" not in noted():
        _prepared.foresee({}, False)


def value(name: str) -> Any:
    """One part, as it is now; one statement for all that guests see in a request that asks for the first time."""
    row = noted().get("frame") if has_request_context() else None
    if row is None or not hasattr(
        row, f"frame_{name}"
    ):  # before the member was known only guests' parts were asked for
        (row,) = _prepared.rows({}, name not in _for_everyone)
        keep(row)
    return getattr(row, f"frame_{name}")


def _statement(for_members: bool) -> Select[Any]:
    return select(*_labelled(_for_members if for_members else _for_everyone))


_prepared = Prepared(_statement)


def _labelled(parts: Mapping[str, Column]) -> list[ColumnElement[Any]]:
    return [make().label(f"frame_{name}") for name, make in parts.items()]
