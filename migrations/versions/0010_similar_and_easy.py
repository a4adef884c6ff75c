"""What is similar, easy language, figures of an author

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None
COLUMNS = {'ideas': ('easy_text', 'different_because'), 'challenges': ('easy_text',)}


def upgrade() -> None:
    op.create_table('daily_views',
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_daily_views_subject_id')),
    sa.PrimaryKeyConstraint('subject_id', 'day', name=op.f('pk_daily_views'))
    )
    for table, names in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    for table, names in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
    op.drop_table('daily_views')
