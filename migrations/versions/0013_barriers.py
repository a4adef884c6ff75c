"""Messages about barriers

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('barriers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('page', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['done_by_id'], ['users.id'], name=op.f('fk_barriers_done_by_id')),
    sa.ForeignKeyConstraint(['id'], ['subjects.id'], name=op.f('fk_barriers_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_barriers')),
    sa.UniqueConstraint('receipt', name=op.f('uq_barriers_receipt'))
    )
    op.create_index('ix_barriers_done_at_id', 'barriers', ['done_at', 'id'])


def downgrade() -> None:
    op.drop_index('ix_barriers_done_at_id', table_name='barriers')
    op.drop_table('barriers')
