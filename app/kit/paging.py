"""Pages by key: `?after=…` holds the sort values of the last row seen, so any depth costs the same."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.kit.db import db

T = TypeVar("T")
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `after` is the key of the next page, or None at the end."""

    items: Sequence[T]
    after: str | None
    is_first: bool
    total: int | None = None


def page_of(
    statement: Select[Any], keys: Sequence[Column], *, after: str | None, size: int, down: bool = True
) -> Page[Any]:
    """The rows behind the key `after`, sorted by `keys` (the last one unique), all in one direction.

    A key that cannot be read counts as none: the list begins anew.
    """
    seen = read_key(after, [key.type.python_type for key in keys])
    order = [key.desc() if down else key.asc() for key in keys]
    if seen is not None:
        here = tuple_(*keys)
        statement = statement.where(here < tuple_(*seen) if down else here > tuple_(*seen))
    rows = db.session.scalars(statement.order_by(*order).limit(size + 1)).unique().all()
    more = len(rows) > size
    last = [getattr(rows[size - 1], key.key) for key in keys] if more else []
    return Page(rows[:size], write_key(last) if more else None, seen is None)


def counted(page: Page[T], statement: Select[Any]) -> Page[T]:
    """The page with how many rows the statement has in all; a list that fits on its first page is not asked again."""
    if page.is_first and page.after is None:
        return replace(page, total=len(page.items))
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    return replace(page, total=total or 0)


def write_key(values: Sequence[Any]) -> str:
    """Values of a row (texts, whole numbers, moments) as one word for an address."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_key(text: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The values of a key, if they are of these types; None for anything else."""
    if not text or len(text) > 400:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(plain, list) or len(plain) != len(kinds):
        return None
    values = [_typed(value, kind) for value, kind in zip(plain, kinds, strict=True)]
    return None if any(value is None for value in values) else values


def _typed(value: object, kind: type) -> object | None:
    if kind is datetime and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return moment if moment.tzinfo else None
    if kind is int and (isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63):
        return None
    return value if isinstance(value, kind) else None
