"""`flask backup` and `flask restore`, as operators run them, on both databases."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, inspect, select, table, text

from app.kit import backup
from app.kit.db import db, unit_of_work
from tests.client import PASSWORD, Client
from tests.factories import world
from tests.people import Cast, settle
from tests.support.crowd import backstage, is_at_rest, wait_until
from tests.support.databases import Databases
from tests.support.live import LiveServer


def test_a_backup_of_the_running_platform_brings_everything_back_into_an_empty_one(
    servers: Callable[..., LiveServer], databases: Databases, tmp_path: Path
) -> None:
    server, archive = servers(), tmp_path / "backup.tar.gz"
    with backstage(server) as app:
        settle(app)
        world.build(app)
        wait_until(lambda: is_at_rest(app))
        before, files = rows(app), contents(server.folder)
        assert before["users"] == 5
        assert files, "the picture is there"
        server.flask("backup", str(archive))

    other = LiveServer(tmp_path / "other", {"ENVIRONMENT": "development", "DATABASE_URL": databases.copy("other")})
    assert "Restored" in other.flask("restore", str(archive))
    with backstage(other) as app:
        assert rows(app) == before
        assert contents(other.folder) == files
        assert readers_find_their_way(app)


def test_what_is_there_goes_only_when_the_operator_says_so(app: Flask, cast: Cast, tmp_path: Path) -> None:
    archive, folder = tmp_path / "backup.tar.gz", app.extensions["settings"].data_dir
    assert command(app, "backup", archive).exit_code == 0
    before, files = rows(app), contents(folder)
    world.build(app)
    there = rows(app), contents(folder)

    refused = command(app, "restore", archive)
    assert refused.exit_code == 1
    assert "This database holds content. Use --replace to give it up" in refused.output
    assert (rows(app), contents(folder)) == there

    assert command(app, "restore", "--replace", archive).exit_code == 0
    assert (rows(app), contents(folder)) == (before, files), "nobody's pictures stay behind"


def test_an_older_backup_replaces_also_what_only_a_newer_release_knows(app: Flask, cast: Cast, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    assert command(app, "backup", archive).exit_code == 0
    before = rows(app)
    change(app, "CREATE TABLE news (id integer PRIMARY KEY, user_id bigint REFERENCES users (id))")
    result = command(app, "restore", "--replace", archive)
    assert result.exit_code == 0, result.output
    assert rows(app) == before


@pytest.mark.on("postgresql")
def test_a_restore_that_fails_halfway_leaves_everything_as_it_was(app: Flask, cast: Cast, tmp_path: Path) -> None:
    archive, before = tmp_path / "backup.tar.gz", rows(app)
    (tmp_path / "manifest.json").write_text(json.dumps({"database": "database.dump"}))
    (tmp_path / "database.dump").write_bytes(b"PGDMP and then nothing")
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("manifest.json", "database.dump"):
            tar.add(tmp_path / name, name)
    failed = command(app, "restore", "--replace", archive)
    assert failed.exit_code == 1
    assert "pg_restore failed" in failed.output
    assert rows(app) == before
    change(app, "CREATE SCHEMA before_restore")
    assert "A restore was cut off." in command(app, "restore", "--replace", archive).output
    assert rows(app) == before


@pytest.mark.parametrize("kind", ["a text", "half an archive", "another archive", "nothing"])
def test_a_file_that_is_no_backup_is_refused_and_nothing_changes(kind: str, app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tar.gz", tmp_path / "bad.tar.gz"
    assert command(app, "backup", good).exit_code == 0
    spoil(kind, good, bad)
    before = rows(app)
    refused = command(app, "restore", bad)
    assert refused.exit_code == 1
    assert "Error: bad.tar.gz is no backup: " in refused.output
    assert rows(app) == before


def test_a_backup_of_another_kind_of_database_is_refused(app: Flask, database_kind: str, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    copy = {"sqlite": "database.dump", "postgresql": "database.sqlite"}[database_kind]
    (tmp_path / "manifest.json").write_text(json.dumps({"database": copy}))
    (tmp_path / copy).touch()
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("manifest.json", copy):
            tar.add(tmp_path / name, name)
    refused = command(app, "restore", archive)
    assert refused.exit_code == 1
    assert "Error: backup.tar.gz is a backup of another kind of database." in refused.output


def test_a_backup_that_fails_says_why_and_leaves_the_one_before(
    app: Flask, database_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(b"the one before")
    if database_kind == "sqlite":
        monkeypatch.setattr(backup, "_sqlite_path", lambda: tmp_path)
    else:
        monkeypatch.setattr("os.defpath", str(tmp_path))
    failed = command(app, "backup", archive)
    assert failed.exit_code == 1
    assert "Error: " in failed.output
    assert archive.read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.iterdir()] == ["backup.tar.gz"], "nothing half-written"


def command(app: Flask, *words: str | Path) -> Result:
    """What an operator types after `flask`; an exception is no answer."""
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def change(app: Flask, statement: str) -> None:
    """What another release, or an operator, does to the database."""
    with app.app_context(), unit_of_work():
        db.session.execute(text(statement))


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    with app.app_context(), unit_of_work(writes=False):
        names = inspect(db.session.connection()).get_table_names()
        return {name: db.session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def contents(data_dir: Path) -> dict[str, bytes]:
    """Every stored file."""
    folder = data_dir / "files"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def readers_find_their_way(app: Flask) -> bool:
    """Signing in, the search and pictures work."""
    reader = app.test_client()
    assert isinstance(reader, Client)
    reader.sign_in("mara@example.org", PASSWORD)
    page = reader.page("/search?q=bank").click("Eine Bank für alle")
    address = page.select("img.photo, .window img")[0].get("src")
    with reader.get(address) as picture:
        return picture.status_code == 200


def spoil(kind: str, good: Path, bad: Path) -> None:
    if kind == "a text":
        bad.write_text("Guten Tag.\n" * 100)
    elif kind == "half an archive":
        bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    elif kind == "another archive":
        with tarfile.open(bad, "w:gz") as tar:
            tar.add(__file__, "photo.py")
    else:
        bad.touch()


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "link"])
def test_a_backup_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    archive, folder = tmp_path / "bad.tar.gz", tmp_path / "folder"
    folder.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(backup.BackupError):
        backup._unpack(archive, folder)
    assert not (tmp_path / "outside.txt").exists()
    assert list(folder.iterdir()) == []
