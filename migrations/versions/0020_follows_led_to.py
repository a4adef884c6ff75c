"""What led to a follow, only where something did

Hardly any follow has it, but each vote wrote to its index. PostgreSQL reads it where a vote is taken back.
The release before it works with what comes of it.

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = 'ix_follows_via_subject_id', 'follows', ['via_subject_id']
LED = sa.text('via_subject_id IS NOT NULL')


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS, sqlite_where=LED, postgresql_where=LED)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS)
