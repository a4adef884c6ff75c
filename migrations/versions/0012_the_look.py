"""The operator's look, in versions

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('look_versions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('after_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_look_versions_author_id')),
    sa.ForeignKeyConstraint(['id'], ['subjects.id'], name=op.f('fk_look_versions_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_look_versions')),
    sa.UniqueConstraint('after_id', name=op.f('uq_look_versions_after_id'))
    )


def downgrade() -> None:
    op.drop_table('look_versions')
