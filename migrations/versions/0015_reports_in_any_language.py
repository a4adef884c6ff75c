"""What reports of imports are made of, so that they are worded for whoever reads them

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('import_problems') as batch:
        batch.add_column(sa.Column('said', sa.JSON(), nullable=True))
    with op.batch_alter_table('import_runs') as batch:
        batch.add_column(sa.Column('failure_said', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('import_runs') as batch:
        batch.drop_column('failure_said')
    with op.batch_alter_table('import_problems') as batch:
        batch.drop_column('said')
