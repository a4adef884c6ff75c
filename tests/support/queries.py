"""Counting the SQL of a request."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.kit.db import db


def statements(app: Flask, act: Callable[[], Any]) -> list[str]:
    """The SQL statements an act sends, without BEGIN, COMMIT and ROLLBACK."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def counted(app: Flask, act: Callable[[], Any]) -> int:
    """How many SQL statements an act sends."""
    return len(statements(app, act))
