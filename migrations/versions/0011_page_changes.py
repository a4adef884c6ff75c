"""What has changed for guests

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None
ROWS = 8


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    table = op.create_table('page_changes',
    sa.Column('number', big, autoincrement=False, nullable=False),
    sa.Column('prompt', big, server_default='0', nullable=False),
    sa.Column('patient', big, server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_page_changes'))
    )
    op.bulk_insert(table, [{'number': number, 'prompt': 0, 'patient': 0} for number in range(ROWS)])


def downgrade() -> None:
    op.drop_table('page_changes')
