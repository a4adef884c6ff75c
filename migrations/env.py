"""Alembic's environment: models of every package, batch mode for SQLite, one transaction for all revisions.

On SQLite foreign keys are off while tables are rebuilt (altering a referenced table with them on
deletes the rows that cascade) and checked before the commit.
"""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.kit.base import Base
from app.kit.db import db, is_sqlite
from app.kit.utc import UtcDateTime

# What PostgreSQL and FTS5 make for the search is written by hand in a migration and no model's business.
BY_HAND = {"words", "ix_documents_words", "ix_documents_subject_id_kind_at", "ix_vocabulary_stem_trigrams"}
OF_THE_INDEX = ("documents_fts", "titles_fts", "vocabulary_fts", "sqlite_")


def include(_thing: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leave the search index's own tables and columns out of comparison."""
    return not (name in BY_HAND or (kind == "table" and str(name).startswith(OF_THE_INDEX)))


def run(connection: Connection) -> None:
    """Migrate over one connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_object=include,
        compare_type=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite():
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration would break references: {broken[:5]}")


def plain_type(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain ones behind them: a migration does not import the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


with current_app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
    raw: Any = connection.connection.driver_connection
    if is_sqlite():
        raw.execute("PRAGMA foreign_keys=OFF").close()
    run(connection)
    connection.commit()
    if is_sqlite():
        raw.execute("PRAGMA foreign_keys=ON").close()
