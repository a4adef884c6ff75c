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

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.add_column('ideas', sa.Column('version', KEY, server_default='1', nullable=False))
    op.add_column('ideas', sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('ideas', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('idea_versions',
    sa.Column('id', KEY, nullable=False),
    sa.Column('idea_id', KEY, nullable=False),
    sa.Column('number', KEY, nullable=False),
    sa.Column('author_id', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('solution', sa.String(), nullable=False),
    sa.Column('benefit', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_idea_versions_author_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_idea_versions_idea_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_versions')),
    sa.UniqueConstraint('idea_id', 'number', name=op.f('uq_idea_versions_idea_id_number'))
    )

    op.create_table('question_answers',
    sa.Column('id', KEY, nullable=False),
    sa.Column('idea_id', KEY, nullable=False),
    sa.Column('question_id', KEY, nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('number', sa.Double(), nullable=True),
    sa.Column('file_id', KEY, nullable=True),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_question_answers_idea_id')),
    sa.ForeignKeyConstraint(['question_id'], ['challenge_questions.id'], name=op.f('fk_question_answers_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_answers')),
    sa.UniqueConstraint('idea_id', 'question_id', name=op.f('uq_question_answers_idea_id_question_id'))
    )

    op.create_table('coauthors',
    sa.Column('id', KEY, nullable=False),
    sa.Column('idea_id', KEY, nullable=False),
    sa.Column('person_id', KEY, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_coauthors_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_coauthors_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coauthors')),
    sa.UniqueConstraint('idea_id', 'person_id', name=op.f('uq_coauthors_idea_id_person_id'))
    )
    op.create_index('ix_coauthors_person_id', 'coauthors', ['person_id'])

    op.create_table('coauthor_invitations',
    sa.Column('id', KEY, nullable=False),
    sa.Column('idea_id', KEY, nullable=False),
    sa.Column('invitee', sa.String(), nullable=False),
    sa.Column('person_id', KEY, nullable=True),
    sa.Column('invited_by_id', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_coauthor_invitations_idea_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_coauthor_invitations_invited_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_coauthor_invitations_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coauthor_invitations'))
    )
    op.create_index(
        'uq_coauthor_invitations_open',
        'coauthor_invitations',
        ['idea_id', 'invitee'],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index('ix_coauthor_invitations_invitee', 'coauthor_invitations', ['invitee'])
    op.create_index(
        'ix_coauthor_invitations_invited_by_id_created_at', 'coauthor_invitations', ['invited_by_id', 'created_at']
    )

    op.create_table('idea_contacts',
    sa.Column('id', KEY, nullable=False),
    sa.Column('idea_id', KEY, nullable=False),
    sa.Column('person_id', KEY, nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_idea_contacts_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_idea_contacts_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_contacts')),
    sa.UniqueConstraint('idea_id', 'person_id', name=op.f('uq_idea_contacts_idea_id_person_id'))
    )
    op.create_index('ix_idea_contacts_person_id', 'idea_contacts', ['person_id'])


def downgrade() -> None:
    op.drop_table('idea_contacts')
    op.drop_table('coauthor_invitations')
    op.drop_table('coauthors')
    op.drop_table('question_answers')
    op.drop_table('idea_versions')
    with op.batch_alter_table('ideas') as batch:
        batch.drop_column('withdrawn_at')
        batch.drop_column('edited_at')
        batch.drop_column('version')
