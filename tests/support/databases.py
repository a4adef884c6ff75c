"""Both kinds of database: a template migrated once by each worker, and copies of it for tests. All commits are real."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.support.postgres import PostgresServer

KINDS = ("sqlite", "postgresql")


class Databases(Protocol):
    """One kind of database. "template" is migrated; `copy` overwrites the database of a name with it, or another."""

    def url(self, name: str) -> str: ...
    def copy(self, name: str, *, of: str = "template") -> str: ...
    def stop(self) -> None: ...


class SqliteFiles:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def copy(self, name: str, *, of: str = "template") -> str:
        for ending in ("-wal", "-shm"):
            Path(f"{self._path(name)}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self._path(of), self._path(name))
        return self.url(name)

    def stop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite"


class PostgresDatabases:
    def __init__(self) -> None:
        self.server = PostgresServer().start()
        self.server.create("template")

    def url(self, name: str) -> str:
        return self.server.url(name)

    def copy(self, name: str, *, of: str = "template") -> str:
        self.server.create(name, template=of)
        return self.url(name)

    def stop(self) -> None:
        self.server.stop()


def open_databases(kind: str, folder: Path, migrate: Callable[[str], None]) -> Databases:
    """The databases of one kind, their template migrated by `migrate(url)`, which leaves no connection open."""
    folder.mkdir(parents=True, exist_ok=True)
    databases: Databases = SqliteFiles(folder) if kind == "sqlite" else PostgresDatabases()
    try:
        migrate(databases.url("template"))
    except BaseException:
        databases.stop()
        raise
    return databases
