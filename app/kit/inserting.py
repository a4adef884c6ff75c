"""Races are decided by unique constraints: insert, and learn whether it was the first time.

Single rows pass the mapper by, with statements that are put together once: half the time of a short transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeVar, cast

from sqlalchemy import Sequence as Numbers
from sqlalchemy import insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached

from app.kit.base import Base
from app.kit.db import db, is_sqlite, known_session
from app.kit.prepared import Prepared, PreparedChange

M = TypeVar("M", bound=Base)


def insert_row(model: type[Base], **values: Any) -> int:
    """INSERT; the new row's id. What is left out gets its default."""
    whole = _whole(model, values)
    return cast(int, _row.first(whole, model, tuple(whole)))


def new_id(model: type[Base]) -> int | None:
    """The id of a row that will be inserted (PostgreSQL, which gives none twice); None where the INSERT gives it."""
    return None if is_sqlite() else cast(int, _new_id.rows({}, model)[0][0])


def foresee_new_id(model: type[Base]) -> None:
    """Tell that `new_id` will be asked in this transaction; an id that is not used is none the next time."""
    if not is_sqlite():
        _new_id.foresee({}, model)


def insert_soon(model: type[Base], **values: Any) -> None:
    """INSERT where nobody asks for the id, with other changes that are put off (`PreparedChange.soon`)."""
    whole = _whole(model, values)
    _silent.soon(whole, model, tuple(whole))


def insert_thing(model: type[M], **values: Any) -> M:
    """INSERT a row whose id is given; its object, as if the session had loaded it, where anybody has asked for one."""
    whole = _whole(model, values)
    _silent.soon(whole, model, tuple(whole))
    mapper = inspect(model)
    thing = mapper.class_manager.new_instance()
    vars(thing).update({one.key: whole.get(one.columns[0].name) for one in mapper.column_attrs})
    make_transient_to_detached(thing)
    if (session := known_session()) is not None:
        session.add(thing)
    return cast(M, thing)


def insert_once(model: type[Base], **values: Any) -> int | None:
    """INSERT … ON CONFLICT DO NOTHING; the new row's id, or None where there is one already."""
    whole = _whole(model, values)
    return cast(int | None, _once.first(whole, model, tuple(whole), is_sqlite()))


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


def _whole(model: type[Base], values: dict[str, Any]) -> dict[str, Any]:
    return values | {name: make(None) for name, make in _defaults(model) if name not in values}


@cache
def _defaults(model: type[Base]) -> list[tuple[str, Callable[[Any], Any]]]:
    """The columns that say themselves what is in them, and how they are asked."""
    known: list[tuple[str, Any]] = [(column.name, column.default) for column in model.__table__.c]
    return [(name, one.arg if one.is_callable else partial(_same, one.arg)) for name, one in known if one is not None]


def _same(value: Any, _context: object) -> Any:
    return value


def _new_row(model: Any, _names: tuple[str, ...]) -> Any:
    return insert(model.__table__).returning(model.__table__.c.id)


def _new_row_once(model: Any, _names: tuple[str, ...], on_sqlite: bool) -> Any:
    new: Any = (sqlite if on_sqlite else postgresql).insert(model.__table__)
    return new.on_conflict_do_nothing().returning(model.__table__.c.id)


def _new_row_untold(model: Any, _names: tuple[str, ...]) -> Any:
    return insert(model.__table__).inline()  # without the id it was given


def _next_of(model: Any) -> Any:
    return select(Numbers(f"{model.__tablename__}_id_seq").next_value())


_new_id = Prepared(_next_of)
_row, _once, _silent = PreparedChange(_new_row), PreparedChange(_new_row_once), PreparedChange(_new_row_untold)


def _insert(model: type[Base]) -> Any:
    return sqlite.insert(model) if is_sqlite() else postgresql.insert(model)


def insert_or_add(model: type[Base], *, unique: Sequence[str], column: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT each row, or add its number to the `column` of the row with the same `unique` columns."""
    if rows:
        statement = _insert(model)
        added = {column: getattr(model, column) + statement.excluded[column]}
        adding = statement.on_conflict_do_update(index_elements=list(unique), set_=added)
        db.session.connection().execute(adding, [dict(row) for row in rows])  # one row's statement, put together once
