"""Search: vocabulary, whole words, parts and typos

A migration works with the release before it: add first, remove a release later; take no long locks.
The index is made anew: words of the title are told from others (weight A), tags stand in it too. Documents are
written anew by `flask init`, which sees their format.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# Compared letter by letter, whatever language the database sorts by.
PLAIN = sa.String().with_variant(sa.String(collation='C'), 'postgresql')

COLUMNS = ('tags', 'heading', 'slug', 'shown')


def fts(table: str, columns: tuple[str, ...], key: str, options: str) -> list[str]:
    """An FTS5 table over a table's columns, kept by triggers."""
    names, new, old = (', '.join(f'{prefix}{name}' for name in columns) for prefix in ('', 'new.', 'old.'))
    insert = f"INSERT INTO {table}_fts(rowid, {names}) VALUES (new.{key}, {new});"
    forget = f"INSERT INTO {table}_fts({table}_fts, rowid, {names}) VALUES ('delete', old.{key}, {old});"
    return [
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5({names}, content='{table}', content_rowid='{key}', {options})",
        f"CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN {insert} END",
        f"CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_fts_update AFTER UPDATE OF {names} ON {table} BEGIN {forget} {insert} END",
        f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')",
    ]


def drop_fts(table: str) -> list[str]:
    return [*(f"DROP TRIGGER {table}_fts_{act}" for act in ('insert', 'delete', 'update')), f"DROP TABLE {table}_fts"]


WORDS_BEFORE = "to_tsvector('simple', title) || to_tsvector('simple', body)"
WORDS = """setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', body)
           || array_to_tsvector(string_to_array(ltrim(tags || ' =' || replace(title, ' ', ' =')), ' '))"""


def words_column(expression: str) -> list[str]:
    return [
        "DROP INDEX ix_documents_words",
        "ALTER TABLE documents DROP COLUMN words",
        f"ALTER TABLE documents ADD COLUMN words tsvector GENERATED ALWAYS AS ({expression}) STORED",
        # Without fastupdate: its pending list would be read through by every search until the next vacuum.
        "CREATE INDEX ix_documents_words ON documents USING gin (words) WITH (fastupdate = off)",
    ]


# pg_trgm is trusted since PostgreSQL 13, but may not be installed; without it parts of compounds are found slowly.
TRIGRAMS = """DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_vocabulary_stem_trigrams ON vocabulary USING gin (stem gin_trgm_ops) WITH (fastupdate = off);
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RAISE NOTICE 'pg_trgm is not available: parts of compounds are looked up without an index';
END $$"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    op.create_table('vocabulary',
    sa.Column('id', ID, nullable=False),
    sa.Column('word', PLAIN, nullable=False),
    sa.Column('folded', PLAIN, nullable=False),
    sa.Column('backwards', PLAIN, nullable=False),
    sa.Column('stem', PLAIN, nullable=False),
    sa.Column('documents', ID, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary')),
    sa.UniqueConstraint('word', name=op.f('uq_vocabulary_word'))
    )
    op.create_index('ix_vocabulary_folded', 'vocabulary', ['folded'])
    op.create_index('ix_vocabulary_backwards', 'vocabulary', ['backwards'])
    op.create_index('ix_vocabulary_stem_documents', 'vocabulary', ['stem', 'documents'])
    for name in COLUMNS:
        op.add_column('documents', sa.Column(name, sa.String(), server_default='', nullable=False))
    op.add_column('documents', sa.Column('format', ID, server_default='1', nullable=False))
    op.create_index('ix_documents_subject_id_kind_at', 'documents', ['subject_id', 'kind', 'at'])
    if is_sqlite:
        statements = [
            *drop_fts('documents'),
            *fts('documents', ('title', 'body', 'tags'), 'subject_id', "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\""),
            "CREATE VIRTUAL TABLE documents_fts_terms USING fts5vocab(documents_fts, row)",
            *fts('vocabulary', ('stem',), 'id', "tokenize='trigram'"),
        ]
    else:
        statements = [*words_column(WORDS), TRIGRAMS]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        before = fts('documents', ('title', 'body'), 'subject_id', "tokenize='unicode61'")
        statements = ["DROP TABLE documents_fts_terms", *drop_fts('vocabulary'), *drop_fts('documents')]
    else:
        before, statements = [], words_column(WORDS_BEFORE)
    for statement in statements:
        op.execute(statement)
    op.drop_table('vocabulary')
    op.drop_index('ix_documents_subject_id_kind_at', table_name='documents')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        for name in ('format', *reversed(COLUMNS)):
            batch_op.drop_column(name)
    for statement in before:
        op.execute(statement)
