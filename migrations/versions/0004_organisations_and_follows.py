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

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text('accepted_at IS NULL AND withdrawn_at IS NULL')
UNDONE = sa.text('done_at IS NULL')
POSTED = ('ideas', 'challenges', 'comments')
# Who already cares follows from the first day on: authors, supporters, and both the projects made of their ideas.
FOLLOWERS = (
    """INSERT INTO follows (person_id, subject_id, because, created_at)
    SELECT author_id, id, 'own', submitted_at FROM ideas WHERE author_id IS NOT NULL AND state <> 'withdrawn'""",
    """INSERT INTO follows (person_id, subject_id, because, created_at)
    SELECT author_id, id, 'own', created_at FROM challenges WHERE author_id IS NOT NULL""",
    """INSERT INTO follows (person_id, subject_id, because, created_at)
    SELECT person_id, subject_id, 'support', created_at FROM supports WHERE true ON CONFLICT DO NOTHING""",
    """INSERT INTO follows (person_id, subject_id, via_subject_id, because, created_at)
    SELECT follows.person_id, subject_links.to_id, subject_links.from_id, follows.because, subject_links.created_at
    FROM follows JOIN subject_links ON subject_links.from_id = follows.subject_id AND subject_links.kind = 'became'
    WHERE true ORDER BY follows.id ON CONFLICT DO NOTHING""",
    """DELETE FROM follows WHERE person_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL)""",
)


def upgrade() -> None:
    op.create_table('organisations',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sort_name', sa.String(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('website', sa.String(), nullable=False),
    sa.Column('place_id', KEY, nullable=True),
    sa.Column('topic_id', KEY, nullable=True),
    sa.Column('founder_id', KEY, nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by_id', KEY, nullable=True),
    sa.ForeignKeyConstraint(['founder_id'], ['users.id'], name=op.f('fk_organisations_founder_id')),
    sa.ForeignKeyConstraint(['id'], ['subjects.id'], name=op.f('fk_organisations_id')),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_organisations_place_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_organisations_topic_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['users.id'], name=op.f('fk_organisations_verified_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisations_slug'))
    )
    op.create_index('ix_organisations_state_sort_name_id', 'organisations', ['state', 'sort_name', 'id'])
    op.create_index('ix_organisations_founder_id', 'organisations', ['founder_id'])

    op.create_table('memberships',
    sa.Column('id', KEY, nullable=False),
    sa.Column('organisation_id', KEY, nullable=False),
    sa.Column('person_id', KEY, nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_memberships_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_memberships_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('organisation_id', 'person_id', name=op.f('uq_memberships_organisation_id_person_id'))
    )
    op.create_index('ix_memberships_person_id', 'memberships', ['person_id'])

    op.create_table('invitations',
    sa.Column('id', KEY, nullable=False),
    sa.Column('organisation_id', KEY, nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('invited_by_id', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_invitations_invited_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_invitations_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_index('uq_invitations_open', 'invitations', ['organisation_id', 'email'], unique=True, postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_index('ix_invitations_expires_at', 'invitations', ['expires_at'])

    op.create_table('follows',
    sa.Column('id', KEY, nullable=False),
    sa.Column('person_id', KEY, nullable=False),
    sa.Column('subject_id', KEY, nullable=False),
    sa.Column('via_subject_id', KEY, nullable=True),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_follows_person_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_follows_subject_id')),
    sa.ForeignKeyConstraint(['via_subject_id'], ['subjects.id'], name=op.f('fk_follows_via_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follows')),
    sa.UniqueConstraint('person_id', 'subject_id', name=op.f('uq_follows_person_id_subject_id'))
    )
    for statement in FOLLOWERS:
        op.execute(statement)
    op.create_index('ix_follows_subject_id_person_id', 'follows', ['subject_id', 'person_id'])
    op.create_index('ix_follows_via_subject_id', 'follows', ['via_subject_id'])

    op.create_table('follow_settings',
    sa.Column('person_id', KEY, autoincrement=False, nullable=False),
    sa.Column('answers', sa.Boolean(), nullable=False),
    sa.Column('steps', sa.Boolean(), nullable=False),
    sa.Column('updates', sa.Boolean(), nullable=False),
    sa.Column('posts', sa.Boolean(), nullable=False),
    sa.Column('follow_supported', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_follow_settings_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_follow_settings'))
    )
    op.create_table('mailings',
    sa.Column('id', KEY, nullable=False),
    sa.Column('activity_id', KEY, nullable=False),
    sa.Column('reached_id', KEY, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', KEY, nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_mailings_activity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailings')),
    sa.UniqueConstraint('activity_id', name=op.f('uq_mailings_activity_id'))
    )
    op.create_index('ix_mailings_due', 'mailings', ['due_at'], postgresql_where=UNDONE, sqlite_where=UNDONE)

    op.create_table('project_updates',
    sa.Column('id', KEY, nullable=False),
    sa.Column('project_id', KEY, nullable=False),
    sa.Column('author_id', KEY, nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_project_updates_author_id')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_updates_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_updates'))
    )
    op.create_index('ix_project_updates_project_id_id', 'project_updates', ['project_id', 'id'])

    for table in POSTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('organisation_id', KEY, nullable=True))
            batch_op.create_foreign_key(op.f(f'fk_{table}_organisation_id'), 'organisations', ['organisation_id'], ['id'])
            batch_op.create_index(f'ix_{table}_organisation_id', ['organisation_id'], unique=False)
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unsubscribe_url', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_column('unsubscribe_url')
    for table in reversed(POSTED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f'ix_{table}_organisation_id')
            batch_op.drop_constraint(op.f(f'fk_{table}_organisation_id'), type_='foreignkey')
            batch_op.drop_column('organisation_id')
    for table in ('project_updates', 'mailings', 'follow_settings', 'follows', 'invitations', 'memberships', 'organisations'):
        op.drop_table(table)
