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

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("status = 'open'")
UNTOLD_BEGIN, UNTOLD_END = sa.text('began_at IS NULL'), sa.text('ended_at IS NULL')
WORDS = ('affected', 'known', 'contact_name', 'contact_role', 'contact_email')
TABLES = (
    'outcomes', 'closings', 'challenge_hosts', 'challenge_news', 'challenge_links', 'challenge_criteria',
    'challenge_questions', 'challenge_phases', 'challenge_places', 'challenge_topics',
)


def upgrade() -> None:
    with op.batch_alter_table('challenges', schema=None) as batch_op:
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sdgs', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('voting_method', sa.String(), nullable=False, server_default='support'))
        batch_op.add_column(sa.Column('votes_each', KEY, nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('status', sa.String(), nullable=False, server_default='open'))
        batch_op.add_column(sa.Column('preview_token', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('answered_at', MOMENT, nullable=True))
        batch_op.create_unique_constraint(op.f('uq_challenges_preview_token'), ['preview_token'])
    # Those whose time has passed closed long ago: no news to anyone.
    op.execute("UPDATE challenges SET status = 'closed' WHERE ends_at IS NOT NULL AND ends_at <= CURRENT_TIMESTAMP")
    op.create_index('ix_challenges_to_close', 'challenges', ['ends_at'], postgresql_where=OPEN, sqlite_where=OPEN)
    _create_sets()
    _create_phases()
    _create_questions()
    _create_words()
    _create_closings()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    # The release before knows no drafts; what waits is as little public.
    op.execute("UPDATE challenges SET state = 'pending' WHERE state = 'draft'")
    op.drop_index('ix_challenges_to_close', table_name='challenges', postgresql_where=OPEN, sqlite_where=OPEN)
    with op.batch_alter_table('challenges', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_challenges_preview_token'), type_='unique')
        for name in (*WORDS, 'sdgs', 'voting_method', 'votes_each', 'status', 'preview_token', 'answered_at'):
            batch_op.drop_column(name)


def _create_sets() -> None:
    for table, thing, others in (('challenge_topics', 'topic', 'topics'), ('challenge_places', 'place', 'places')):
        op.create_table(table,
        sa.Column('challenge_id', KEY, autoincrement=False, nullable=False),
        sa.Column(f'{thing}_id', KEY, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f(f'fk_{table}_challenge_id')),
        sa.ForeignKeyConstraint([f'{thing}_id'], [f'{others}.id'], name=op.f(f'fk_{table}_{thing}_id')),
        sa.PrimaryKeyConstraint('challenge_id', f'{thing}_id', name=op.f(f'pk_{table}'))
        )
    op.create_index('ix_challenge_topics_topic_id', 'challenge_topics', ['topic_id'])


def _create_phases() -> None:
    op.create_table('challenge_phases',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('starts_at', MOMENT, nullable=True),
    sa.Column('ends_at', MOMENT, nullable=True),
    sa.Column('acts', KEY, nullable=False),
    sa.Column('began_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_phases_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_phases'))
    )
    op.create_index('ix_challenge_phases_challenge_id', 'challenge_phases', ['challenge_id'])
    op.create_index('ix_challenge_phases_to_begin', 'challenge_phases', ['starts_at'], postgresql_where=UNTOLD_BEGIN, sqlite_where=UNTOLD_BEGIN)
    op.create_index('ix_challenge_phases_to_end', 'challenge_phases', ['ends_at'], postgresql_where=UNTOLD_END, sqlite_where=UNTOLD_END)


def _create_questions() -> None:
    op.create_table('challenge_questions',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('hint', sa.String(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('retired_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_questions_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_questions'))
    )
    op.create_index('ix_challenge_questions_challenge_id', 'challenge_questions', ['challenge_id'])
    op.create_table('challenge_criteria',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('weight', KEY, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_criteria_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_criteria'))
    )
    op.create_index('ix_challenge_criteria_challenge_id', 'challenge_criteria', ['challenge_id'])


def _create_words() -> None:
    op.create_table('challenge_links',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_links_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_links'))
    )
    op.create_index('ix_challenge_links_challenge_id', 'challenge_links', ['challenge_id'])
    op.create_table('challenge_news',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('author_id', KEY, nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('edited_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_challenge_news_author_id')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_news_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_news'))
    )
    op.create_index('ix_challenge_news_challenge_id_id', 'challenge_news', ['challenge_id', 'id'])
    op.create_table('challenge_hosts',
    sa.Column('id', KEY, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('organisation_id', KEY, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('invited_by_id', KEY, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_challenge_hosts_challenge_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_challenge_hosts_invited_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_challenge_hosts_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_hosts')),
    sa.UniqueConstraint('challenge_id', 'organisation_id', name=op.f('uq_challenge_hosts_challenge_id_organisation_id'))
    )
    op.create_index('ix_challenge_hosts_organisation_id', 'challenge_hosts', ['organisation_id'])


def _create_closings() -> None:
    op.create_table('closings',
    sa.Column('challenge_id', KEY, autoincrement=False, nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('author_id', KEY, nullable=True),
    sa.Column('saved_at', MOMENT, nullable=False),
    sa.Column('published_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_closings_author_id')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_closings_challenge_id')),
    sa.PrimaryKeyConstraint('challenge_id', name=op.f('pk_closings'))
    )
    op.create_table('outcomes',
    sa.Column('idea_id', KEY, autoincrement=False, nullable=False),
    sa.Column('challenge_id', KEY, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('passed_to', sa.String(), nullable=False),
    sa.Column('told_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenges.id'], name=op.f('fk_outcomes_challenge_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['ideas.id'], name=op.f('fk_outcomes_idea_id')),
    sa.PrimaryKeyConstraint('idea_id', name=op.f('pk_outcomes'))
    )
    op.create_index('ix_outcomes_challenge_id_idea_id', 'outcomes', ['challenge_id', 'idea_id'])
