"""How many rows statements visit: by the plan PostgreSQL followed, by the steps SQLite took."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.kit.db import db, is_sqlite
from app.kit.prepared import fetched

# A row costs SQLite's machine about twenty steps in these statements: read the columns, compare, merge, hand over.
STEPS_A_ROW = 20
# Rows that a part of the same statement has made.
COMPUTED = ("Subquery Scan", "CTE Scan", "Function Scan", "Values Scan")
LISTED = "state = 'published'"
Statement = tuple[str, Any]


@contextmanager
def noting(app: Flask) -> Iterator[list[Statement]]:
    """The statements sent meanwhile, with their values as the driver got them."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "(")):
            seen.append((statement, values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def visitor() -> Callable[[Statement], tuple[int, str]]:
    """A function that says how many rows a statement visits, and by which plan. Needs an application context."""
    return _visited_by_sqlite if is_sqlite() else _visited_by_postgresql


def _visited_by_postgresql(statement: Statement) -> tuple[int, str]:
    """Of several selects in one statement (`kit.fetching.parts_of`), each of which is bounded, the most of any."""
    text, values = statement
    with db.engine.connect() as connection:
        [[found]] = fetched(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", values)[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    parts = [_scanned(one) for one in plan.get("Plans", ()) if one.get("Parent Relationship") == "InitPlan"]
    is_of_parts = plan["Node Type"] == "Result" and "json_build_array" in text
    return round(max(parts) if is_of_parts and parts else _scanned(plan)), json.dumps(plan)


def _scanned(node: dict[str, Any]) -> float:
    inner = sum(_scanned(one) for one in node.get("Plans", ()))
    if "Scan" not in node["Node Type"] or node["Node Type"] in COMPUTED:
        return inner
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    here = float((node["Actual Rows"] + removed) * node["Actual Loops"])
    # A bitmap's entries are the rows that are fetched after it; an index scan does both at once.
    return max(here, inner) if node["Node Type"] == "Bitmap Heap Scan" else here + inner


def _visited_by_sqlite(statement: Statement) -> tuple[int, str]:
    """Of lists the rows themselves: a condition that counts is added. Of others by the machine's steps.

    A scan of the table of ideas counts as all of them.
    """
    text, values = statement
    met = 0

    def meet() -> int:
        nonlocal met
        met += 1
        return 1

    with db.engine.connect() as opened:
        connection: sqlite3.Connection = opened.connection.driver_connection  # type: ignore[assignment]
        plan = "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values))
        if re.search(r"SCAN ideas(?! USING (COVERING )?INDEX)", plan):
            return 10**9, plan
        if LISTED in text:
            connection.create_function("meet", 0, meet)
            connection.execute(text.replace(LISTED, f"{LISTED} AND meet()"), values).fetchall()
            return met, plan
        connection.set_progress_handler(lambda: meet() and 0, 1)
        try:
            connection.execute(text, values).fetchall()
        finally:
            connection.set_progress_handler(None, 0)
    return met // STEPS_A_ROW, plan
