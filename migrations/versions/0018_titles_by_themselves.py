"""Words of titles in an index of their own

A word that is in most texts is in few titles: these need not be looked for among all its places. On PostgreSQL the words
of a title stand in the index once more; and it no longer asks for what SQLite looks up of each hit. The release before it
works with what comes of it.

Revision: 0018
After: 0017
"""

from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

INSERT = "INSERT INTO titles_fts(rowid, title, tags) VALUES (new.subject_id, new.title, new.tags);"
FORGET = "INSERT INTO titles_fts(titles_fts, rowid, title, tags) VALUES ('delete', old.subject_id, old.title, old.tags);"
MADE = (
    """CREATE VIRTUAL TABLE titles_fts USING fts5(
        title, tags, content='documents', content_rowid='subject_id', tokenize="unicode61 remove_diacritics 0 tokenchars '_'")""",
    f"CREATE TRIGGER titles_fts_insert AFTER INSERT ON documents BEGIN {INSERT} END",
    f"CREATE TRIGGER titles_fts_delete AFTER DELETE ON documents BEGIN {FORGET} END",
    f"CREATE TRIGGER titles_fts_update AFTER UPDATE OF title, tags ON documents BEGIN {FORGET} {INSERT} END",
    "INSERT INTO titles_fts(titles_fts) VALUES ('rebuild')",
)


LOOKED_UP = 'ix_documents_subject_id_kind_at'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for statement in MADE:
            op.execute(statement)
    else:
        op.drop_index(LOOKED_UP, table_name='documents')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('insert', 'delete', 'update'):
            op.execute(f"DROP TRIGGER titles_fts_{act}")
        op.execute("DROP TABLE titles_fts")
    else:
        op.create_index(LOOKED_UP, 'documents', ['subject_id', 'kind', 'at'])
