"""Files beside pictures, pictures in an order, drafts with a version

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

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('pictures', sa.Column('is_decorative', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('pictures', sa.Column('position', KEY, server_default='0', nullable=False))
    op.create_index('ix_pictures_uploader_id', 'pictures', ['uploader_id'])
    op.add_column('drafts', sa.Column('version', KEY, server_default='1', nullable=False))
    op.create_table('files',
    sa.Column('id', KEY, nullable=False),
    sa.Column('subject_id', KEY, nullable=True),
    sa.Column('uploader_id', KEY, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('size', KEY, nullable=False),
    sa.Column('is_listed', sa.Boolean(), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_files_subject_id')),
    sa.ForeignKeyConstraint(['uploader_id'], ['users.id'], name=op.f('fk_files_uploader_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_files')),
    sa.UniqueConstraint('key', name=op.f('uq_files_key'))
    )
    for column in ('subject_id', 'created_at', 'uploader_id'):
        op.create_index(f'ix_files_{column}', 'files', [column])
    with op.batch_alter_table('question_answers') as batch:
        batch.create_foreign_key(op.f('fk_question_answers_file_id'), 'files', ['file_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('question_answers') as batch:
        batch.drop_constraint(op.f('fk_question_answers_file_id'), type_='foreignkey')
    op.drop_table('files')
    with op.batch_alter_table('drafts') as batch:
        batch.drop_column('version')
    op.drop_index('ix_pictures_uploader_id', 'pictures')
    with op.batch_alter_table('pictures') as batch:
        batch.drop_column('position')
        batch.drop_column('is_decorative')
