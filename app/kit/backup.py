"""Backup and restore: database and files in one archive.

SQLite is copied by its online backup interface, PostgreSQL by pg_dump; both give the state of one
moment while the platform runs. Files are written once and never changed, so they are taken after.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.kit import clock, storage
from app.kit.db import db, is_sqlite, let_go

MANIFEST, FILES = "manifest.json", "files"
ASIDE = "before_restore"
DATABASE = {True: "database.sqlite", False: "database.dump"}


class BackupError(Exception):
    """Why a backup cannot be made or brought back, in a sentence."""


def save(archive: Path) -> None:
    """Write the archive whole or not at all.

    Raises:
        BackupError: the database could not be copied.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        copy = Path(folder) / DATABASE[is_sqlite()]
        _copy_sqlite(_sqlite_path(), copy) if is_sqlite() else _run(
            "pg_dump", "--format=custom", f"--file={copy}", _address()
        )
        manifest = Path(folder) / MANIFEST
        manifest.write_text(json.dumps({"made_at": clock.now().isoformat(), "database": copy.name}))
        fresh = Path(folder) / "archive.tar.gz"
        with tarfile.open(fresh, "w:gz", compresslevel=6) as tar:
            tar.add(manifest, MANIFEST)
            tar.add(copy, copy.name)
            if storage.folder().exists():
                tar.add(storage.folder(), FILES)
        fresh.replace(archive)


def restore(archive: Path, *, replace: bool) -> None:
    """Bring an archive back.

    Raises:
        BackupError: no backup of this kind of database, or there is content that `replace` does not give up.
    """
    if _holds_content() and not replace:
        raise BackupError(
            "This database holds content. Use --replace to give it up, or point DATABASE_URL to an empty one."
        )
    db.session.remove()
    db.engine.dispose()
    with tempfile.TemporaryDirectory(dir=storage.folder().parent) as name:
        folder = Path(name)
        kind = _unpack(archive, folder)
        if kind != DATABASE[is_sqlite()]:
            raise BackupError(f"{archive.name} is a backup of another kind of database.")
        _restore_database(folder / kind)
        if storage.folder().exists():
            storage.folder().rename(folder / "given-up")
        if (folder / FILES).exists():
            (folder / FILES).rename(storage.folder())


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of a backup; ours hold files and folders only (Python 3.11.2 has no filter for the rest)."""
    target = (folder / member.name).resolve()
    if not target.is_relative_to(folder.resolve()) or not (member.isfile() or member.isdir()):
        raise ValueError(f"{member.name} does not belong there")
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _unpack(archive: Path, folder: Path) -> str:
    """Unpack everything; the name of the database's copy in it."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _take_out(tar, member, folder)
        copy = json.loads((folder / MANIFEST).read_text())["database"]
        if copy in DATABASE.values() and (folder / copy).exists():
            return str(copy)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{archive.name} is no backup: {error}") from error
    raise BackupError(f"{archive.name} is no backup: it holds no database.")


def _restore_database(copy: Path) -> None:
    if is_sqlite():
        _copy_sqlite(copy, _sqlite_path())
        return
    with _tables_put_aside():
        options = ("--no-owner", "--no-comments", "--single-transaction", f"--dbname={_address()}")
        _run("pg_restore", *options, str(copy))


@contextmanager
def _tables_put_aside() -> Iterator[None]:
    """Move every table, also those only a newer release knows, into a schema that is dropped at the end.

    Raises:
        BackupError: what happened within; the tables are back. Or a restore before this one was cut off.
    """
    with db.engine.begin() as connection:
        if inspect(connection).has_schema(ASIDE):
            raise BackupError(
                f"A restore was cut off. What was there before it lies in the schema {ASIDE}: "
                f"move its tables back to public, or drop it, and try again."
            )
        connection.execute(text(f"CREATE SCHEMA {ASIDE}"))
        _move_tables(connection, "public", ASIDE)
    try:
        yield
    except BackupError:
        with db.engine.begin() as connection:
            _move_tables(connection, ASIDE, "public")
            connection.execute(text(f"DROP SCHEMA {ASIDE}"))
        raise
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {ASIDE} CASCADE"))


def _move_tables(connection: Connection, source: str, target: str) -> None:
    for name in inspect(connection).get_table_names(schema=source):
        connection.execute(text(f'ALTER TABLE {source}."{name}" SET SCHEMA {target}'))


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise BackupError(f"the database could not be copied: {error}") from error


def _holds_content() -> bool:
    try:
        return bool(db.session.scalar(text("SELECT count(*) FROM users")))
    except Exception:
        return False
    finally:
        let_go()


def _sqlite_path() -> Path:
    return Path(db.engine.url.database or "")


def _address() -> str:
    # Without the password: every process of the machine can read another's arguments.
    return db.engine.url.set(drivername="postgresql", password=None).render_as_string()


def _run(*command: str) -> None:
    try:
        secret = {"PATH": os.defpath, "PGPASSWORD": str(db.engine.url.password or "")}
        subprocess.run(command, check=True, capture_output=True, text=True, env=secret)  # noqa: S603 (our own words and address)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or str(error)
        raise BackupError(f"{command[0]} failed: {reason.strip()[-300:]}") from error
