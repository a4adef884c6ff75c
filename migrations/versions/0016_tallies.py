"""Numbers the job runner counts for pages that would take too long to count

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0016
After: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tallies',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_tallies'))
    )


def downgrade() -> None:
    op.drop_table('tallies')
