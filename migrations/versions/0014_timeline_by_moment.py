"""The timeline is read by moment, not by id

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# SQLite uses an index of some rows only where its condition stands in the query as it is written there.
PUBLIC = {'postgresql_where': sa.text('is_public'), 'sqlite_where': sa.text('is_public = 1')}
BEFORE = {'postgresql_where': sa.text('is_public'), 'sqlite_where': sa.text('is_public')}


def upgrade() -> None:
    op.create_index('ix_activities_told', 'activities', ['at', 'id'], unique=False, **PUBLIC)
    op.drop_index('ix_activities_public', table_name='activities')


def downgrade() -> None:
    op.create_index('ix_activities_public', 'activities', ['id'], unique=False, **BEFORE)
    op.drop_index('ix_activities_told', table_name='activities')
