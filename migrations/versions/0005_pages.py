"""Editable pages, further formats of pictures, the language of reports and mails

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['subjects.id'], name=op.f('fk_pages_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pages')),
    sa.UniqueConstraint('key', name=op.f('uq_pages_key'))
    )
    op.create_table('page_versions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('page_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_page_versions_author_id')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_page_versions_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page_versions')),
    sa.UniqueConstraint('page_id', 'language', 'number', name=op.f('uq_page_versions_page_id_language_number'))
    )
    # Rows of before, and those the release before still writes, have WebP only and are written in German.
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.add_column(sa.Column('formats', sa.JSON(), nullable=False, server_default='["webp"]'))
    for table in ('reports', 'mails'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('language', sa.String(), nullable=False, server_default='de'))


def downgrade() -> None:
    for table in ('mails', 'reports'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('language')
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.drop_column('formats')
    op.drop_table('page_versions')
    op.drop_table('pages')
