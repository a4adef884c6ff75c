"""Races are decided by unique constraints: insert, and learn whether it was the first time.

Single rows pass the mapper by, with statements that are put together once: half the time of a short transaction.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from app.kit.db import Base, db, is_sqlite, note_written


def insert_row(model: type[Base], **values: Any) -> int:
    """INSERT; the new row's id. What is left out gets its default."""
    db.session.flush()
    result: int = db.session.connection().execute(_row(model), values).scalar_one()
    note_written(model.__tablename__)
    return result


def insert_once(model: type[Base], **values: Any) -> int | None:
    """INSERT … ON CONFLICT DO NOTHING; the new row's id, or None where there is one already."""
    db.session.flush()
    result: int | None = db.session.connection().execute(_once(model, is_sqlite()), values).scalar_one_or_none()
    if result is not None:
        note_written(model.__tablename__)
    return result


def insert_or_update(model: type[Base], *, unique: Sequence[str], values: Mapping[str, Any]) -> None:
    """INSERT, or UPDATE the row with the same `unique` columns."""
    statement = _insert(model).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in unique}
    db.session.execute(statement.on_conflict_do_update(index_elements=list(unique), set_=changed))


def insert_selected(model: type[Base], names: Sequence[str], rows: Any) -> None:
    """INSERT … SELECT; rows that conflict with one there already are left out. `rows` needs a WHERE (SQLite)."""
    db.session.execute(_insert(model).from_select(list(names), rows).on_conflict_do_nothing())


def insert_or_update_all(model: type[Base], *, unique: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT, or UPDATE where there is a row with the same `unique` columns, for rows of the same shape at once."""
    if rows:
        statement = _insert(model)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in unique}
        many = statement.on_conflict_do_update(index_elements=list(unique), set_=changed)
        db.session.connection().execute(many, [dict(row) for row in rows])


def insert_all_once(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT … ON CONFLICT DO NOTHING for many rows at once; those there already stay as they are."""
    if rows:
        db.session.connection().execute(_insert(model).on_conflict_do_nothing(), [dict(row) for row in rows])


@cache
def _row(model: type[Base]) -> Any:
    table: Any = model.__table__
    return insert(table).returning(table.c.id)


@cache
def _once(model: type[Base], on_sqlite: bool) -> Any:
    new: Any = (sqlite if on_sqlite else postgresql).insert(model.__table__)
    return new.on_conflict_do_nothing().returning(model.__table__.c.id)


def _insert(model: type[Base]) -> Any:
    return sqlite.insert(model) if is_sqlite() else postgresql.insert(model)


def insert_or_add(model: type[Base], *, unique: Sequence[str], column: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT each row, or add its number to the `column` of the row with the same `unique` columns."""
    if rows:
        statement = _insert(model)
        added = {column: getattr(model, column) + statement.excluded[column]}
        adding = statement.on_conflict_do_update(index_elements=list(unique), set_=added)
        db.session.connection().execute(adding, [dict(row) for row in rows])  # one row's statement, put together once
