"""Organisations, follows, updates of projects

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
