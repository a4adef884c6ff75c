"""Files beside pictures, pictures in an order

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
