"""What is similar, easy language, figures of an author

A migration works with the release before it: add first, remove a release later; take no long locks.

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
