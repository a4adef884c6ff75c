"""Imports: origins, points, former addresses, runs and their reports

A migration works with the release before it: add first, remove a release later; take no long locks.
Going back leaves `comments.author_id` and `answers.author_id` nullable: what was brought along without an account
stays, and the release before does not show it.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
WORDS = {'nullable': False, 'server_default': ''}


def upgrade() -> None:
    with op.batch_alter_table('ideas') as batch:
        batch.add_column(sa.Column('lat', sa.Double(), nullable=True))
        batch.add_column(sa.Column('lon', sa.Double(), nullable=True))
    with op.batch_alter_table('idea_origins') as batch:
        batch.add_column(sa.Column('place', sa.String(), **WORDS))
        batch.add_column(sa.Column('supports', BIG, nullable=True))
    with op.batch_alter_table('answers') as batch:
        batch.alter_column('author_id', existing_type=BIG, nullable=True)
        batch.add_column(sa.Column('author_name', sa.String(), **WORDS))
    with op.batch_alter_table('comments') as batch:
        batch.alter_column('author_id', existing_type=BIG, nullable=True)
        batch.add_column(sa.Column('author_name', sa.String(), **WORDS))
        batch.create_index('ix_comments_subject_id_created_at_id', ['subject_id', 'created_at', 'id'])
    op.create_table('comment_origins',
        sa.Column('comment_id', BIG, autoincrement=False, nullable=False),
        sa.Column('subject_id', BIG, nullable=False),
        sa.Column('system', sa.String(), nullable=False),
        sa.Column('external_id', sa.String(), nullable=False),
        sa.Column('up', BIG, nullable=False),
        sa.Column('down', BIG, nullable=False),
        sa.Column('is_missing', sa.Boolean(), nullable=False),
        sa.Column('imported_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_comment_origins_comment_id')),
        sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_comment_origins_subject_id')),
        sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_origins')),
        sa.UniqueConstraint(
            'subject_id', 'system', 'external_id', name=op.f('uq_comment_origins_subject_id_system_external_id')
        ),
    )
    op.create_table('former_addresses',
        sa.Column('id', BIG, nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('subject_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_former_addresses_subject_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_former_addresses')),
        sa.UniqueConstraint('path', name=op.f('uq_former_addresses_path')),
    )
    op.create_index('ix_former_addresses_subject_id', 'former_addresses', ['subject_id'])
    _create_runs()


def _create_runs() -> None:
    op.create_table('import_runs',
        sa.Column('id', BIG, autoincrement=False, nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('author_id', BIG, nullable=True),
        sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('storage_key', sa.String(), nullable=False),
        sa.Column('target_id', BIG, nullable=False),
        sa.Column('system', sa.String(), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ('total', 'done', 'brought', 'known', 'left_out')),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ('categories', 'topics', 'ignored')),
        sa.Column('failure', sa.String(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('seen_at', MOMENT, nullable=False),
        sa.Column('started_at', MOMENT, nullable=True),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_import_runs_author_id')),
        sa.ForeignKeyConstraint(['id'], ['subjects.id'], name=op.f('fk_import_runs_id')),
        sa.ForeignKeyConstraint(['target_id'], ['subjects.id'], name=op.f('fk_import_runs_target_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs')),
    )
    op.create_index('ix_import_runs_state_seen_at', 'import_runs', ['state', 'seen_at'])
    op.create_index('ix_import_runs_system', 'import_runs', ['system'])
    op.create_table('import_problems',
        sa.Column('id', BIG, nullable=False),
        sa.Column('run_id', BIG, nullable=False),
        sa.Column('row', BIG, nullable=False),
        sa.Column('column', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('is_left_out', sa.Boolean(), nullable=False),
        sa.Column('external_id', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['run_id'], ['import_runs.id'], name=op.f('fk_import_problems_run_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_problems')),
    )
    op.create_index('ix_import_problems_run_id_id', 'import_problems', ['run_id', 'id'])


def downgrade() -> None:
    for table in ('import_problems', 'import_runs', 'former_addresses', 'comment_origins'):
        op.drop_table(table)
    with op.batch_alter_table('comments') as batch:
        batch.drop_index('ix_comments_subject_id_created_at_id')
        batch.drop_column('author_name')
    with op.batch_alter_table('answers') as batch:
        batch.drop_column('author_name')
    with op.batch_alter_table('idea_origins') as batch:
        batch.drop_column('supports')
        batch.drop_column('place')
    with op.batch_alter_table('ideas') as batch:
        batch.drop_column('lon')
        batch.drop_column('lat')
