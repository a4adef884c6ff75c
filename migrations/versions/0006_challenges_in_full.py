"""Challenges with phases, questions, criteria, news, hosts and a closing statement

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
