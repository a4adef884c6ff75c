"""No index of what led to follows

Nothing was looked up in it: what a vote taken back ends is found among its person's follows. Each vote wrote to it.
The release before it works with what comes of it.

Revision: 0020
After: 0019
"""

from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_follows_via_subject_id', 'follows')


def downgrade() -> None:
    op.create_index('ix_follows_via_subject_id', 'follows', ['via_subject_id'])
