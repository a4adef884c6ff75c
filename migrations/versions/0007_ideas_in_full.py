"""Versions of ideas, co-authors, answers to the questions of a challenge

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
