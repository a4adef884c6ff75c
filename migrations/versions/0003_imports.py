"""Imports: origins, points, former addresses, runs and their reports

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
