"""Search: vocabulary, whole words, parts and typos

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
