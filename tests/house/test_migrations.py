"""Models and migrations agree, forwards and backwards, on both databases."""

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, inspect, text

from app.kit.db import db
from tests.factories import world
from tests.house.source import ROOT
from tests.people import Cast

MIGRATIONS = ROOT / "migrations"


def scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def test_there_is_one_head_and_current_names_it() -> None:
    heads = scripts().get_heads()
    assert len(heads) == 1
    assert (MIGRATIONS / "CURRENT").read_text().strip() == heads[0]


def test_migrations_make_the_tables_the_models_describe(app: Flask) -> None:
    with app.app_context():
        check(str(MIGRATIONS))


@pytest.fixture
def filled(app: Flask, cast: Cast) -> Flask:
    """One thing of every kind, so that going back and forth has something to lose."""
    world.build(app)
    return app


def test_every_step_goes_down_and_up_again_and_loses_no_rows(filled: Flask) -> None:
    revisions = [script.revision for script in scripts().walk_revisions()]
    with filled.app_context():
        for revision in revisions:
            before = counts()
            assert before["alembic_version"] == 1
            downgrade(str(MIGRATIONS), "-1")
            kept = counts()
            assert {name: count for name, count in kept.items() if name != "alembic_version"} == {
                name: before[name] for name in kept if name != "alembic_version"
            }
            upgrade(str(MIGRATIONS), revision)
            assert {name: count for name, count in counts().items() if name in kept} == {
                name: before[name] for name in kept
            }
            downgrade(str(MIGRATIONS), "-1")
        upgrade(str(MIGRATIONS))


def counts() -> dict[str, int]:
    """Rows of every table."""
    with db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if "_fts" not in name]
        found = {name: _count(connection, name) for name in names}
    db.engine.dispose()
    return found


def _count(connection: Connection, table: str) -> int:
    return connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
