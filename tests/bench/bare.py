"""What everything is compared with: a bare Flask page (F), and a bare view that inserts one row and commits (W).

`BARE_DATABASE` is the address of the database W writes to, of the same kind and with the same durability as the
platform's: SQLite in WAL mode with synchronous=FULL, its log as long as there, or PostgreSQL as it is.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask

PAGE = "<!doctype html><title>Bare</title><h1>A bare page</h1>"
TABLE = "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, person INTEGER, words TEXT, at TEXT)"

page = Flask("bare_page")
writing = Flask("bare_writing")
_own = threading.local()
_writer = threading.Lock()


@page.get("/")
def read() -> str:
    return PAGE


@writing.post("/")
def write() -> tuple[str, int]:
    address = os.environ["BARE_DATABASE"]
    (_insert_sqlite if address.startswith("sqlite") else _insert_postgresql)(address)
    return "", 204


def prepare(address: str) -> None:
    """Make the table."""
    if address.startswith("sqlite"):
        _sqlite(address).execute(TABLE)
    else:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(TABLE.replace("INTEGER PRIMARY KEY", "bigserial PRIMARY KEY"))


def _insert_sqlite(address: str) -> None:
    connection = _kept(_sqlite, address)
    with _writer:  # as in the platform: writers of one process take turns, those of others wait for the file
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO notes (person, words, at) VALUES (?, ?, ?)", (1, "words", "2026-01-01"))
        connection.execute("COMMIT")


def _insert_postgresql(address: str) -> None:
    connection = _kept(psycopg.connect, address)
    connection.execute("INSERT INTO notes (person, words, at) VALUES (%s, %s, %s)", (1, "words", "2026-01-01"))
    connection.commit()


def _kept(connect: Any, address: str) -> Any:
    if not hasattr(_own, "connection"):
        _own.connection = connect(address)
    return _own.connection


def _sqlite(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
